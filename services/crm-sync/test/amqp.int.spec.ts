// The amqp connector on a real RabbitMQ: first alone with the delivery log in a real MongoDB, then the whole way from what a visitor says, while the broker is
// taken away and comes back, and from the CRM back to the dialogue.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, load, putSite, request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { openOutbound } from '@continuo/runtime';
import { freePort, type RunningRabbitMq, startRabbitMq } from '@continuo/servers';
import { connectStore, type Store } from '@continuo/store';
import { eventually, keepOut, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ChannelModel, type ConfirmChannel, connect, type GetMessage } from 'amqplib';
import { openAmqp } from '../src/connectors/amqp/amqp.ts';
import type { Crm, Lead, PacedOutbound } from '../src/connectors/connector.ts';
import { faultOf } from '../src/connectors/contract.ts';
import { CrmError } from '../src/connectors/crm-error.ts';
import { type Deliveries, openDeliveries } from '../src/connectors/push/deliveries.ts';
import { type PushMessage, pushMessages } from '../src/connectors/push/messages.ts';
import { partMarker } from '../src/domain/note.ts';
import { expectSaidOnce } from './crm-holds.ts';
import { dialogueIn } from './dialogue.ts';
import { lineTo } from './line.ts';

let dir: string;
let port: number;
let rabbit: RunningRabbitMq;
let world: World;
let store: Store;
let deliveries: Deliveries;
/** The company's own connection. */
let company: ChannelModel;
let channel: ConfirmChannel;

/** Continuo's own user at the broker: long enough to be looked for in the logs. */
const account = { username: 'continuo', password: `broker-${newId()}-secret` };
/** The rights that docs/amqp.md lists, for exchanges (x.…) that are there, for queues of contacts, and for exchanges that are to be made. */
const RIGHTS = { configure: '^(contacts|made)\\.', write: '^(x|contacts|made)\\.', read: '^(x|contacts)\\.' };
const grant = ({ configure, write, read }: typeof RIGHTS): Promise<void> =>
  rabbit.ctl('set_permissions', account.username, configure, write, read);

const startBroker = async (): Promise<void> => {
  rabbit = await startRabbitMq({ dir, port });
  company = await connect(rabbit.url);
  company.on('error', () => {});
  channel = await company.createConfirmChannel();
  channel.on('error', () => {});
};
const stopBroker = async (): Promise<void> => {
  await company.close().catch(() => {});
  await rabbit.stop();
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'continuo-amqp-'));
  port = await freePort();
  keepOut(account.password);
  [world] = await Promise.all([startWorld({ services: { conversation: 1, 'crm-sync': 2 } }), startBroker()]);
  await rabbit.ctl('add_user', account.username, account.password);
  await grant(RIGHTS);
  const { host, port: mongoPort, name } = world.database;
  store = await connectStore({ url: `mongodb://${host}:${mongoPort}/?directConnection=true`, database: name });
  deliveries = await openDeliveries(store);
}, 600_000);
afterAll(async () => {
  await store?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  await company?.close().catch(() => {});
  await rabbit?.stop();
  await rm(dir, { recursive: true, force: true });
}, 240_000);

const changeOf = (id: string, lead: string, contact: object) => ({
  id,
  v: 1,
  type: 'contact-changed',
  data: { lead, contact },
});

/** A queue of the company's, bound to an exchange of this test's. */
async function queueOn(exchange: string, ...keys: string[]): Promise<string> {
  const queue = `company.${newId()}`;
  await channel.assertExchange(exchange, 'topic', { durable: true });
  await channel.assertQueue(queue, { durable: true });
  for (const key of keys.length > 0 ? keys : ['#']) await channel.bindQueue(queue, exchange, key);
  return queue;
}
async function take(queue: string): Promise<{ raw: GetMessage; message: PushMessage }[]> {
  const all: { raw: GetMessage; message: PushMessage }[] = [];
  for (let raw = await channel.get(queue); raw; raw = await channel.get(queue)) {
    channel.ack(raw);
    const parsed = JSON.parse(raw.content.toString('utf8')) as PushMessage;
    // What is none of ours is for the test to judge.
    all.push({ raw, message: (pushMessages[parsed.type]?.parse(parsed) ?? parsed) as PushMessage });
  }
  return all;
}
/** As docs/amqp.md has a company bind its queue. */
async function keysOfThePage(): Promise<string[]> {
  const page = await readFile(new URL('../../../docs/amqp.md', import.meta.url), 'utf8');
  const [, things = '', rest = ''] = /for thing in ([a-z ]+); do\n.*routing_key="\$thing(\S+)"/.exec(page) ?? [];
  return things.split(' ').map((thing) => `${thing}${rest}`);
}

describe('the connector', () => {
  const site = newId();
  const open = (
    exchange: string,
    more: {
      url?: string;
      credentials?: object;
      allow?: string;
      waitMs?: number;
      pace?: NonNullable<PacedOutbound['pace']>;
    } = {},
  ): Crm =>
    openAmqp(
      {
        baseUrl: more.url ?? `amqp://127.0.0.1:${port}`,
        credentials: { ...account, exchange, ...more.credentials },
        outbound: { ...openOutbound(more.allow ?? '127.0.0.1:*'), ...(more.pace && { pace: more.pace }) },
        push: { site, id: 'crm', deliveries },
      },
      undefined,
      more.waitMs === undefined ? {} : { waitMs: more.waitMs },
    );
  const lead = (more: Partial<Lead> = {}): Lead => ({
    contact: {},
    visitorKey: newId(),
    title: 'Live chat · Shop',
    description: 'Page: https://shop.example.com',
    unnamed: 'Visitor',
    ...more,
  });

  test('a lead and a part arrive for good, each with its id, type and key', async () => {
    const exchange = `x.${newId()}`;
    const queue = await queueOn(exchange);
    const crm = open(exchange);
    await crm.check();
    const record = await crm.upsertLead(lead({ contact: { name: 'Фёдор 🎧' } }));
    const conversation = newId();
    const marker = partMarker(conversation, 1);
    await crm.upsertNote(record, { text: `שלום <b>\n${marker}`, marker });
    const got = await take(queue);
    expect(got.map(({ message }) => message.type)).toEqual(['connection-tested', 'lead-changed', 'transcript-changed']);
    for (const { raw, message } of got)
      expect([
        raw.fields.routingKey,
        raw.properties.messageId,
        raw.properties.type,
        raw.properties.deliveryMode,
      ]).toEqual([`${message.type.replace('-', '.')}.${site}`, message.id, message.type, 2]);
    expect(got[2]?.message.data).toMatchObject({ lead: record.id, conversation, part: 1, version: 1 });
  });

  test('each message waits for its turn in the bucket of the connection, and one that is stopped sends none', async () => {
    const exchange = `x.${newId()}`;
    const queue = await queueOn(exchange);
    const asked: unknown[] = [];
    let turn = (): void => {};
    const pace = (rate: unknown) => {
      asked.push(rate);
      return new Promise<void>((resolve) => {
        turn = resolve;
      });
    };
    const work = open(exchange, { pace }).upsertLead(lead());
    await eventually(() => expect(asked).toHaveLength(1));
    expect(asked).toEqual([{ perSecond: expect.any(Number), burst: expect.any(Number) }]);
    expect(await take(queue)).toEqual([]);
    turn();
    await work;
    expect(await take(queue)).toHaveLength(1);
    const stopped = open(exchange, { pace: () => Promise.reject(new CrmError('refused-access', 'Stopped.')) });
    expect((await faultOf(stopped.upsertLead(lead()))).fault).toBe('refused-access');
    expect(await take(queue)).toEqual([]);
  });

  test('what no queue takes is not delivered: it is set aside in words, and arrives when one is bound', async () => {
    const exchange = `x.${newId()}`;
    const elsewhere = await queueOn(exchange, 'transcript.changed.*');
    const crm = open(exchange);
    const conversation = newId();
    const mine = lead({ conversation });
    const error = await faultOf(crm.upsertLead(mine));
    expect(error).toMatchObject({ fault: 'invalid', message: expect.stringMatching(/No queue takes.*lead\.changed/) });
    expect(error.unbound).toBe(`lead.changed.${site}`);
    expect((await deliveries.list({ site, id: 'crm' }, conversation))[0]).toMatchObject({
      state: 'waiting',
      attempts: [{ outcome: 'invalid', words: expect.stringMatching(/bind one/) }],
    });
    const queue = await queueOn(exchange, 'lead.changed.*');
    await crm.upsertLead(mine);
    expect((await take(queue)).map(({ message }) => message.id)).toEqual([
      (await deliveries.list({ site, id: 'crm' }, conversation))[0]?.id,
    ]);
    expect(await take(elsewhere)).toEqual([]);
  });

  test('a confirmation that is lost leaves a message that comes again with the same id', async () => {
    const exchange = `x.${newId()}`;
    const queue = await queueOn(exchange);
    await using line = await lineTo(port);
    const crm = open(exchange, { url: `amqp://127.0.0.1:${line.port}`, waitMs: 2_000 });
    await crm.check();
    await take(queue);
    const mine = lead();
    line.loseAnswers();
    const error = await faultOf(crm.upsertLead(mine));
    expect([error.fault, error.outcomeUnknown]).toEqual(['unreachable', true]);
    line.heal();
    await crm.upsertLead(mine);
    const ids = (await take(queue)).map(({ message }) => message.id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  test('a broken connection is told, and the next message opens another', async () => {
    const exchange = `x.${newId()}`;
    const queue = await queueOn(exchange);
    await using line = await lineTo(port);
    const crm = open(exchange, { url: `amqp://127.0.0.1:${line.port}` });
    await crm.check();
    line.loseAnswers();
    const work = faultOf(crm.upsertLead(lead()));
    await eventually(() => expect(line.lost()).toBe(true));
    line.cut();
    expect((await work).fault).toBe('unreachable');
    line.heal();
    const mine = lead();
    await crm.upsertLead(mine);
    expect((await take(queue)).map(({ message }) => (message.data as { lead?: string }).lead)).toContain(
      mine.visitorKey,
    );
  });

  test.each([
    ['a wrong password', { credentials: { password: 'wrong' } }, 'refused-access', /user/],
    ['a virtual host that is not there', { path: '/nowhere' }, 'invalid', /virtual host/],
    ['an address inside the installation', { allow: '' }, 'invalid', /CONTINUO_OUTBOUND_ALLOW/],
  ] as const)(
    '%s is said in words',
    async (_what, { path = '', ...more }: { path?: string; [k: string]: unknown }, fault, words) => {
      const url = `amqp://127.0.0.1:${port}${path}`;
      const error = await faultOf(open(`x.${newId()}`, { url, ...more }).check());
      expect(error).toMatchObject({ fault, message: expect.stringMatching(words) });
    },
  );

  test('a name that leads inside is not connected to', async () => {
    const crm = open(`x.${newId()}`, { url: `amqp://localhost:${port}`, allow: '' });
    expect(await faultOf(crm.check())).toMatchObject({ fault: 'invalid', message: expect.stringMatching(/OUTBOUND/) });
  });

  test('an exchange of another kind is said in words', async () => {
    const exchange = `made.${newId()}`;
    await channel.assertExchange(exchange, 'fanout', { durable: true });
    expect(await faultOf(open(exchange).check())).toMatchObject({
      fault: 'invalid',
      message: expect.stringMatching(/topic/),
    });
  });

  test('a broker that is not there was not told', async () => {
    const error = await faultOf(open('x', { url: 'amqp://127.0.0.1:9' }).upsertLead(lead()));
    expect([error.fault, error.outcomeUnknown]).toEqual(['unreachable', false]);
  });
});

describe('a site with RabbitMQ', () => {
  let site: string;
  let exchange: string;
  let queue: string;
  let contacts: string;
  /** What a company would have in its database: ids seen once, of each thing the greatest version. */
  let held: Map<string, { version: number; text?: string; contact?: object }>;
  /** Of all that came. */
  let types: Set<string>;
  const envelope = () => ({ id: newId(), site, actor: { kind: 'operator', id: 'test' } as const });

  beforeEach(async () => {
    site = newId();
    exchange = `x.${site}`;
    contacts = `contacts.${site}`;
    held = new Map();
    types = new Set();
    queue = await queueOn(exchange, ...(await keysOfThePage()));
    await putSite(world.admin, { ...world.site, id: site, crm: { windowSeconds: 1 } });
    const credentials = { ...account, exchange, contactsQueue: contacts };
    const connection = { connector: 'amqp', baseUrl: `amqp://127.0.0.1:${port}`, credentials };
    expect(await request(world.operator, 'save-crm-connection', envelope(), { connection })).toEqual({ ok: true });
  });

  async function read(): Promise<void> {
    for (const { message } of await take(queue)) {
      types.add(message.type);
      const { data } = message as Exclude<PushMessage, { type: 'connection-tested' }>;
      const key = 'part' in data ? `${data.conversation} ${data.part}` : data.lead;
      if ((held.get(key)?.version ?? 0) < data.version) held.set(key, data);
    }
  }
  const arrived = (dialogue: { conversation: string; said: string[] }) =>
    eventually(
      async () => {
        await read();
        const parts = [...held].filter(([key]) => key.startsWith(`${dialogue.conversation} `));
        expectSaidOnce(parts.map(([, { text }]) => text).join(''), dialogue.said);
      },
      { withinMs: 90_000 },
    );
  const tell = async (content: object): Promise<void> => {
    channel.publish(exchange, `contact.changed.${site}`, Buffer.from(JSON.stringify(content)), { persistent: true });
    await channel.waitForConfirms();
  };
  const readerThere = () =>
    eventually(async () => {
      const own = await company.createChannel();
      own.on('error', () => {});
      expect((await own.checkQueue(contacts)).consumerCount).toBeGreaterThan(0);
      await own.close();
    });

  test('a dialogue arrives while it runs; what is said while the broker restarts arrives after it, once', async () => {
    const dialogue = dialogueIn(world.admin, site);
    await dialogue.say('Здравствуйте! 💡');
    await arrived(dialogue);
    await stopBroker();
    await dialogue.say('into the gap', 'agent');
    await eventually(
      async () => {
        const reply = await ask(world.admin, 'crm-link', envelope(), { conversation: dialogue.conversation });
        expect(reply.ok && reply.row?.failure?.words).toMatch(/broker/);
      },
      { withinMs: 60_000 },
    );
    await startBroker();
    await arrived(dialogue);
    // And a connection that is kept for the next message keeps no process.
    for (let replica = 0; replica < 2; replica++) {
      expect(await world.drain('crm-sync')).toBe(0);
      await world.start('crm-sync');
    }
  }, 300_000);

  test('a queue of contacts that may not be read is said, with what to grant; when it is granted it is read', async () => {
    const other = newId();
    const own = `x.${other}`;
    await queueOn(own);
    await grant({ ...RIGHTS, read: '^contacts\\.' });
    await putSite(world.admin, { ...world.site, id: other, crm: { windowSeconds: 1 } });
    const credentials = { ...account, exchange: own, contactsQueue: `contacts.${other}` };
    const connection = { connector: 'amqp', baseUrl: `amqp://127.0.0.1:${port}`, credentials };
    const mine = { ...envelope(), site: other };
    expect(await request(world.operator, 'save-crm-connection', mine, { connection })).toEqual({ ok: true });
    const said = new RegExp(`not read.*“contacts\\.${other}”.*grant.*read.*“${own.replace('.', '\\.')}”`, 'i');
    const standing = async () => {
      const reply = await ask(world.admin, 'crm-connection', { ...envelope(), site: other }, {});
      return reply.ok ? reply.connection : undefined;
    };
    await eventually(async () => expect((await standing())?.unread).toMatch(said), { withinMs: 60_000 });
    const test = () => request(world.operator, 'test-crm', { ...envelope(), site: other }, {});
    expect(await test()).toMatchObject({ ok: false, refusal: 'contacts-unread', words: expect.stringMatching(said) });
    // What is published goes all the same.
    expect(await standing()).toMatchObject({ state: 'works' });
    await grant(RIGHTS);
    expect(await test()).toEqual({ ok: true });
    await eventually(async () => expect((await standing())?.unread).toBeUndefined(), { withinMs: 60_000 });
  }, 180_000);

  test('contacts are read across a restart of the broker: what waited in the queue, and what comes after it, each once', async () => {
    const dialogue = dialogueIn(world.admin, site);
    await dialogue.say('who am I?');
    await arrived(dialogue);
    await readerThere();
    // Nobody takes it before the broker goes.
    for (const process of world.running('crm-sync')) process.signal('SIGSTOP');
    await tell(changeOf('1', dialogue.visitor, { name: 'Анна' }));
    await stopBroker();
    for (const process of world.running('crm-sync')) process.signal('SIGCONT');
    await startBroker();
    await readerThere();
    await tell(changeOf('2', dialogue.visitor, { name: 'Анна', externalId: '4711' }));
    await eventually(
      async () => {
        const { events } = await load(world.admin, 'CONVERSATION', site, dialogue.conversation);
        expect(events.filter(({ type }) => type === 'contact-identified').map(({ data }) => data)).toEqual([
          { contact: { name: 'Анна' }, how: 'crm' },
          { contact: { externalId: '4711' }, how: 'crm' },
        ]);
      },
      { withinMs: 90_000 },
    );
    expect((await channel.checkQueue(contacts)).messageCount).toBe(0);
  }, 300_000);

  test('a contact that changed in the CRM is known in the dialogue; what cannot be understood is parked with the reason', async () => {
    const dialogue = dialogueIn(world.admin, site);
    await dialogue.say('who am I?');
    await arrived(dialogue);
    await readerThere();
    const own = await queueOn(exchange, 'contact.changed.#');
    await tell({ nonsense: true });
    await tell(changeOf('1', 'nobody', { name: 'x' }));
    await tell(changeOf('2', dialogue.visitor, { email: 'not an address' }));
    for (let i = 0; i < 3; i++)
      await tell(changeOf('3', dialogue.visitor, { name: 'Анна', email: 'anna@example.com', externalId: '4711' }));
    const known = { name: 'Анна', email: 'anna@example.com', externalId: '4711' };
    await eventually(async () => {
      const { events } = await load(world.admin, 'CONVERSATION', site, dialogue.conversation);
      expect(events.filter(({ type }) => type === 'contact-identified').map(({ data }) => data)).toEqual([
        { contact: known, how: 'crm' },
      ]);
    });
    // And it is told on, as everything that becomes known.
    await eventually(async () => {
      await read();
      expect(held.get(dialogue.visitor)?.contact).toEqual(known);
    });
    // Of what the company says nothing comes back to it: it would have stood before what was told on.
    expect((await channel.checkQueue(own)).messageCount).toBe(6);
    expect([...types].sort()).toEqual(['lead-changed', 'transcript-changed']);
    const reasons: unknown[] = [];
    await eventually(async () => {
      for (let raw = await channel.get(`${contacts}.parked`); raw; raw = await channel.get(`${contacts}.parked`)) {
        channel.ack(raw);
        reasons.push(raw.properties.headers?.['x-parked-because']);
      }
      expect(reasons).toHaveLength(3);
    });
    expect(reasons.sort()).toEqual([
      'data.lead: there is no dialogue of this lead',
      expect.stringMatching(/^id: invalid_type/),
      'refused: invalid-email',
    ]);
  }, 180_000);
});
