// node deploy/go.mjs deploy/size.ts: builds what browsers run and weighs it (gzip -9) against .ci/budgets.json. Over `must` fails;
// over `aim` is only said. So does a file of the widget that no budget weighs.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildBrowserCode } from './build.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Folders of which a visitor may get any file. */
const WEIGHED = ['services/gateway/widget/dist/*.{js,html}', 'services/gateway/widget/dist/assets/*.js'];

interface Budget {
  files: string[];
  /** A pattern fits several, of which a visitor gets one: the heaviest counts. */
  oneOf?: boolean;
  must: number;
  aim: number;
}
export interface Weighed extends Budget {
  name: string;
  bytes: number;
}

/** @throws when a pattern fits no file or several, or a file fits no pattern: then the budgets would weigh something else than they say */
export function weigh(root = ROOT): Weighed[] {
  const budgets = JSON.parse(readFileSync(join(root, '.ci/budgets.json'), 'utf8')) as Record<string, Budget>;
  const weighed = new Set<string>();
  const gzipped = (pattern: string, oneOf: boolean): number => {
    const found = globSync(pattern, { cwd: root });
    if (found.length === 0 || (found.length > 1 && !oneOf))
      throw new Error(
        `.ci/budgets.json: ${pattern} fits ${found.length} files, one is expected; build again or correct it`,
      );
    for (const file of found) weighed.add(file);
    return Math.max(...found.map((file) => gzipSync(readFileSync(join(root, file)), { level: 9 }).length));
  };
  const all = Object.entries(budgets).map(([name, budget]) => ({
    name,
    ...budget,
    bytes: budget.files.reduce((sum, pattern) => sum + gzipped(pattern, budget.oneOf === true), 0),
  }));
  const left = WEIGHED.flatMap((pattern) => globSync(pattern, { cwd: root })).filter((file) => !weighed.has(file));
  if (left.length > 0) throw new Error(`.ci/budgets.json: nothing weighs ${left.sort().join(', ')}`);
  return all;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildBrowserCode();
  for (const { name, bytes, must, aim } of weigh()) {
    const verdict = bytes > must ? 'TOO LARGE' : bytes > aim ? `fits, aim ${aim}` : 'fits';
    process.stdout.write(`${name}: ${bytes} of ${must} bytes, ${verdict}\n`);
    if (bytes > must) process.exitCode = 1;
  }
}
