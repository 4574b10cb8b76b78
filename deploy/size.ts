// node deploy/go.mjs deploy/size.ts: builds what browsers run and weighs it (gzip -9) against .ci/budgets.json. Over `must` fails;
// over `aim` is only said.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildBrowserCode } from './build.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Budget {
  files: string[];
  must: number;
  aim: number;
}
export interface Weighed extends Budget {
  name: string;
  bytes: number;
}

/** @throws when a pattern fits no file or several: then the budget would weigh something else than it says */
export function weigh(root = ROOT): Weighed[] {
  const budgets = JSON.parse(readFileSync(join(root, '.ci/budgets.json'), 'utf8')) as Record<string, Budget>;
  return Object.entries(budgets).map(([name, budget]) => ({
    name,
    ...budget,
    bytes: budget.files.reduce((sum, pattern) => sum + gzipped(root, pattern), 0),
  }));
}

function gzipped(root: string, pattern: string): number {
  const found = globSync(pattern, { cwd: root });
  const [file] = found;
  if (file === undefined || found.length > 1)
    throw new Error(
      `.ci/budgets.json: ${pattern} fits ${found.length} files, one is expected; build again or correct it`,
    );
  return gzipSync(readFileSync(join(root, file)), { level: 9 }).length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildBrowserCode();
  for (const { name, bytes, must, aim } of weigh()) {
    const verdict = bytes > must ? 'TOO LARGE' : bytes > aim ? `fits, aim ${aim}` : 'fits';
    process.stdout.write(`${name}: ${bytes} of ${must} bytes, ${verdict}\n`);
    if (bytes > must) process.exitCode = 1;
  }
}
