import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { startMongo, startNats } from '../src/index.ts';
import { mongoCommand } from '../src/mongo-wire.ts';
import { freePort, isFree } from '../src/ports.ts';
import { identify } from '../src/process-identity.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'continuo-servers-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const count = async (port: number) => Number((await mongoCommand(port, { count: 'things' }, { db: 'app' })).n);
const insert = (port: number) => mongoCommand(port, { insert: 'things', documents: [{ n: 1 }] }, { db: 'app' });

test('MongoDB keeps its data over a restart on another port, and is writable each time', async () => {
  const dir = join(scratch, 'kept');
  for (const before of [0, 1]) {
    await using mongo = await startMongo({ dir });
    expect(await count(mongo.port)).toBe(before);
    await insert(mongo.port);
    expect(await mongoCommand(mongo.port, { hello: 1 })).toMatchObject({ isWritablePrimary: true, setName: 'rs0' });
  }
});

test('MongoDB puts nothing of a slow command into its log', async () => {
  const dir = join(scratch, 'slow');
  await using mongo = await startMongo({ dir });
  await insert(mongo.port);
  const filter = { $where: 'sleep(300) || true', said: { $ne: 'something private' } };
  await mongoCommand(mongo.port, { find: 'things', filter }, { db: 'app' });
  const log = await readFile(join(dir, 'output.log'), 'utf8');
  expect(log).toContain('Waiting for connections');
  expect(log).not.toContain('something private');
});

test('two servers of a kind run side by side', async () => {
  await using one = await startNats({ dir: join(scratch, 'one') });
  await using two = await startNats({ dir: join(scratch, 'two') });
  expect(one.port).not.toBe(two.port);
});

test('a stopped server leaves no process and no listener', async () => {
  const nats = await startNats({ dir: join(scratch, 'stopped') });
  await nats.stop();
  await nats.stop();
  expect(identify(nats.pid)).toBeUndefined();
  expect(await isFree(nats.port)).toBe(true);
});

test('a NATS identity may do what it was allowed and nothing else; a stranger gets no connection', async () => {
  const dir = join(scratch, 'users');
  const users = [
    { user: 'all', password: 'p"1' },
    { user: 'narrow', password: 'p2', permissions: { publish: { allow: ['mine.>'] }, subscribe: { allow: ['in.>'] } } },
  ];
  await using nats = await startNats({ dir, users });
  expect((await stat(join(dir, 'nats.conf'))).mode & 0o777).toBe(0o600);
  await expect(connect({ servers: nats.url, reconnect: false })).rejects.toThrow(/authorization/i);

  const all = await connect({ servers: nats.url, user: 'all', pass: 'p"1' });
  const narrow = await connect({ servers: nats.url, user: 'narrow', pass: 'p2' });
  const heard: string[] = [];
  all.subscribe('>', { callback: (_, message) => void heard.push(message.subject) });
  await all.flush();
  narrow.publish('theirs.x');
  narrow.publish('mine.x');
  await narrow.flush();
  await all.flush();
  expect(heard).toEqual(['mine.x']);
  await Promise.all([all.close(), narrow.close()]);
});

test('a server ends with its launcher, even one that is killed', async () => {
  const killed = await launcher(join(scratch, 'ends'));
  killed.kill('SIGKILL');
  await killed.exited;
  while (identify(killed.serverPid)) await setImmediate();
});

test('where nothing ends it, a server whose launcher was killed is cleared away by the next start, on the same port', async () => {
  const dir = join(scratch, 'killed');
  const port = await freePort();
  const orphan = await launcher(dir, port, { PATH: '' });
  orphan.kill('SIGKILL');
  await orphan.exited;
  expect(await isFree(port)).toBe(false);
  await using nats = await startNats({ dir, port });
  expect(nats.pid).not.toBe(orphan.serverPid);
  expect(identify(orphan.serverPid)).toBeUndefined();
});

test('a folder whose launcher lives is refused', async () => {
  const dir = join(scratch, 'owned');
  const owner = await launcher(dir);
  await expect(startNats({ dir })).rejects.toThrow(`in use by process ${owner.pid}`);
  owner.kill('SIGKILL');
  await owner.exited;
  await (await startNats({ dir })).stop();
});

test('a taken port is named, and the server that listens there is left alone', async () => {
  await using owner = await startMongo({ dir: join(scratch, 'owner') });
  const late = startMongo({ dir: join(scratch, 'late'), port: owner.port });
  await expect(late).rejects.toThrow(
    `mongod: port ${owner.port} is taken: stop what listens there or choose another port.`,
  );
  expect(await mongoCommand(owner.port, { hello: 1 })).toMatchObject({ isWritablePrimary: true });
});

test('a server that dies while starting is reported with its own last words', async () => {
  const dir = join(scratch, 'broken');
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'jetstream'), 'a file where a folder should be');
  await expect(startNats({ dir })).rejects.toThrow(/ended \(1\) while starting:.*JetStream/is);
});

/** Starts nats-server from a process that can be killed. */
async function launcher(dir: string, port?: number, env: NodeJS.ProcessEnv = {}) {
  const script = fileURLToPath(new URL('start-nats.ts', import.meta.url));
  const args = [script, dir, ...(port === undefined ? [] : [String(port)])];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const exited = once(child, 'exit');
  const [line] = await once(createInterface(child.stdout), 'line');
  const kill = (signal: NodeJS.Signals) => child.kill(signal);
  return { pid: child.pid, serverPid: Number(JSON.parse(line).pid), exited, kill };
}
