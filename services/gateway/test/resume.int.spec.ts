// Sockets that are cut, gateways that die: everybody gets each event once and in order, on real servers with two gateways.

import { eventually, startWorld, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rawSocket } from './raw-socket.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 2, conversation: 1 },
    env: { CONTINUO_LIMIT_COMMANDS_PER_VISITOR: '1000', CONTINUO_LIMIT_FRAMES_PER_SOCKET: '10000' },
  });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const texts = (visitor: TestVisitor): string[] => visitor.messages().map(({ text }) => text);
const numbersOf = (events: { number: number }[]): number[] => events.map(({ number }) => number);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

// First of all tests, since no gateway follows the whole site before an employee is there.
test('a first message appears in every tab of its visitor, whichever gateway a tab is on', async () => {
  const headers = { Origin: world.site.origins[0] as string };
  const hello = { t: 'hello', v: 1, site: world.site.id, language: 'en' };
  const [one, two] = world.gateways() as [string, string];
  await using tab = await rawSocket(one, 'visitor', headers);
  tab.say(hello);
  const { token } = await tab.heard('welcome');
  await using same = await rawSocket(one, 'visitor', headers);
  same.say({ ...hello, token });
  await same.heard('welcome');
  await using other = await rawSocket(two, 'visitor', headers);
  other.say({ ...hello, token });
  await other.heard('welcome');
  tab.say({
    t: 'command',
    id: 'tabs000000000000000001',
    name: 'start-conversation',
    data: { text: 'Seen in all tabs', language: 'en' },
  });
  for (const each of [tab, same, other])
    await eventually(() => expect(JSON.stringify(each.frames)).toContain('Seen in all tabs'));
});

test('a visitor whose socket is cut again and again while both sides write gets each event once and in order', async () => {
  const agent = await world.agent(0);
  await agent.goOnline();
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('question 0');
  const conversation = visitor.conversation() as string;
  await eventually(() => expect(agent.mine()).toContain(conversation));

  const expected = ['question 0'];
  const all: Promise<number>[] = [];
  for (let index = 1; index <= 40; index++) {
    all.push(visitor.say(`question ${index}`), agent.reply(conversation, `answer ${index}`));
    expected.push(`question ${index}`, `answer ${index}`);
    if (index % 7 === 0) visitor.socket.cut();
    if (index % 9 === 0) agent.socket.cut();
    if (index % 4 === 0) await all.at(-1);
  }
  await Promise.all(all);
  await eventually(() => expect(texts(visitor)).toHaveLength(expected.length));
  expect([...texts(visitor)].sort()).toEqual([...expected].sort());
  await eventually(() => expect(agent.messages(conversation)).toEqual(visitor.messages()));

  // What the gateway sent, over all sockets of the visitor, has no number twice within one socket and none out of order.
  let known = 0;
  for (const frame of visitor.frames()) {
    if (frame.t === 'welcome') known = 0;
    const events = (frame.t === 'event' ? [frame['event']] : frame.t === 'transcript' ? frame['events'] : []) as {
      number: number;
    }[];
    for (const { number } of events) {
      if (known > 0) expect(number).toBe(known + 1);
      known = number;
    }
  }
});

test('a visitor who comes back with his token on another gateway finds his conversation, with what was said meanwhile', async () => {
  const agent = await world.agent(0);
  const [one, two] = world.gateways() as [string, string];
  const headers = { Origin: world.site.origins[0] as string };
  const hello = { t: 'hello', v: 1, site: world.site.id, language: 'ru' };
  await using first = await rawSocket(one, 'visitor', headers);
  first.say(hello);
  const { token } = await first.heard('welcome');
  first.say({
    t: 'command',
    id: 'begin00000000000000001',
    name: 'start-conversation',
    data: { text: 'Где мой заказ? 📦', language: 'ru' },
  });
  const conversation = await eventually(() => {
    const frame = first.frames.find(({ t }) => t === 'event' || t === 'transcript');
    if (!frame) throw new Error('the conversation did not begin');
    return ((frame['event'] as { key: string })?.key ?? frame['conversation']) as string;
  });
  await first[Symbol.asyncDispose]();
  await eventually(() => expect(agent.messages(conversation)).toHaveLength(1));
  await agent.reply(conversation, 'В пути.');

  await using second = await rawSocket(two, 'visitor', headers);
  second.say({ ...hello, token });
  const welcome = await second.heard('welcome');
  expect(welcome['conversation']).toMatchObject({ id: conversation });
  const { events, head } = (await second.heard('transcript')) as unknown as {
    events: { number: number }[];
    head: number;
  };
  expect(numbersOf(events)).toEqual(upTo(head));

  await using knowing = await rawSocket(one, 'visitor', headers);
  knowing.say({ ...hello, token, conversation: { id: conversation, number: head - 1 } });
  const rest = (await knowing.heard('transcript')) as unknown as { events: { number: number }[] };
  expect(numbersOf(rest.events)).toEqual([head]);
});

test('a command sent twice leads to one event, and the repeat is answered by its number', async () => {
  const headers = { Origin: world.site.origins[0] as string };
  await using socket = await rawSocket(world.gateways()[0] as string, 'visitor', headers);
  socket.say({ t: 'hello', v: 1, site: world.site.id, language: 'en' });
  await socket.heard('welcome');
  const events = () =>
    socket.frames.flatMap(({ event = [], events: many = event }) => many) as {
      cause: string;
      key: string;
      number: number;
    }[];
  const twice = async (id: string, name: string, data: object): Promise<string> => {
    const command = { t: 'command', id, name, data };
    socket.say(command);
    const { key, number } = await eventually(() => {
      const [first] = events().filter(({ cause }) => cause === id);
      if (!first) throw new Error(`${name} has led to nothing`);
      return first;
    });
    socket.say(command);
    expect(await socket.heard('done', (frame) => frame['id'] === id)).toMatchObject({ number });
    expect(events().filter(({ cause }) => cause === id)).toHaveLength(1);
    return key;
  };
  const begin = { text: 'Once only', language: 'en' };
  const conversation = await twice('twice00000000000000001', 'start-conversation', begin);
  await twice('twice00000000000000002', 'send-message', { conversation, text: 'And this, too' });
});

test('typing, delivery and presence reach the other side over two gateways and are never stored', async () => {
  const agent = await world.agent(0);
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('Do you deliver to Riga?');
  const conversation = visitor.conversation() as string;
  await eventually(() => expect(agent.messages(conversation)).toHaveLength(1));
  const seenBy = (frames: () => { t: string }[], expected: Record<string, unknown>) =>
    eventually(() => expect(frames()).toContainEqual(expect.objectContaining(expected)));

  await seenBy(agent.frames, { t: 'presence', visitor: visitor.id(), online: true });
  visitor.socket.send({ t: 'typing', conversation, text: 'And how long doe' });
  await seenBy(agent.frames, {
    t: 'typing',
    conversation,
    text: 'And how long doe',
    by: expect.objectContaining({ kind: 'visitor' }),
  });
  agent.socket.send({ t: 'typing', conversation });
  await seenBy(visitor.frames, { t: 'typing', by: expect.objectContaining({ kind: 'agent', name: agent.name }) });
  visitor.socket.send({ t: 'delivered', conversation, upTo: 1 });
  await seenBy(agent.frames, { t: 'delivered', conversation, to: 'visitor', upTo: 1 });
  agent.socket.send({ t: 'delivered', conversation, upTo: 1 });
  await seenBy(visitor.frames, { t: 'delivered', conversation, to: 'agent', upTo: 1 });
  expect(visitor.frames().filter((frame) => 'text' in frame)).toEqual([]);

  await visitor[Symbol.asyncDispose]();
  await seenBy(agent.frames, { t: 'presence', visitor: visitor.id(), online: false });
});

test('a gateway that is stopped tells its sockets to move, lets nobody in any more, and ends them', async () => {
  const third = await world.start('gateway');
  const address = `http://127.0.0.1:${third.port}`;
  const come = () => rawSocket(address, 'visitor', { Origin: world.site.origins[0] as string });
  await using socket = await come();
  socket.say({ t: 'hello', v: 1, site: world.site.id, language: 'en' });
  await socket.heard('welcome');
  const stopped = third.stop();
  world.running('gateway').splice(world.running('gateway').indexOf(third), 1);
  expect(await socket.heard('move')).toHaveProperty('afterMs');
  await expect(come()).rejects.toThrow(/503|ECONNREFUSED/);
  await eventually(() => expect(socket.closed()).toBe(1001));
  await stopped;
});
