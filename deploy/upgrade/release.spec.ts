import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BEFORE, checkOut, commitNamed } from './release.ts';

let folder: string;
const git = (place: string, ...words: string[]): string =>
  execFileSync('git', ['-C', join(folder, place), '-c', 'user.name=a', '-c', 'user.email=a@b.example', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
const commit = (words: string): string => git('whole', 'commit', '--quiet', '--allow-empty', '--message', words);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-release-'));
  git('.', 'init', '--quiet', 'whole');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('without a commit before there is nothing to upgrade from, and that is said in words', async () => {
  commit('first');
  await expect(commitNamed(BEFORE, join(folder, 'whole'))).rejects.toThrow('This is the first commit');
  await expect(commitNamed(BEFORE, tmpdir())).rejects.toThrow('This is no git repository');
});

test('the commit before is found, and one that is named; one that is not there is told', async () => {
  const first = git('whole', 'rev-parse', 'HEAD');
  commit('second');
  expect(await commitNamed(BEFORE, join(folder, 'whole'))).toBe(first);
  expect(await commitNamed(first.slice(0, 12), join(folder, 'whole'))).toBe(first);
  await expect(commitNamed('v9.9.9', join(folder, 'whole'))).rejects.toThrow('There is no commit v9.9.9 here.');
  await expect(commitNamed('--all', join(folder, 'whole'))).rejects.toThrow('There is no commit --all here.');
});

test('a shallow clone says that it is one', async () => {
  git('.', 'clone', '--quiet', '--depth=1', pathToFileURL(join(folder, 'whole')).href, 'shallow');
  await expect(commitNamed(BEFORE, join(folder, 'shallow'))).rejects.toThrow('This clone is shallow');
});

test('a release that locks other packages gets them by its own set-up, in its own folder', async () => {
  await mkdir(join(folder, 'whole/deploy'), { recursive: true });
  await writeFile(join(folder, 'whole/package-lock.json'), '{}');
  await writeFile(
    join(folder, 'whole/deploy/setup.mjs'),
    "import { mkdirSync } from 'node:fs';\nexport const setup = async () => mkdirSync(new URL('../node_modules', import.meta.url));\n",
  );
  git('whole', 'add', '.');
  commit('third');
  const release = join(folder, 'release');
  await checkOut(git('whole', 'rev-parse', 'HEAD'), release, join(folder, 'whole'));
  expect(existsSync(join(release, 'node_modules'))).toBe(true);
});
