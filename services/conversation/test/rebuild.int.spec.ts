// The views hold what they can, whatever else comes with it, and are made anew beside the live ones while people write, from the stream alone.

import { type Bus, connectBus, request } from '@continuo/bus';
import { type ConversationEvent, newId } from '@continuo/contracts';
import { keptSecrets } from '@continuo/servers';
import type { Store } from '@continuo/store';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { headers } from '@nats-io/transport-node';
import { rebuildViews } from '../src/views/rebuild.ts';
import { transcriptView } from '../src/views/transcript-view.ts';

let stack: AsyncDisposableStack;
let world: World;
let bus: Bus;
let store: Store;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  world = stack.use(await startWorld({ services: { conversation: 1 }, ownMongo: true }));
  const { nats } = await keptSecrets(`${world.dir}/secrets.json`);
  const url = world.admin.nc.getServer();
  bus = stack.use(await connectBus({ name: 'conversation', url, user: 'conversation', password: nats.conversation }));
  store = stack.use({
    connection: world.database,
    available: () => true,
    answers: async () => true,
    [Symbol.asyncDispose]: async () => {},
  } as Store);
});
afterAll(() => stack.disposeAsync());
afterEach(() => {
  jest.restoreAllMocks();
});

const visitor = { kind: 'visitor', id: newId() } as const;
const envelope = () => ({ id: newId(), site: world.site.id, actor: visitor });
async function begin(): Promise<string> {
  const reply = await request(world.admin, 'start-conversation', envelope(), {
    text: 'its first words',
    language: 'en',
  });
  if (!reply.ok) throw new Error(reply.words);
  return reply.conversation;
}
const say = (conversation: string, text: string) =>
  request(world.admin, 'send-message', envelope(), { conversation, text });
const views = () => world.database.collection<{ _id: string; number: number }>('conversations');
const events = () => world.database.collection<{ _id: string }>('conversation_events');
const streamed = async () => (await world.admin.jsm.streams.info('CONVERSATION')).state.messages;

test('spoilt and lost views are right again after a rebuild, and what is written meanwhile is in them once', async () => {
  const known = await Promise.all(Array.from({ length: 10 }, begin));
  for (const conversation of known) await say(conversation, 'the second');
  await eventually(async () => expect(await events().countDocuments()).toBe(await streamed()));
  const indexesOf = async () => (await views().indexes()).map(({ name }) => name).toSorted();
  const indexes = await indexesOf();
  expect(indexes.length).toBeGreaterThan(1);
  const [lost = '', spoilt = ''] = known;
  await views().deleteOne({ _id: lost });
  await events().deleteMany({ conversation: lost } as never);
  await views().updateOne({ _id: spoilt }, { $set: { 'view.status': 'spoilt' } } as never);

  let over = false;
  const writing = known.map(async (conversation) => {
    for (let round = 0; !over; round++) await say(conversation, `meanwhile ${round}`);
  });
  const rebuilt = await rebuildViews(bus, store).finally(() => {
    over = true;
  });
  await Promise.all(writing);
  const late = await begin();

  expect(rebuilt).toMatchObject({ conversations: known.length, compared: known.length });
  await eventually(async () => expect(await events().countDocuments()).toBe(await streamed()));
  for (const conversation of [...known, late]) {
    const head = await events().countDocuments({ conversation } as never);
    await eventually(async () => expect(await views().findOne({ _id: conversation })).toMatchObject({ number: head }));
  }
  expect(await views().findOne({ _id: spoilt })).toMatchObject({ view: { status: 'waiting' } });
  const left = (await world.database.listCollections()).map(({ name }) => name);
  expect(left.filter((name) => name.endsWith('_next'))).toEqual([]);
  expect(await indexesOf()).toEqual(indexes);
});

/** What the views hold of a conversation. */
const viewed = async (conversation: string) => ({
  number: (await views().findOne({ _id: conversation }))?.number,
  events: await events().countDocuments({ conversation } as never),
});
/** Says it, and waits until the live views have it: nothing is on its way to them afterwards. */
async function sayAndSee(conversation: string, text: string, number: number): Promise<void> {
  await say(conversation, text);
  await eventually(async () => expect(await viewed(conversation)).toMatchObject({ number }));
}
/** Done right before, or after, the rebuilt collection takes the name of the live one. */
function aroundSwitch(next: 'conversations_next' | 'conversation_events_next', { before = nothing, after = nothing }) {
  const collection = world.database.collection(next);
  const rename = collection.rename.bind(collection);
  jest.spyOn(collection, 'rename').mockImplementationOnce(async (...to) => {
    await before();
    const renamed = await rename(...to);
    await after();
    return renamed;
  });
}
async function nothing(): Promise<void> {}

test('what is written between the last look at the stream and the switch, and between its two halves, is in the views', async () => {
  const [before, between] = [await begin(), await begin()];
  // Each is the last word of its conversation: no later event makes its view anew.
  aroundSwitch('conversation_events_next', { before: () => sayAndSee(before, 'before the switch', 2) });
  aroundSwitch('conversations_next', { before: () => sayAndSee(between, 'between its halves', 2) });
  await rebuildViews(bus, store);
  expect([await viewed(before), await viewed(between)]).toEqual(Array(2).fill({ number: 2, events: 2 }));
});

test.each(['conversation_events_next', 'conversations_next'] as const)(
  'a rebuild that dies when %s has just taken the place of the live one leaves nothing out once it is run again',
  async (next) => {
    const conversation = await begin();
    aroundSwitch(next, {
      before: () => sayAndSee(conversation, 'goes with the old views', 2),
      after: () => Promise.reject(new Error('killed')),
    });
    await expect(rebuildViews(bus, store)).rejects.toThrow('killed');
    // It is a fault that shows, so that the second run has something to mend.
    expect(await viewed(conversation)).not.toEqual({ number: 2, events: 2 });

    await rebuildViews(bus, store);
    expect(await viewed(conversation)).toEqual({ number: 2, events: 2 });
    expect(await events().countDocuments()).toBe(await streamed());
    const left = (await world.database.listCollections()).map(({ name }) => name);
    expect(left.filter((name) => name.endsWith('_next'))).toEqual([]);
  },
);

test('two rebuilds at once do not take over what the other has half filled: the second is told to wait, and may when the first was killed', async () => {
  await begin();
  let second: Promise<unknown> | undefined;
  aroundSwitch('conversation_events_next', {
    before: async () => {
      second = rebuildViews(bus, store);
      await expect(second).rejects.toThrow('Another rebuild is under way.');
    },
  });
  await rebuildViews(bus, store);
  expect(second).toBeDefined();
  expect(await events().countDocuments()).toBe(await streamed());
  // Of one that was killed the turn stays, until its minute is over.
  const turns = world.database.collection<{ _id: string; until: number }>('rebuild_turns');
  expect(await turns.countDocuments()).toBe(0);
  await turns.insertOne({ _id: 'conversations', until: Date.now() - 1 });
  await rebuildViews(bus, store);
  expect(await turns.countDocuments()).toBe(0);
});

const started = (text = 'its first words'): ConversationEvent => {
  const base = { type: 'conversation-started', id: newId(), v: 1, time: 1, actor: visitor, cause: newId(), seq: 1 };
  const data = { visitor: visitor.id, author: visitor, text, language: 'en', channel: 'chat' };
  return { ...base, site: world.site.id, key: newId(), number: 1, data } as ConversationEvent;
};

/** Views these at once: while the first is written the others wait, to share the next write. */
async function viewTogether(name: string, together: ConversationEvent[], good: ConversationEvent[]): Promise<void> {
  const names = { conversations: `conversations_${name}`, events: `conversation_events_${name}` };
  const view = transcriptView(bus, store, names);
  const outcomes = await Promise.allSettled(together.map(view));
  expect(outcomes.map(({ status }) => status)).toEqual(
    together.map((event) => (good.includes(event) ? 'fulfilled' : 'rejected')),
  );
  const keys = good.map(({ key }) => key).sort();
  const heads = await world.database.collection<{ _id: string }>(names.conversations).find().toArray();
  expect(heads.map(({ _id }) => _id).sort()).toEqual(keys);
  const stored = await world.database.collection<{ conversation: string }>(names.events).find().toArray();
  expect(stored.map(({ conversation }) => conversation).sort()).toEqual(keys);
}

test('an event that cannot be folded fails alone: the others that share its write are written', async () => {
  const [first, before, after] = [started(), started(), started()];
  const spoilt = { ...started(), data: null } as unknown as ConversationEvent;
  const orphan = { ...started(), number: 2 };
  await viewTogether('batch', [first, before, spoilt, orphan, after], [first, before, after]);
});

test('an event that MongoDB does not take fails alone, too', async () => {
  await world.database.createCollection('conversation_events_refused', {
    validator: { 'event.data.text': { $ne: 'a text that a rule forbids' } },
  });
  const [first, before, after] = [started(), started(), started()];
  const forbidden = started('a text that a rule forbids');
  const noDocument = { ...started(), actor: { kind: 'visitor', id: 'x', 'a\0b': 1 } } as unknown as ConversationEvent;
  await viewTogether('refused', [first, before, forbidden, noDocument, after], [first, before, after]);
});

/** What nothing of Continuo writes. @returns its sequence */
async function scrawl(conversation: string, text: string, number = 1): Promise<number> {
  const head = headers();
  const said = { Type: 'message-sent', Version: '1', Number: String(number) };
  for (const [name, value] of Object.entries(said)) head.set(`Continuo-${name}`, value);
  const subject = `conversation.${world.site.id}.${conversation}`;
  return (await world.admin.js.publish(subject, text, { headers: head })).seq;
}

test('records of which no view can be made are left out and named, and cost no other dialogue its view', async () => {
  const [whole, half] = [await begin(), await begin()];
  await sayAndSee(whole, 'the second', 2);
  const left = [
    await scrawl(newId(), '{"half'),
    await scrawl(newId(), '{"text":"no author"}'),
    await scrawl(half, '{', 2),
  ];
  await views().deleteOne({ _id: whole });
  const rebuilt = await rebuildViews(bus, store);
  expect(rebuilt.leftOut.toSorted((a, b) => a - b)).toEqual(left);
  expect([await viewed(whole), await viewed(half)]).toEqual([
    { number: 2, events: 2 },
    { number: 1, events: 1 },
  ]);
});

test('a record that the live views hold is never left out: they stay', async () => {
  const conversation = newId();
  const seq = await scrawl(conversation, '{"text":"no author"}');
  await events().insertOne({ _id: `${conversation}:1`, event: { seq } } as never);
  await expect(rebuildViews(bus, store)).rejects.toThrow(
    `the record with the sequence ${seq} stands in the live views`,
  );
  expect(await events().countDocuments({ _id: `${conversation}:1` })).toBe(1);
});
