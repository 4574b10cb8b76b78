// What `/livez` and `/readyz` of real processes say while something hangs: a server that is frozen, a loop, a whole process.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@continuo/servers';
import { eventually, figure, startWorld, testVisitor, type World } from '@continuo/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

const HANG = new URL('hang.ts', import.meta.url).href;
const NO_PINGS = new URL('no-pings.mjs', import.meta.url).href;
/** Longer than any answer of a healthy process takes, shorter than what Kubernetes waits. */
const PROBE_MS = 5_000;
let world: World;
/** All gateways miss a server alike: were they unready, whoever comes would meet the Ingress’s own error instead of a chat that works. */
const BEHIND = SERVICES.filter((name) => name !== 'gateway');
const stopped = new Set<number>();
beforeAll(async () => {
  world = await startWorld({
    ownMongo: true,
    env: { NODE_OPTIONS: `--import=${HANG}`, CONTINUO_METRICS: '1' },
  });
}, 300_000);
afterEach(() => {
  for (const pid of stopped) goOn(pid);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
}, 240_000);

/** Asked each time: a server that was away and came back is another process. */
const pidOf = async (server: 'mongo' | 'nats'): Promise<number> =>
  JSON.parse(await readFile(join(world.dir, server, 'process.json'), 'utf8')).server.pid;
function freeze(pid: number): void {
  stopped.add(pid);
  process.kill(pid, 'SIGSTOP');
}
function goOn(pid: number): void {
  stopped.delete(pid);
  process.kill(pid, 'SIGCONT');
}
const running = (name: ServiceName) => world.running(name)[0] as { port: number; pid: number };
const probe = (name: ServiceName, path: '/livez' | '/readyz'): Promise<string> => probeAt(running(name).port, path);
async function probeAt(port: number, path: '/livez' | '/readyz'): Promise<string> {
  const address = `http://127.0.0.1:${port}${path}`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(PROBE_MS) });
  return `${answer.status} ${(await answer.text()).trim()}`;
}

test.each(['MongoDB', 'NATS'])(
  'while %s is frozen a process lives and is not ready, but for the gateway, and it is ready again afterwards',
  async (server) => {
    for (const name of SERVICES) expect(await probe(name, '/readyz')).toBe('200 ready');
    const pid = await pidOf(server === 'NATS' ? 'nats' : 'mongo');
    freeze(pid);
    const silent = BEHIND.map((name) => [name, `503 not ready: ${server} does not answer`]);
    await eventually(async () =>
      expect(await Promise.all(BEHIND.map(async (name) => [name, await probe(name, '/readyz')]))).toEqual(silent),
    );
    const storeUp = () => figure(running('conversation').port, 'continuo_store_up');
    expect(await storeUp()).toBe(server === 'MongoDB' ? 0 : 1);
    // It was asked: the connection still stands, and would for half a minute.
    expect(await world.logs()).not.toContain('NATS is not connected');
    expect(await probe('gateway', '/readyz')).toBe('200 ready');
    for (const name of SERVICES) expect(await probe(name, '/livez')).toBe('200 alive');
    if (server === 'MongoDB') await world.visitor().say('MongoDB is frozen');
    goOn(pid);
    for (const name of SERVICES) await eventually(async () => expect(await probe(name, '/readyz')).toBe('200 ready'));
    expect(await storeUp()).toBe(1);
  },
);

test('a widget in which nobody writes hears that NATS is frozen, though the connection to it stands', async () => {
  const { port } = await world.start('gateway', 0, { NODE_OPTIONS: `--import=${NO_PINGS}` });
  await using visitor = testVisitor({
    gateways: () => [`http://127.0.0.1:${port}`],
    site: world.site.id,
    origin: world.site.origins[0] as string,
  });
  await visitor.socket.ready();
  const nats = await pidOf('nats');
  const told = () => visitor.frames().filter(({ t }) => t === 'service');
  freeze(nats);
  await eventually(() => expect(told()).toEqual([{ t: 'service', up: false }]));
  goOn(nats);
  await eventually(() => expect(told().at(-1)).toEqual({ t: 'service', up: true }));
  await world.kill('gateway', 1);
});

test('while NATS is away the gateway is ready and tells who comes, and the others are not ready', async () => {
  const visitor = world.visitor();
  await visitor.socket.ready();
  await world.nats.away();
  await eventually(async () => expect(await probe('conversation', '/readyz')).toMatch(/^503 .*NATS does not answer/));
  await eventually(() => expect(visitor.frames()).toContainEqual({ t: 'service', up: false }));
  expect(await probe('gateway', '/readyz')).toBe('200 ready');
  await world.nats.back();
  await eventually(async () => expect(await probe('conversation', '/readyz')).toBe('200 ready'), { withinMs: 90_000 });
});

test('a process whose loop hangs answers, and says that it does not live and is not ready', async () => {
  process.kill(running('gateway').pid, 'SIGUSR2');
  await eventually(async () =>
    expect(await probe('gateway', '/livez')).toBe('503 not alive: the sockets’ ticker hangs'),
  );
  expect(await probe('gateway', '/readyz')).toBe('503 not ready: the sockets’ ticker hangs');
  expect(await probe('conversation', '/livez')).toBe('200 alive');
  process.kill(running('gateway').pid, 'SIGUSR2');
  await eventually(async () => expect(await probe('gateway', '/livez')).toBe('200 alive'));
});

test('a process that hangs altogether answers no probe; when it goes on it lives, and what was written meanwhile is stored', async () => {
  const visitor = world.visitor();
  await visitor.say('before');
  freeze(running('conversation').pid);
  const meanwhile = visitor.say('meanwhile');
  await expect(probe('conversation', '/livez')).rejects.toMatchObject({ name: 'TimeoutError' });
  goOn(running('conversation').pid);
  await eventually(async () => expect(await probe('conversation', '/livez')).toBe('200 alive'));
  expect(await meanwhile).toBe(2);
});

/** The last one: nobody takes their place. */
test('what drains answers to the last that it lives, and is not ready', async () => {
  const leaving = BEHIND.map((name) => running(name).port);
  // None has drained before NATS says so.
  const nats = await pidOf('nats');
  freeze(nats);
  const ended = BEHIND.map((name) => world.drain(name));
  await Promise.all(
    leaving.map(async (port) => {
      await eventually(async () => expect(await probeAt(port, '/readyz')).toMatch(/^503 not ready: .*it is draining/));
      expect(await probeAt(port, '/livez')).toBe('200 alive');
    }),
  );
  goOn(nats);
  expect(await Promise.all(ended)).toEqual(BEHIND.map(() => 0));
});
