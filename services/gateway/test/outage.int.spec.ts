// NATS stops answering, as if its machine hung: people are told, nothing they write meanwhile is lost, and they are told when it works again.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, freeze, startWorld, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

let world: World;
let nats: number;
beforeAll(async () => {
  world = await startWorld({ services: { gateway: 1, conversation: 1 } });
  nats = JSON.parse(await readFile(join(world.dir, 'nats', 'process.json'), 'utf8')).server.pid;
});
afterEach(() => {
  if (nats) process.kill(nats, 'SIGCONT');
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const heardOf = (visitor: TestVisitor, up: boolean) =>
  eventually(() => expect(visitor.frames()).toContainEqual({ t: 'service', up }));

test('who writes while nothing can be stored is told so, and his message is stored once as soon as it can be', async () => {
  const agent = await world.agent(0);
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('before');
  await freeze(nats);
  const meanwhile = visitor.say('meanwhile');
  await heardOf(visitor, false);
  expect(agent.frames()).toContainEqual({ t: 'service', up: false });
  expect(visitor.frames()).toContainEqual(
    expect.objectContaining({ t: 'refused', refusal: 'unavailable', retryAfterMs: expect.any(Number) }),
  );
  process.kill(nats, 'SIGCONT');
  await heardOf(visitor, true);
  expect(await meanwhile).toBe(2);
  await visitor.say('after');
  const texts = () => agent.messages(visitor.conversation() as string).map(({ text }) => text);
  await eventually(() => expect(texts()).toEqual(['before', 'meanwhile', 'after']));
  expect(visitor.messages().map(({ text }) => text)).toEqual(texts());
});

test('who comes while nothing answers is asked to come again, and is welcome then', async () => {
  const known = world.visitor();
  await known.socket.ready();
  await known.say('I was here before');
  await freeze(nats);
  known.socket.cut();
  await eventually(() =>
    expect(known.frames()).toContainEqual(
      expect.objectContaining({ t: 'error', code: 'unavailable', fatal: false, retryAfterMs: expect.any(Number) }),
    ),
  );
  process.kill(nats, 'SIGCONT');
  await known.socket.ready();
  await known.say('and again');
  expect(known.messages().map(({ text }) => text)).toEqual(['I was here before', 'and again']);
});
