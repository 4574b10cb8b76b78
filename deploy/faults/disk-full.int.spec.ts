// Disks that are really full. Under JetStream – not only the share that a stream may take of it, which is refused in words of its own. nats-server then answers
// no append to that stream until it is started again with room to write, and a supervisor has to do that (docs/operations.md). People are told, nothing
// acknowledged is lost, and what they wrote meanwhile is stored once. Under MongoDB: mongod ends itself, and a supervisor starts it again where there is room;
// people talk on meanwhile, and all that waited for it goes on by itself.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { eventually, startWorld, type TestAgent, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mayMount, newFolder, type TinyDisk, tinyDisk } from './tiny-disk.ts';

const asRoot = mayMount() ? test : test.skip;
const stack = new AsyncDisposableStack();
let disk: TinyDisk;
let mongoDisk: TinyDisk;
let world: World;
let agent: TestAgent;
beforeAll(async () => {
  if (!mayMount()) return;
  const natsDir = await newFolder();
  stack.defer(() => rm(natsDir, { recursive: true, force: true }));
  disk = stack.use(await tinyDisk(natsDir, 'jetstream', 32));
  const mongoDir = await newFolder();
  stack.defer(() => rm(mongoDir, { recursive: true, force: true }));
  // mongod takes 300 MB for its journal before anything is stored.
  mongoDisk = stack.use(await tinyDisk(mongoDir, 'mongo', 400));
  const dirs = { natsDir, mongoDir: mongoDisk.dir, ownMongo: true };
  world = stack.use(await startWorld({ services: { gateway: 1, conversation: 1 }, ...dirs }));
  agent = await world.agent(0);
  await agent.goOnline();
}, 240_000);
afterAll(() => stack.disposeAsync(), 60_000);

const texts = (visitor: TestVisitor): string[] => visitor.messages().map(({ text }) => text);
async function probe(port: number, path: 'livez' | 'readyz'): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/${path}`);
  return `${answer.status} ${(await answer.text()).trim()}`;
}
/** Numbers of the conversation's events as the stream holds them. */
async function stored(visitor: TestVisitor): Promise<number[]> {
  const subject = `conversation.${world.site.id}.${visitor.conversation()}`;
  const numbers: number[] = [];
  for (let seq = 1; ; ) {
    const message = await world.admin.jsm.direct.getMessage('CONVERSATION', { seq, next_by_subj: subject });
    if (!message) return numbers;
    numbers.push(Number(message.header.get('Continuo-Number')));
    seq = message.seq + 1;
  }
}

asRoot(
  'a full disk: people are told, what was acknowledged stands, and what they wrote meanwhile is stored once',
  async () => {
    const visitor = world.visitor();
    await visitor.socket.ready();
    await visitor.say('its first words');
    const conversation = visitor.conversation() as string;
    await eventually(() => expect(agent.mine()).toContain(conversation));

    await disk.fill(24_000);
    const long = '長'.repeat(1_000);
    const acknowledged: string[] = [];
    const said = Array.from({ length: 16 }, (_, index) => `${index} ${long}`);
    const saying = said.map((text) => visitor.say(text).then(() => void acknowledged.push(text)));
    saying.push(agent.reply(conversation, 'an answer').then(() => void acknowledged.push('an answer')));
    const told = { t: 'refused', words: expect.stringMatching(/again/), retryAfterMs: expect.any(Number) };
    for (const { frames } of [visitor, agent])
      await eventually(() => expect(frames()).toContainEqual(expect.objectContaining(told)));
    const seen = world.visitor();
    await seen.socket.ready();
    for (const { frames } of [visitor, agent, seen])
      await eventually(() => expect(frames()).toContainEqual({ t: 'service', up: false }), { withinMs: 60_000 });
    expect(acknowledged.length).toBeLessThan(saying.length);
    const before = [...acknowledged];
    for (const text of before) expect(texts(visitor)).toContain(text);
    expect((await stored(visitor)).length).toBeGreaterThanOrEqual(before.length + 1);

    await disk.makeRoom();
    await world.nats.away();
    await world.nats.back();
    await Promise.all(saying);
    for (const { frames } of [visitor, agent, seen])
      await eventually(() =>
        expect(
          frames()
            .filter(({ t }) => t === 'service')
            .at(-1),
        ).toMatchObject({ up: true }),
      );
    await eventually(() => expect(texts(visitor).sort()).toEqual(['its first words', 'an answer', ...said].sort()));
    await eventually(() => expect(agent.messages(conversation)).toEqual(visitor.messages()));
    expect(await stored(visitor)).toEqual(visitor.events().map((_, index) => index + 1));
    expect((await world.admin.jsm.streams.info('DEAD_LETTERS')).state.messages).toBe(0);
    await visitor.say('afterwards');
    expect(texts(visitor).at(-1)).toBe('afterwards');
  },
  120_000,
);

asRoot(
  'MongoDB’s disk is full: people talk on and are told what does not work; nothing acknowledged is lost, and all catches up by itself',
  async () => {
    const visitor = world.visitor();
    await visitor.socket.ready();
    await visitor.say('before');
    const conversation = visitor.conversation() as string;
    await eventually(() => expect(agent.mine()).toContain(conversation));
    const inbox = () => agent.query('inbox', { filter: 'all', limit: 10 });
    await eventually(async () =>
      expect(JSON.stringify(await inbox())).toContain(`"conversation":"${conversation}","number":`),
    );

    await mongoDisk.fill(0);
    const [employee] = world.employees;
    const settings = { id: newId(), site: world.site.id, name: 'Ada', email: 'ada@nordhem.example', capacity: 3 };
    const envelope = { id: newId(), site: world.site.id, actor: { kind: 'operator', id: 'test' } as const };
    const saved = await request(world.operator, 'save-agent', envelope, { settings: { ...settings, role: 'agent' } });
    expect(saved).toEqual({ ok: true });
    // The journal has its room already; what does not fit is what a checkpoint writes.
    const junk = world.database.collection('junk');
    await eventually(async () => {
      await junk.insertOne({ junk: randomBytes(500_000) }).catch(() => {});
      await world.database.db
        ?.admin()
        .command({ fsync: 1 })
        .catch(() => {});
      expect(world.database.readyState).not.toBe(1);
    });

    await visitor.say('meanwhile');
    await agent.reply(conversation, 'an answer meanwhile');
    await eventually(() => expect(texts(visitor)).toEqual(['before', 'meanwhile', 'an answer meanwhile']));
    expect(visitor.frames()).not.toContainEqual({ t: 'service', up: false });
    const refusedInbox = expect(inbox()).rejects.toThrow(/unavailable|does not answer/);
    const [gateway] = world.gateways();
    const login = await fetch(`${gateway}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-continuo': 'console', origin: gateway as string },
      body: JSON.stringify({ email: employee?.email, password: employee?.password }),
    });
    expect(login.status).toBe(503);
    for (const { port } of world.running('conversation'))
      await eventually(async () => expect(await probe(port, 'readyz')).toMatch(/^503 .*MongoDB does not answer/));
    // A gateway has no better neighbour, and tells people itself.
    for (const { port } of world.running('gateway')) expect(await probe(port, 'readyz')).toBe('200 ready');
    for (const { port } of [...world.running('gateway'), ...world.running('conversation')]) {
      // Whoever starts anew what does not live would only take people's sockets away.
      expect(await probe(port, 'livez')).toBe('200 alive');
    }
    await refusedInbox;

    await mongoDisk.makeRoom();
    await world.mongo.away();
    await world.mongo.back();
    const view = () => world.database.collection<{ _id: string }>('conversations').findOne({ _id: conversation });
    await eventually(async () => expect(await view()).toMatchObject({ number: visitor.events().length }), {
      withinMs: 60_000,
    });
    const numbers = (await world.database.collection('conversation_events').find({ conversation }).toArray()).map(
      ({ number }) => number,
    );
    expect(numbers.sort((a, b) => a - b)).toEqual(visitor.events().map((_, index) => index + 1));
    const agents = world.database.collection<{ _id: string }>('agents');
    expect(await agents.findOne({ _id: settings.id })).toMatchObject({ name: 'Ada' });
    await eventually(async () => expect(JSON.stringify(await inbox())).toContain('an answer meanwhile'));
    for (const { port } of [...world.running('gateway'), ...world.running('conversation')])
      await eventually(async () => expect(await probe(port, 'readyz')).toBe('200 ready'));
    expect((await world.admin.jsm.streams.info('DEAD_LETTERS')).state.messages).toBe(0);
  },
  180_000,
);
