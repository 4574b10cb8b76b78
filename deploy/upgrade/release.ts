// A commit of this project in a folder of its own, with what it takes to run: the packages of this checkout where it locks the same ones, else its own.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../run-node.ts';

const run = promisify(execFile);
export const BEFORE = 'HEAD^';

/** @returns its full name @throws in one sentence why there is none */
export async function commitNamed(name: string, repository = ROOT): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', ['-C', repository, ...args])).stdout.trim();
  const found = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).catch(() => '');
  if (found) return found;
  const shallow = await git('rev-parse', '--is-shallow-repository').catch(() => undefined);
  if (shallow === undefined)
    throw new Error('This is no git repository, or there is no git here: nobody knows the release before this one.');
  if (shallow === 'true')
    throw new Error(
      `This clone is shallow and does not hold ${name}: fetch more of it first (git fetch --deepen=1, or --unshallow).`,
    );
  if (name === BEFORE)
    throw new Error('This is the first commit: there is no release before it whose data could be brought up.');
  throw new Error(`There is no commit ${name} here.`);
}

/** Puts the commit there, ready to run. */
export async function checkOut(commit: string, folder: string, repository = ROOT): Promise<void> {
  await mkdir(folder, { recursive: true });
  const archive = spawn('git', ['-C', repository, 'archive', commit], { stdio: ['ignore', 'pipe', 'inherit'] });
  const unpack = spawn('tar', ['-x', '-C', folder], { stdio: [archive.stdout, 'inherit', 'inherit'] });
  for (const [code] of await Promise.all([once(archive, 'exit'), once(unpack, 'exit')]))
    if (code !== 0) throw new Error(`The files of ${commit} could not be taken out of the repository.`);
  const lock = (place: string): Promise<string> => readFile(join(place, 'package-lock.json'), 'utf8');
  if ((await lock(folder)) === (await lock(ROOT))) await borrowPackages(folder);
  else await (await itsSetup(folder)).setup();
}

/** Of a release: how it gets its packages, and which Node it runs on. */
export const itsSetup = (folder: string): Promise<typeof import('../setup.mjs')> =>
  import(pathToFileURL(join(folder, 'deploy/setup.mjs')).href);

/** Links to each package, and links of its own to its own workspaces: those of ours would lead back here. */
async function borrowPackages(folder: string): Promise<void> {
  const [libs, services] = await Promise.all(['libs', 'services'].map((group) => readdir(join(folder, group))));
  const workspaces = [
    ...(libs ?? []).map((name) => join('libs', name)),
    ...(services ?? []).map((name) => join('services', name)),
    ...['services/gateway/widget', 'services/gateway/console', 'deploy'],
  ];
  for (const workspace of workspaces.map((each) => join(each, 'node_modules')))
    if (existsSync(join(ROOT, workspace))) await symlink(join(ROOT, workspace), join(folder, workspace));
  const packages = join(folder, 'node_modules');
  await mkdir(join(packages, '@continuo'), { recursive: true });
  for (const name of await readdir(join(ROOT, 'node_modules')))
    if (name !== '@continuo') await symlink(join(ROOT, 'node_modules', name), join(packages, name));
  for (const name of await readdir(join(ROOT, 'node_modules/@continuo')))
    await symlink(await readlink(join(ROOT, 'node_modules/@continuo', name)), join(packages, '@continuo', name));
}
