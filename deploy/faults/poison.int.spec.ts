// Records that handlers of real services truly cannot handle (P5): whatever stands behind them in the stream is handled at once, they are parked with their
// reason, and an operator on the command line or a supervisor over HTTP has them handled again or takes them away.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { keptSecrets } from '@continuo/servers';
import { eventually, startWorld, type TestAgent, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HURRY, hurry, refuseText, scrawl, unkeepableFact } from './poison.ts';

const PARKED = join(import.meta.dirname, '..', 'parked.ts');
let world: World;
let gateway: string;
let agent: TestAgent;
let supervisor: TestAgent;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 1, conversation: 1, 'visitor-tracking': 1, 'email-fallback': 1 },
    agents: 3,
    env: { NODE_OPTIONS: `--import=${HURRY}` },
  });
  gateway = world.gateways()[0] as string;
  [agent, supervisor] = await Promise.all([world.agent(0), world.agent(2)]);
  await agent.goOnline();
}, 240_000);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

interface Letter {
  id: string;
  consumer: string;
  reason: string;
  words: string;
  attempts: number;
  subject: string;
}
const call = (path: string, id?: string) =>
  fetch(`${gateway}/api/dead-letters${path}`, {
    method: id === undefined ? 'GET' : 'POST',
    headers: {
      cookie: supervisor.cookie,
      'x-continuo': 'console',
      origin: gateway,
      'content-type': 'application/json',
    },
    ...(id !== undefined && { body: JSON.stringify({ id }) }),
  });
/** As a supervisor gets it; never with a word of the record. */
async function listed(): Promise<Letter[]> {
  const text = await (await call('')).text();
  expect(text).not.toContain('unmistakable');
  return (JSON.parse(text) as { letters: Letter[] }).letters;
}
const parked = (count: number): Promise<Letter[]> =>
  eventually(async () => {
    const letters = await listed();
    expect(letters).toHaveLength(count);
    return letters;
  });
const lettersStored = async (): Promise<number> => (await world.admin.jsm.streams.info('DEAD_LETTERS')).state.messages;

/** `npm run parked -- …`, as an operator runs it. */
async function commandLine(...words: string[]): Promise<{ printed: string; code: number | null }> {
  const { nats } = await keptSecrets(join(world.dir, 'secrets.json'));
  const child = spawn(process.execPath, [PARKED, ...words], {
    env: {
      PATH: process.env['PATH'],
      CONTINUO_NATS_URL: `nats://${world.operator.nc.getServer()}`,
      CONTINUO_NATS_USER: 'operator',
      CONTINUO_NATS_PASSWORD: nats.operator,
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { printed, code };
}

async function visitorWho(said: string): Promise<{ visitor: TestVisitor; conversation: string }> {
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say(said);
  return { visitor, conversation: visitor.conversation() as string };
}
/** What MongoDB holds of a conversation: the numbers of its messages, and how far the inbox is. */
async function viewOf(conversation: string): Promise<{ messages: number[]; upTo: number | undefined }> {
  const spoken = { conversation, 'event.type': { $in: ['conversation-started', 'message-sent'] } };
  const found = await world.database.collection('conversation_events').find(spoken).sort({ number: 1 }).toArray();
  const head = await world.database
    .collection<{ _id: string; number: number }>('conversations')
    .findOne({ _id: conversation });
  return { messages: found.map(({ number }) => number), upTo: head?.number };
}
const numbersOf = ({ visitor }: { visitor: TestVisitor }): number[] => visitor.messages().map(({ number }) => number);

test('a message that MongoDB refuses holds nobody up, is parked with its reason, and is handled once the cause is mended', async () => {
  const [ill, well] = [await visitorWho('before'), await visitorWho('before')];
  const mend = await refuseText(world, 'an unmistakable sentence');
  const refused = await ill.visitor.say('an unmistakable sentence');
  await Promise.all([ill.visitor.say('behind it'), well.visitor.say('elsewhere')]);
  for (const one of [ill, well])
    await eventually(async () =>
      expect(await viewOf(one.conversation)).toEqual({
        messages: numbersOf(one).filter((number) => one !== ill || number !== refused),
        upTo: one.visitor.events().length,
      }),
    );
  // Twenty tries take many minutes: so the others did not wait for them to be over.
  expect(await lettersStored()).toBe(0);

  hurry(world, 'conversation');
  const [letter] = (await parked(1)) as [Letter];
  expect(letter).toMatchObject({
    consumer: 'conversation-views',
    reason: 'handler-failed',
    words: expect.stringContaining('failed 20 times: MongoBulkWriteError'),
    attempts: 20,
    subject: `conversation.${world.site.id}.${ill.conversation}`,
  });
  expect((await call('/replay', letter.id)).status).toBe(409);
  expect(await listed()).toEqual([letter]);
  expect(await commandLine('replay', letter.id)).toEqual({
    printed: expect.stringContaining(`NOT DONE  ${letter.id}: The handler failed again`),
    code: 1,
  });
  await mend();
  expect(await commandLine('replay', letter.id)).toEqual({ printed: `replayed  ${letter.id}\n`, code: 0 });
  expect(await viewOf(ill.conversation)).toMatchObject({ messages: numbersOf(ill) });
  expect(await commandLine('list')).toEqual({ printed: 'Nothing is parked.\n', code: 0 });
  expect(await listed()).toEqual([]);
});

test('a record that is no JSON is parked by each service that hears it, the next visitors are served, and it can be discarded', async () => {
  const bad = await scrawl(world, '{"text":"an unmistakable sent');
  const { conversation } = await visitorWho('somebody waits');
  await eventually(() => expect(agent.mine()).toContain(conversation));
  const letters = await parked(3);
  expect(letters.map(({ consumer }) => consumer).sort()).toEqual([
    'conversation-routing',
    'conversation-views',
    'email-fallback',
  ]);
  for (const letter of letters)
    expect(letter).toMatchObject({ reason: 'unreadable', attempts: 1, subject: expect.stringContaining(bad) });
  expect(await viewOf(conversation)).toMatchObject({ messages: [1] });
  const { printed, code } = await commandLine('list');
  expect(code).toBe(0);
  for (const { id, words } of letters) for (const part of [id, words]) expect(printed).toContain(part);
  const [first, ...others] = letters.map(({ id }) => id) as [string, ...string[]];
  expect((await call('/replay', first)).status).toBe(409);
  expect((await call('/discard', first)).status).toBe(204);
  const discarded = await commandLine('discard', 'all');
  expect(discarded.code).toBe(0);
  expect(discarded.printed.trim().split('\n').sort()).toEqual(others.map((id) => `discarded ${id}`).sort());
  expect(await listed()).toEqual([]);
});

test('a fact that no document can hold is parked, the card goes on; the doors let in none like it', async () => {
  const visitor = world.visitor();
  await visitor.socket.ready();
  const tell = (name: string, data?: object) =>
    visitor.socket.send({ t: 'fact', id: newId(), fact: { kind: 'event', name, ...(data && { data }) } } as never);
  const names = async () => {
    const card = (await agent.query('visitor-card', { visitor: visitor.id() })) as { events?: { name: string }[] };
    return card.events?.map(({ name }) => name);
  };
  tell('first');
  await eventually(async () => expect(await names()).toEqual(['first']));
  await unkeepableFact(world, visitor.id());
  tell('behind it');
  await eventually(async () => expect(await names()).toEqual(['behind it', 'first']));
  hurry(world, 'visitor-tracking');
  const [letter] = (await parked(1)) as [Letter];
  expect(letter).toMatchObject({
    consumer: 'visitor-tracking',
    reason: 'handler-failed',
    words: expect.stringContaining('failed 20 times: BSONError'),
  });
  expect((await call('/replay', letter.id)).status).toBe(409);
  expect((await call('/discard', letter.id)).status).toBe(204);

  const before = (await world.admin.jsm.streams.info('TRACKING')).state.messages;
  tell('an unmistakable event', { 'a\0b': 1 });
  await eventually(() =>
    expect(visitor.frames()).toContainEqual(expect.objectContaining({ t: 'error', code: 'bad-frame' })),
  );
  expect((await world.admin.jsm.streams.info('TRACKING')).state.messages).toBe(before);
});
