// What `/livez` and `/readyz` of real processes say while something hangs: a database that is frozen, a loop, a whole process.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

const HANG = new URL('hang.ts', import.meta.url).href;
/** Longer than any answer of a healthy process takes, shorter than what Kubernetes waits. */
const PROBE_MS = 5_000;
let world: World;
let mongo: number;
const stopped = new Set<number>();
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 1, conversation: 1 },
    ownMongo: true,
    env: { NODE_OPTIONS: `--import=${HANG}` },
  });
  mongo = JSON.parse(await readFile(join(world.dir, 'mongo', 'process.json'), 'utf8')).server.pid;
});
afterEach(() => {
  for (const pid of stopped) goOn(pid);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

function freeze(pid: number): void {
  stopped.add(pid);
  process.kill(pid, 'SIGSTOP');
}
function goOn(pid: number): void {
  stopped.delete(pid);
  process.kill(pid, 'SIGCONT');
}
const running = (name: 'gateway' | 'conversation') => world.running(name)[0] as { port: number; pid: number };
async function probe(name: 'gateway' | 'conversation', path: '/livez' | '/readyz'): Promise<string> {
  const address = `http://127.0.0.1:${running(name).port}${path}`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(PROBE_MS) });
  return `${answer.status} ${(await answer.text()).trim()}`;
}

test('while MongoDB is frozen a process lives and is not ready, and it is ready again afterwards', async () => {
  for (const name of ['gateway', 'conversation'] as const) expect(await probe(name, '/readyz')).toBe('200 ready');
  freeze(mongo);
  for (const name of ['gateway', 'conversation'] as const) {
    await eventually(async () => expect(await probe(name, '/readyz')).toBe('503 not ready: MongoDB does not answer'));
    expect(await probe(name, '/livez')).toBe('200 alive');
  }
  goOn(mongo);
  for (const name of ['gateway', 'conversation'] as const)
    await eventually(async () => expect(await probe(name, '/readyz')).toBe('200 ready'));
});

test('a process whose loop hangs answers, and says that it does not live', async () => {
  process.kill(running('gateway').pid, 'SIGUSR2');
  await eventually(async () =>
    expect(await probe('gateway', '/livez')).toBe('503 not alive: the sockets’ ticker hangs'),
  );
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
