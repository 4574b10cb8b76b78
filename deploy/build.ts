// node deploy/go.mjs deploy/build.ts: builds what browsers run, widget and console. A project whose sources are what they were at its
// last build is skipped, so this may stand before every start. `--force` builds all.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { press } from './press.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What goes into every bundle besides the project's own folder. */
const SHARED = ['libs/contracts/src', 'libs/transcript/src', 'package-lock.json', 'deploy/build.ts', 'deploy/press.ts'];
const NOT_SOURCES = /^(dist|node_modules|\.vite)$|\.spec\.ts$/;

interface Project {
  name: string;
  folder: string;
  build(): Promise<void>;
}
const PROJECTS: Project[] = [
  {
    name: 'widget',
    folder: 'services/gateway/widget',
    build: async () => (await import('../services/gateway/widget/build.ts')).buildWidget(),
  },
  {
    name: 'console',
    folder: 'services/gateway/console',
    async build() {
      const { build } = await import('vite');
      await build({ configFile: join(ROOT, this.folder, 'vite.config.ts'), logLevel: 'warn' });
    },
  },
];

/** Builds what has changed. @returns the names of the projects that were built */
export async function buildBrowserCode({ force = false } = {}): Promise<string[]> {
  const built: string[] = [];
  // Whoever asks for it: under jest, which says `test`, libraries would come with their warnings for developers, and stay.
  process.env['NODE_ENV'] = 'production';
  for (const project of PROJECTS) {
    const stamp = join(ROOT, project.folder, 'dist', '.built-from');
    const sources = await fingerprint([project.folder, ...SHARED]);
    if (!force && existsSync(stamp) && (await readFile(stamp, 'utf8')) === sources) continue;
    await project.build();
    await press(join(ROOT, project.folder, 'dist'));
    await writeFile(stamp, sources);
    built.push(project.name);
  }
  return built;
}

async function fingerprint(paths: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) await digest(join(ROOT, path), path, hash);
  return hash.digest('hex');
}

async function digest(file: string, name: string, hash: ReturnType<typeof createHash>): Promise<void> {
  const entries = await readdir(file, { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    hash
      .update(`${name}\0`)
      .update(await readFile(file))
      .update('\0');
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (!NOT_SOURCES.test(entry.name)) await digest(join(file, entry.name), `${name}/${entry.name}`, hash);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const began = Date.now();
  const built = await buildBrowserCode({ force: process.argv.includes('--force') });
  const words =
    built.length > 0 ? `built ${built.join(' and ')} in ${Date.now() - began} ms` : 'widget and console are up to date';
  process.stdout.write(`${words}\n`);
}
