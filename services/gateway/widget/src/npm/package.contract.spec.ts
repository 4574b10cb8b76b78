// The package as a stranger gets it: packed, installed into an empty project without any registry, type-checked there and run where there is no document.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const PACKAGE = fileURLToPath(new URL('../../dist/npm', import.meta.url));
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const USE = `
import { Continuo, type Call, load } from '@continuo/widget';
load({ gateway: 'https://chat.example', site: 'SITE_ID', nonce: 'abc' });
Continuo('on', 'unread', (count) => count.toFixed());
Continuo('on', 'ready', () => {});
Continuo('track', 'compare', { desks: 3 });
Continuo('shutdown', { forget: true });
const calls: Call[] = [['goal', 'order', { value: 890, currency: 'EUR' }]];
for (const call of calls) Continuo(...call);
window.Continuo?.('open');
// @ts-expect-error: a count is no text
Continuo('on', 'unread', (count) => count.length);
// @ts-expect-error: there is no such event
Continuo('on', 'opened', () => {});
// @ts-expect-error: there is no such call
window.Continuo?.('hide');
// @ts-expect-error: a cart has items
Continuo('cart', { total: 3 });
`;

test('an empty project installs the packed package offline, type-checks what it says to it, and imports it on a server', async () => {
  const project = await mkdtemp(join(tmpdir(), 'continuo-npm-'));
  await using _gone = { [Symbol.asyncDispose]: () => rm(project, { recursive: true, force: true }) };
  const env = { ...process.env, npm_config_cache: join(project, 'cache'), npm_config_update_notifier: 'false' };
  const run = async (command: string, ...args: string[]) =>
    (await promisify(execFile)(command, args, { cwd: project, env })).stdout.trim();

  const packed = await run('npm', 'pack', PACKAGE, '--silent');
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  await run('npm', 'install', `./${packed}`, '--offline', '--no-audit', '--no-fund');
  expect(await readdir(join(project, 'node_modules'))).toEqual(expect.arrayContaining(['@continuo']));
  expect((await readdir(join(project, 'node_modules/@continuo/widget'))).sort()).toEqual([
    'LICENSE',
    'README.md',
    'index.d.ts',
    'index.js',
    'package.json',
  ]);
  await writeFile(join(project, 'use.ts'), USE);
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--types', ''];
  for (const module of ['esnext', 'nodenext']) {
    const resolution = module === 'esnext' ? 'bundler' : 'nodenext';
    const told = await run(
      process.execPath,
      TSC,
      ...options,
      '--module',
      module,
      '--moduleResolution',
      resolution,
      'use.ts',
    ).catch(({ stdout }: { stdout: string }) => stdout);
    expect(told).toBe('');
  }
  const onServer =
    "import { Continuo, load } from '@continuo/widget'; Continuo('open'); load({ gateway: 'https://chat.example', site: 'x' }); console.log('quiet')";
  expect(await run(process.execPath, '--input-type=module', '-e', onServer)).toBe('quiet');
}, 120_000);
