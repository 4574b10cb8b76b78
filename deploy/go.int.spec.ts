import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { eventually } from '@continuo/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const HERE = import.meta.dirname;
const NOBODY_LISTENS = 'http://127.0.0.1:9/';

/** A checkout of its own, with one package in the lock file that needs no network. */
let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'continuo-go-'));
  await mkdir(join(checkout, 'deploy'));
  await mkdir(join(checkout, 'libs', 'own'), { recursive: true });
  for (const file of ['go.mjs', 'setup.mjs']) await copyFile(join(HERE, file), join(checkout, 'deploy', file));
  await writeFile(join(checkout, 'libs/own/package.json'), JSON.stringify({ name: 'own', version: '1.0.0' }));
  await writeLock({});
});
afterEach(() => rm(checkout, { recursive: true, force: true }));

test('the exit code and the arguments go through', async () => {
  const { code, out } = await go(['-e', 'console.log(process.argv.slice(1).join()); process.exit(3)', 'a', 'b']);
  expect({ code, out }).toEqual({ code: 3, out: 'a,b\n' });
});

test('a signal reaches the program, which decides how to end', async () => {
  const child = start([
    '-e',
    "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log()",
  ]);
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([7, null]);
});

test('of two that start at once one installs and the other waits for it', async () => {
  const both = await Promise.all([go(['-e', '0']), go(['-e', '0'])]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.filter(({ err }) => err.includes('packages installed'))).toHaveLength(1);
  expect((await go(['-e', '0'])).err).toBe('');
});

test('a changed lock file is installed by the next start', async () => {
  await go(['-e', '0']);
  await mkdir(join(checkout, 'libs', 'more'));
  await writeFile(join(checkout, 'libs/more/package.json'), JSON.stringify({ name: 'more', version: '1.0.0' }));
  await writeLock({ 'libs/more': { name: 'more', version: '1.0.0' }, 'node_modules/more': link('libs/more') });
  expect((await go(['-e', '0'])).err).toContain('packages installed');
  expect(await readFile(join(checkout, 'node_modules/more/package.json'), 'utf8')).toContain('more');
});

test('an installation that was killed does not stop the next one', async () => {
  const killed = spawn('true');
  await once(killed, 'exit');
  await mkdir(join(checkout, '.cache'));
  await writeFile(join(checkout, '.cache/installing'), String(killed.pid));
  expect((await go(['-e', '0'])).code).toBe(0);
});

test('who is ended while he installs ends npm first, and the next one may install', async () => {
  const bin = join(checkout, 'bin');
  await mkdir(bin);
  const npm = `#!/bin/sh\ntrap 'echo > "${checkout}/npm-ended"; exit 1' TERM\necho > "${checkout}/npm-began"\nwhile :; do sleep 0.1; done\n`;
  await writeFile(join(bin, 'npm'), npm, { mode: 0o755 });
  const ended = start(['-e', '0'], { PATH: `${bin}:${process.env['PATH']}` });
  let said = '';
  ended.stderr.on('data', (text) => {
    said += text;
  });
  const over = once(ended, 'close');
  await eventually(() => readFile(join(checkout, 'npm-began')));
  ended.kill('SIGTERM');
  expect(await over).toEqual([1, null]);
  expect(said).toContain('Installing the packages was ended: run the command again, it begins anew.\n');
  await readFile(join(checkout, 'npm-ended'));
  expect((await go(['-e', '0'])).code).toBe(0);
});

test('without npm one sentence says so', async () => {
  const bin = join(checkout, 'bin');
  await mkdir(bin);
  await symlink(process.execPath, join(bin, 'node'));
  const { code, err } = await go(['-e', '0'], { PATH: bin });
  expect(code).toBe(1);
  expect(err).toContain('npm is missing: install it (it comes with Node) and try again.\n');
});

test('without a network one sentence says so', async () => {
  await writeLock(
    { 'node_modules/far': { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` } },
    { far: '1.0.0' },
  );
  const env = {
    npm_config_registry: NOBODY_LISTENS,
    npm_config_fetch_retries: '0',
    npm_config_cache: join(checkout, 'c'),
  };
  const { code, err } = await go(['-e', '0'], env);
  expect(code).toBe(1);
  expect(err).toContain('The package registry cannot be reached: check the network');
});

async function writeLock(more: Record<string, object>, dependencies: Record<string, string> = {}) {
  const root = { name: 'checkout', version: '1.0.0', workspaces: ['libs/*'], dependencies };
  const own = { 'libs/own': { name: 'own', version: '1.0.0' }, 'node_modules/own': link('libs/own') };
  const lock = { name: 'checkout', version: '1.0.0', lockfileVersion: 3, requires: true };
  await writeFile(join(checkout, 'package.json'), JSON.stringify(root));
  const content = { ...lock, packages: { '': root, ...own, ...more } };
  await writeFile(join(checkout, 'package-lock.json'), JSON.stringify(content));
}

function link(resolved: string) {
  return { resolved, link: true };
}

function start(args: string[], more: NodeJS.ProcessEnv = {}) {
  // As from a shell: not as a child of the npm that runs the tests.
  const { npm_execpath: _file, npm_node_execpath: _node, ...env } = process.env;
  const PATH = `${dirname(process.execPath)}:${env.PATH}`;
  const go = join(checkout, 'deploy/go.mjs');
  return spawn(process.execPath, [go, ...args], { env: { ...env, PATH, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function go(args: string[], more?: NodeJS.ProcessEnv) {
  const child = start(args, more);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}
