// More than the installation can take: a full disk, a reader that hangs, twice the load it can bear. It says so, loses nothing, and recovers by itself.

import { setTimeout } from 'node:timers/promises';
import { freePort } from '@continuo/servers';
import { eventually, figure, startWorld, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let world: World;
let metrics: number;
beforeAll(async () => {
  metrics = await freePort();
  const limits = { VISITOR: 100, ADDRESS: 1_000_000 };
  world = await startWorld({
    services: { gateway: 1, conversation: 1 },
    env: {
      CONTINUO_METRICS: '1',
      CONTINUO_METRICS_PORT: String(metrics),
      CONTINUO_LIMIT_COMMANDS_PER_VISITOR: String(limits.VISITOR),
      CONTINUO_LIMIT_COMMANDS_PER_ADDRESS: String(limits.ADDRESS),
      CONTINUO_LIMIT_STARTS_PER_ADDRESS: String(limits.ADDRESS),
    },
  });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

async function visitors(count: number): Promise<TestVisitor[]> {
  const all = Array.from({ length: count }, () => world.visitor());
  await Promise.all(all.map(({ socket }) => socket.ready()));
  await Promise.all(all.map((visitor) => visitor.say('the first')));
  // `done` may come before the event: before that a next message would begin another dialogue.
  for (const visitor of all) await eventually(() => expect(visitor.conversation()).toBeDefined());
  return all;
}
const texts = (visitor: TestVisitor): string[] => visitor.messages().map(({ text }) => text);

/** What the stream holds of a conversation: the numbers, in order. */
async function streamed(visitor: TestVisitor): Promise<number> {
  const subject = `conversation.${world.site.id}.${visitor.conversation()}`;
  const { state } = await world.admin.jsm.streams.info('CONVERSATION', { subjects_filter: subject });
  return state.subjects?.[subject] ?? 0;
}

test('a full stream refuses what both sides write, in words of its own; nothing is lost, and it is stored once when there is room', async () => {
  const agent = await world.agent(0);
  await agent.goOnline();
  const [visitor] = (await visitors(1)) as [TestVisitor];
  const conversation = visitor.conversation() as string;
  await eventually(() => expect(agent.mine()).toContain(conversation));
  const { config, state } = await world.admin.jsm.streams.info('CONVERSATION');
  await world.admin.jsm.streams.update('CONVERSATION', { ...config, max_bytes: state.bytes });
  const waiting = [visitor.say('no room for this'), agent.reply(conversation, 'nor for this')];
  const told = {
    t: 'refused',
    refusal: 'full',
    words: expect.stringContaining('full'),
    retryAfterMs: expect.any(Number),
  };
  for (const { frames } of [visitor, agent]) {
    await eventually(() => expect(frames()).toContainEqual(expect.objectContaining(told)));
    expect(frames()).not.toContainEqual({ t: 'service', up: false });
  }
  expect((await world.admin.jsm.streams.info('CONVERSATION')).state.messages).toBe(state.messages);
  expect(
    await figure(
      world.running('conversation')[0]?.port ?? 0,
      'continuo_append_failures_total{stream="CONVERSATION",reason="full"}',
    ),
  ).toBeGreaterThan(1);
  await world.admin.jsm.streams.update('CONVERSATION', config);
  await Promise.all(waiting);
  await eventually(() => expect(texts(visitor)).toHaveLength(3));
  expect(texts(visitor).sort()).toEqual(['no room for this', 'nor for this', 'the first']);
  await eventually(() => expect(agent.messages(conversation)).toEqual(visitor.messages()));
  expect(await streamed(visitor)).toBe(visitor.events().length);
  expect((await world.admin.jsm.streams.info('DEAD_LETTERS')).state.messages).toBe(0);
  await agent.closeDialogue(conversation);
  await agent.socket.command('set-availability', { agent: world.employees[0]?.id, state: 'offline' });
  // His page would hear all that the next test says, too, and might be the slow one.
  await agent[Symbol.asyncDispose]();
});

test('an employee’s page that hangs is cut off and told to come later; when it reads on it has everything, once and in order', async () => {
  const agent = await world.agent(0);
  const all = await visitors(20);
  const goOn = agent.socket.stall();
  const long = '長'.repeat(4_900);
  const said = Array.from({ length: 50 }, (_, index) => `${index} ${long}`);
  const saying = Promise.all(all.flatMap((visitor) => said.map((text) => visitor.say(text))));
  await eventually(async () => {
    const told = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    // On a busy machine he may hang again before anybody looks.
    expect(told).toMatch(/^continuo_socket_slow_total [1-9]/m);
  });
  goOn();
  await eventually(() => expect(agent.socket.closed()[0]).toBe(1013));
  await saying;
  for (const visitor of all) {
    const conversation = visitor.conversation() as string;
    agent.open(conversation);
    await eventually(() => expect(agent.messages(conversation)).toEqual(visitor.messages()));
    expect(texts(visitor).sort()).toEqual(['the first', ...said].sort());
  }
});

test('twice what it can bear: it asks to come again, and in the end each message is there once and it takes messages as before', async () => {
  const all = (await visitors(200)).map((visitor) => ({ visitor, said: ['the first'] }));
  const saying: Promise<void>[] = [];
  let acknowledged = 0;
  const refusals = () => all.flatMap(({ visitor }) => visitor.frames().filter(({ t }) => t === 'refused'));
  // Twice as many come as it has stored meanwhile, so what waits grows by all that it can do, whatever the machine.
  for (let more = 240, before = 0; refusals().length === 0; more = Math.max(20, 2 * (acknowledged - before))) {
    before = acknowledged;
    for (let count = 0; count < more; count++) {
      const { visitor, said } = all[saying.length % all.length] as (typeof all)[number];
      said.push(`message ${said.length}`);
      saying.push(visitor.say(said.at(-1) as string).then(() => void acknowledged++));
    }
    await setTimeout(100);
  }
  await Promise.all(saying);
  for (const { visitor, said } of all) {
    await eventually(() => expect(texts(visitor).sort()).toEqual(said.sort()));
    expect(visitor.events().map(({ number }) => number)).toEqual(visitor.events().map((_, index) => index + 1));
    expect(await streamed(visitor)).toBe(visitor.events().length);
  }
  expect((await world.admin.jsm.streams.info('DEAD_LETTERS')).state.messages).toBe(0);
  for (const { refusal, retryAfterMs } of refusals())
    expect([refusal, retryAfterMs]).toEqual([
      expect.stringMatching(/^(busy|too-many|unavailable)$/),
      expect.any(Number),
    ]);
  const [fresh] = (await visitors(1)) as [TestVisitor];
  await fresh.say('afterwards');
  expect(fresh.frames().filter(({ t }) => t === 'refused')).toEqual([]);
}, 240_000);

test('whoever writes faster than a person can is asked to wait, and all of it is stored', async () => {
  const [visitor] = (await visitors(1)) as [TestVisitor];
  const said = Array.from({ length: 104 }, (_, index) => `message ${index}`);
  await Promise.all(said.map((text) => visitor.say(text)));
  expect(visitor.frames()).toContainEqual(expect.objectContaining({ t: 'refused', refusal: 'too-many' }));
  await eventually(() => expect(texts(visitor).sort()).toEqual(['the first', ...said].sort()));
});
