// What of others is shipped, and under which licences, out of package-lock.json and the installed packages: no network is asked.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run-node.ts';

/** Licences under which a package may be shipped beside Apache-2.0 code without a condition but to name it; MPL-2.0 holds for its own files alone. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Unlicense',
]);
/** Packages that only build or test may also carry these. */
const ALLOWED_FOR_TOOLS = new Set([...ALLOWED, 'CC-BY-4.0', 'CC0-1.0', 'Python-2.0']);

export interface Package {
  name: string;
  version: string;
  licence: string;
  tool: boolean;
  /** Its folder, from the project's root. */
  path: string;
  /** Installed on some machines only, so its text may not be at hand. */
  somewhere: boolean;
}

interface LockEntry {
  version?: string;
  license?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
}

export function packages(lock: { packages: Record<string, LockEntry> } = readLock()): Package[] {
  const found = Object.entries(lock.packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .map(([path, { version = '', license = olderWay(path), dev = false, optional = false }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
      tool: dev,
      path,
      somewhere: optional,
    }));
  return found.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

/** Packages of long ago name their licences in a list, which a lock file does not repeat. */
function olderWay(path: string): string {
  const file = join(ROOT, path, 'package.json');
  if (!existsSync(file)) return 'none';
  const { licenses = [] } = JSON.parse(readFileSync(file, 'utf8')) as { licenses?: { type: string }[] };
  return licenses.map(({ type }) => type).join(' AND ') || 'none';
}

const readLock = (): { packages: Record<string, LockEntry> } =>
  JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));

/** Is one of the licences that an expression leaves to choose allowed, or all that it demands? */
export function isAllowed(expression: string, tool = false): boolean {
  const allowed = tool ? ALLOWED_FOR_TOOLS : ALLOWED;
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence.trim())));
}
