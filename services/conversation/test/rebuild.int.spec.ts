// The views are made anew beside the live ones while people write, from the stream alone.

import { type Bus, connectBus, request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { keptSecrets } from '@continuo/servers';
import type { Store } from '@continuo/store';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rebuildViews } from '../src/views/rebuild.ts';

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

const visitor = { kind: 'visitor', id: newId() } as const;
const envelope = () => ({ id: newId(), site: world.site.id, actor: visitor });
async function begin(): Promise<string> {
  const reply = await request(world.admin, 'start-conversation', envelope(), { text: 'the first', language: 'en' });
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
  expect((await views().indexes()).length).toBe(5);
});
