// An hour without NATS, MongoDB, the CRM or the mail server, by the test's clock: people are told where it matters to them, nothing is parked, no attempt is
// counted, and when it is back everything catches up by itself, once and in order.

import { newId } from '@continuo/contracts';
import {
  eventually,
  type Gate,
  gateTo,
  startWorld,
  type TestAgent,
  type TestVisitor,
  type World,
} from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const HOUR = 3_600_000;
let stack: AsyncDisposableStack;
let world: World;
let crm: Gate;
let agent: TestAgent;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  world = stack.use(
    await startWorld({
      ownMongo: true,
      crm: true,
      crmAddress: async (real) => {
        crm = stack.use(await gateTo(real));
        return crm.url;
      },
      site: { crm: { windowSeconds: 1 } },
    }),
  );
  agent = await world.agent(0);
  await agent.goOnline();
}, 600_000);
afterAll(() => stack.disposeAsync());

/** A dialogue between the agent and a visitor who left his e-mail. */
async function dialogue(): Promise<{ visitor: TestVisitor; conversation: string; email: string }> {
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('before');
  const conversation = visitor.conversation() as string;
  const email = `${newId()}@visitor.example`;
  await visitor.socket.command('identify-contact', { conversation, email });
  await eventually(() => expect(agent.mine()).toContain(conversation));
  return { visitor, conversation, email };
}

const texts = (messages: { text: string }[]): string[] => messages.map(({ text }) => text);

/** Both screens, MongoDB and the CRM hold these texts, each once. */
async function everywhere({ visitor, conversation }: { visitor: TestVisitor; conversation: string }, said: string[]) {
  await eventually(() => expect(texts(visitor.messages())).toEqual(said));
  await eventually(() => expect(texts(agent.messages(conversation))).toEqual(said));
  await eventually(async () => {
    const stored = await world.database.collection('conversation_events').find({ conversation }).toArray();
    expect(stored.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      visitor.events().map(({ number }) => number),
    );
    const view = await world.database.collection<{ _id: string }>('conversations').findOne({ _id: conversation });
    expect(view).toMatchObject({ number: visitor.events().length });
  });
  await inCrm(conversation, { state: 'pushed' });
}

async function inCrm(conversation: string, row: object): Promise<void> {
  await eventually(async () => expect(await agent.query('crm-link', { conversation })).toMatchObject({ row }), {
    withinMs: 90_000,
  });
}

async function nothingParked(): Promise<void> {
  expect((await world.admin.jsm.streams.info('DEAD_LETTERS')).state.messages).toBe(0);
}

const CONSUMERS = ['conversation-views', 'conversation-routing', 'crm-sync', 'email-fallback'];

/**
 * How often messages were delivered beyond the first time, over all consumers of conversations, once nothing is in hand. (An acknowledgement that an earlier
 * outage of NATS swallowed brings its message again after half a minute: that is no repeat of what comes next.)
 */
function repeats(): Promise<number> {
  return eventually(
    async () => {
      let sum = 0;
      for (const name of CONSUMERS) {
        const { delivered, num_ack_pending, num_pending } = await world.admin.jsm.consumers.info('CONVERSATION', name);
        expect([name, num_ack_pending, num_pending]).toEqual([name, 0, 0]);
        sum += delivered.consumer_seq - delivered.stream_seq;
      }
      return sum;
    },
    { withinMs: 60_000 },
  );
}

/** How often a service has found something away or failed, as far as its log tells. */
const troubles = async (service: string): Promise<number> =>
  (await world.logs())
    .split('\n')
    .filter(
      (line) =>
        line.includes(`"service":"${service}"`) &&
        /A dependency is away|A handler failed|A mail did not go out/.test(line),
    ).length;
/** An outage that ends before anybody meets it shows nothing. */
const met = (service: string, before: number) =>
  eventually(async () => expect(await troubles(service)).toBeGreaterThan(before), { withinMs: 60_000 });

const told = (visitor: TestVisitor, up: boolean) =>
  eventually(() => expect(visitor.frames()).toContainEqual({ t: 'service', up }));

test('NATS is away for an hour: the widget says so, what was written meanwhile is stored once, and all others catch up', async () => {
  const one = await dialogue();
  await world.nats.away();
  const meanwhile = [one.visitor.say('meanwhile'), agent.reply(one.conversation, 'an answer meanwhile')];
  await told(one.visitor, false);
  expect(one.visitor.frames()).not.toContainEqual({ t: 'service', up: true });
  await world.clock.advance(HOUR);
  await world.nats.back();
  await told(one.visitor, true);
  await Promise.all(meanwhile);
  const said = one.visitor.messages().slice(1);
  expect(texts(said).sort()).toEqual(['an answer meanwhile', 'meanwhile']);
  await everywhere(one, ['before', ...texts(said)]);
  await nothingParked();
  await agent.closeDialogue(one.conversation);
}, 240_000);

/** Of somebody who knows the password, in a browser that the gateway has not seen. */
const logIn = async (): Promise<{ status: number; cookies: string[]; words?: string }> => {
  const [gateway] = world.gateways() as [string];
  const { email, password } = world.employees[1] as { email: string; password: string };
  const answer = await fetch(`${gateway}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-continuo': 'console', origin: gateway },
    body: JSON.stringify({ email, password }),
  });
  const { words } = (answer.status === 204 ? {} : await answer.json()) as { words?: string };
  return { status: answer.status, cookies: answer.headers.getSetCookie(), ...(words !== undefined && { words }) };
};

test('MongoDB is away for an hour: people talk on as if nothing had happened, and the inbox catches up', async () => {
  const one = await dialogue();
  await everywhere(one, ['before']);
  const before = await repeats();
  const troublesBefore = await troubles('conversation');
  await world.mongo.away();
  // Attempts are counted there: none is made uncounted.
  const refused = logIn();
  await one.visitor.say('meanwhile');
  await agent.reply(one.conversation, 'an answer meanwhile');
  await eventually(() => expect(texts(one.visitor.messages())).toEqual(['before', 'meanwhile', 'an answer meanwhile']));
  one.visitor.socket.cut();
  await world.clock.advance(HOUR);
  await one.visitor.say('later');
  expect(one.visitor.frames()).not.toContainEqual({ t: 'service', up: false });
  // The driver waits for a server for twenty seconds before it gives up.
  await met('conversation', troublesBefore);
  const words = 'Logging in does not work at the moment. Try again in a minute.';
  expect(await refused).toEqual({ status: 503, cookies: [], words });
  await world.mongo.back();
  await eventually(async () => expect((await logIn()).status).toBe(204));
  await everywhere(one, ['before', 'meanwhile', 'an answer meanwhile', 'later']);
  expect(await repeats()).toBe(before);
  await nothingParked();
  await agent.closeDialogue(one.conversation);
}, 240_000);

test('the CRM is away for an hour: the employee sees that it waits, and it is written when the CRM is back', async () => {
  const one = await dialogue();
  await everywhere(one, ['before']);
  const before = await repeats();
  await crm.away();
  await one.visitor.say('meanwhile');
  const tried = { failure: 'unreachable', retryAt: expect.any(Number) };
  await inCrm(one.conversation, { state: 'pending', failure: expect.objectContaining(tried) });
  await world.clock.advance(HOUR);
  await one.visitor.say('later');
  await crm.back();
  await world.clock.advance(HOUR);
  await everywhere(one, ['before', 'meanwhile', 'later']);
  expect(await repeats()).toBe(before);
  await nothingParked();
  await agent.closeDialogue(one.conversation);
}, 240_000);

test('the mail server is away for an hour: the answer goes out once when it is back', async () => {
  const one = await dialogue();
  const before = await repeats();
  const troublesBefore = await troubles('email-fallback');
  await world.mail.refuseConnections();
  await agent.reply(one.conversation, 'an unseen answer');
  const mails = () => world.mail.mails().filter(({ to }) => to.includes(one.email));
  // Once the answer has been heard of, its timer stands.
  expect(await repeats()).toBe(before);
  await world.clock.advance(HOUR);
  await met('email-fallback', troublesBefore);
  expect(mails()).toEqual([]);
  await world.mail.acceptConnections();
  await eventually(async () => {
    await world.clock.advance(HOUR / 4);
    expect(mails()).toHaveLength(1);
  });
  await world.clock.advance(HOUR);
  await everywhere(one, ['before', 'an unseen answer']);
  expect(mails().map(({ text }) => text)).toEqual([expect.stringContaining('an unseen answer')]);
  expect(await repeats()).toBe(before);
  await nothingParked();
}, 240_000);
