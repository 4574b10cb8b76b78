// The webhook connector against a receiver on this machine: first the connector alone with the delivery log in a real MongoDB, then the whole way from what
// a visitor says, with two replicas of crm-sync.
import { spawnSync } from 'node:child_process';
import { ask, putSite, request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { openOutbound } from '@continuo/runtime';
import { connectStore, type Store } from '@continuo/store';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Crm, Lead } from '../src/connectors/connector.ts';
import { faultOf } from '../src/connectors/contract.ts';
import { type Deliveries, openDeliveries } from '../src/connectors/push/deliveries.ts';
import { openWebhook, webhook } from '../src/connectors/webhook/webhook.ts';
import { partMarker } from '../src/domain/note.ts';
import { expectSaidOnce } from './crm-holds.ts';
import { dialogueIn } from './dialogue.ts';
import { codeOf, startReceiver, verification, type WebhookReceiver } from './webhook-receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OLD = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

let world: World;
let store: Store;
let deliveries: Deliveries;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await startReceiver(SECRET);
  world = await startWorld({ services: { 'crm-sync': 2 } });
  const { host, port, name } = world.database;
  store = await connectStore({ url: `mongodb://${host}:${port}/?directConnection=true`, database: name });
  deliveries = await openDeliveries(store);
}, 600_000);
afterAll(async () => {
  await store?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
}, 240_000);
beforeEach(() => receiver.heal());

describe('the connector', () => {
  const site = newId();
  const connect = (
    more: {
      credentials?: Record<string, string>;
      allow?: string;
      now?: () => number;
      waitMs?: number;
      url?: string;
    } = {},
  ): Crm =>
    openWebhook(
      {
        baseUrl: more.url ?? receiver.url,
        credentials: more.credentials ?? { secret: SECRET },
        outbound: openOutbound(more.allow ?? '127.0.0.1:*'),
        push: { site, id: 'crm', deliveries },
      },
      undefined,
      { ...(more.now && { now: more.now }), ...(more.waitMs !== undefined && { waitMs: more.waitMs }) },
    );
  const lead = (more: Partial<Lead> = {}): Lead => ({
    contact: {},
    visitorKey: newId(),
    title: 'Live chat · Shop',
    description: 'Page: https://shop.example.com',
    unnamed: 'Visitor',
    ...more,
  });
  const part = (conversation: string, text: string, number = 1) => {
    const marker = partMarker(conversation, number);
    return { text: `${text}\n${marker}`, marker };
  };
  const last = () => receiver.received.at(-1) as (typeof receiver.received)[number];

  test('a saved connection is tested with a signed message that changes nothing', async () => {
    await connect().check();
    expect(last().message.type).toBe('connection-tested');
  });

  test('a secret that is short, or no secret, is refused in words before anything is sent', () => {
    const check = webhook.describe.credentials;
    expect(check.safeParse({ secret: SECRET }).success).toBe(true);
    for (const secret of ['', 'hunter2', 'whsec_', 'whsec_c2hvcnQ=', `${SECRET} `])
      expect({ secret, ok: check.safeParse({ secret }).success }).toEqual({ secret, ok: false });
  });

  test('a lead and a part arrive with what is known', async () => {
    const crm = connect();
    const mine = lead({ contact: { name: 'Фёдор 🎧', email: 'f@example.com' } });
    const record = await crm.upsertLead(mine);
    const conversation = newId();
    await crm.upsertNote(record, part(conversation, '👩‍👩‍👧 שלום <script>alert(1)</script> & "a<b и c>d"'));
    expect(receiver.lead(mine.visitorKey)).toMatchObject({ version: 1, contact: mine.contact, title: mine.title });
    expect(receiver.text(conversation)).toContain('👩‍👩‍👧 שלום <script>alert(1)</script> & "a<b и c>d"');
  });

  test('half an emoji and NUL do not reach a receiver', async () => {
    const crm = connect();
    const conversation = newId();
    const record = await crm.upsertLead(lead({ title: 'a\ud83d', contact: { name: 'b\0c' } }));
    await crm.upsertNote(record, part(conversation, 'x\ud83dy\0z'));
    expect(receiver.lead(record.id)).toMatchObject({ title: 'a\uFFFD', contact: { name: 'b\uFFFDc' } });
    expect(receiver.text(conversation)).toContain('x\uFFFDy\uFFFDz');
  });

  test('what grows is the next version; what is sent again is the same message, byte for byte', async () => {
    const crm = connect();
    const record = await crm.upsertLead(lead());
    const conversation = newId();
    await crm.upsertNote(record, part(conversation, 'one'));
    const first = last();
    await crm.upsertNote(record, part(conversation, 'one'));
    const repeat = last();
    await crm.upsertNote(record, part(conversation, 'one\ntwo'));
    const next = last();
    expect(repeat.body.equals(first.body)).toBe(true);
    expect(repeat.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(next.headers['webhook-id']).not.toBe(first.headers['webhook-id']);
    expect([first, next].map(({ message }) => (message.data as { version: number }).version)).toEqual([1, 2]);
  });

  test('what goes back to how it was is a version of its own, not a repeat', async () => {
    const crm = connect();
    const mine = lead();
    for (const name of ['Anna', 'Anne', 'Anna']) await crm.upsertLead({ ...mine, contact: { name } });
    expect(receiver.lead(mine.visitorKey)).toMatchObject({ version: 3, contact: { name: 'Anna' } });
  });

  test('two dialogues of one visitor that are not taken send each its own message again; taken at last, the lead is what came last', async () => {
    const crm = connect();
    const visitorKey = newId();
    const [a, b] = ['first', 'second'].map((description) => lead({ visitorKey, description, conversation: newId() }));
    const [first, second] = [a as Lead, b as Lead];
    const before = receiver.received.length;
    const sent = () => receiver.received.slice(before).map(({ message }) => message.data as { version: number });
    receiver.next({ answer: 422 }, 6);
    for (let round = 0; round < 3; round++)
      for (const one of [first, second]) await expect(crm.upsertLead(one)).rejects.toThrow();
    expect(sent().map(({ version }) => version)).toEqual([1, 2, 1, 2, 1, 2]);
    await crm.upsertLead(second);
    // Sent as what it was, it would be dropped as old, with all that only this dialogue knows.
    await crm.upsertLead(first);
    expect(receiver.lead(visitorKey)).toMatchObject({ version: 3, description: 'first' });
  });

  test('two replicas that send the same thing at once send one message', async () => {
    const mine = lead();
    const before = receiver.received.length;
    await Promise.all([1, 2, 3, 4].map(() => connect().upsertLead(mine)));
    const ids = receiver.received.slice(before).map(({ message }) => message.id);
    expect([ids.length, new Set(ids).size]).toEqual([4, 1]);
  });

  test('the verification code of the guide takes what is sent, and nothing that was changed, is old or of another secret', async () => {
    const isFromContinuo = await verification();
    await connect().upsertLead(lead());
    const { headers, body } = last();
    const sent = Number(headers['webhook-timestamp']) * 1000;
    const changed = Buffer.from(body.toString().replace('Shop', 'Shed'));
    const verdicts = [
      isFromContinuo(SECRET, headers, body),
      isFromContinuo(SECRET, headers, changed),
      isFromContinuo(OLD, headers, body),
      isFromContinuo(SECRET, headers, body, sent + 301_000),
      isFromContinuo(SECRET, headers, body, sent - 301_000),
      isFromContinuo(SECRET, { ...headers, 'webhook-id': newId() }, body),
      isFromContinuo(SECRET, { ...headers, 'webhook-timestamp': String(sent / 1000 + 1) }, body),
      isFromContinuo(SECRET, { ...headers, 'webhook-signature': 'v1,' }, body),
    ];
    expect(verdicts).toEqual([true, false, false, false, false, false, false, false]);
  });

  test('so does the code in Python', async () => {
    await connect().upsertLead(lead({ contact: { name: 'Жанна' } }));
    const { headers, body } = last();
    const script = `${codeOf('verify.py')}
import json, sys
given = json.loads(sys.stdin.read())
for secret, body in given["cases"]:
    print(is_from_continuo(secret, given["headers"], body.encode()))
`;
    const cases = [
      [SECRET, body.toString()],
      [OLD, body.toString()],
      [SECRET, `${body} `],
    ];
    const run = spawnSync('python3', ['-c', script], { input: JSON.stringify({ headers, cases }), encoding: 'utf8' });
    expect(run.stderr + run.stdout).toBe('True\nFalse\nFalse\n');
  });

  test('while the secret is changed, a receiver with the old one and one with the new one both take it', async () => {
    const isFromContinuo = await verification();
    await connect({ credentials: { secret: SECRET, previousSecret: OLD } }).upsertLead(lead());
    const { headers, body } = last();
    expect([SECRET, OLD].map((secret) => isFromContinuo(secret, headers, body))).toEqual([true, true]);
  });

  test.each([
    [500, {}, 'server-error', undefined],
    [503, { 'retry-after': '7' }, 'server-error', 7_000],
    [408, {}, 'server-error', undefined],
    [429, { 'retry-after': '9' }, 'rate-limited', 9_000],
    [429, {}, 'rate-limited', undefined],
    [401, {}, 'refused-access', undefined],
    [302, { location: 'http://127.0.0.1:9/' }, 'invalid', undefined],
    [404, {}, 'invalid', undefined],
    [422, {}, 'invalid', undefined],
  ])('an answer of %d %j is told as it is', async (answer, headers, fault, retryAfterMs) => {
    receiver.next({ answer, headers });
    const error = await faultOf(connect().upsertLead(lead()));
    expect([error.fault, error.retryAfterMs]).toEqual([fault, retryAfterMs]);
    expect(error.message).toMatch(/receiver|address/);
  });

  test.each([
    ['hangs up', { hangUp: true }],
    ['breaks off in the middle of its answer', { halfAnswer: true }],
    ['does not answer in time', { hold: new Promise<void>(() => {}) }],
  ] as const)('a receiver that %s may have it, and gets the same message again', async (_what, day) => {
    const crm = connect({ waitMs: 1_000 });
    const mine = lead();
    receiver.next(day);
    const error = await faultOf(crm.upsertLead(mine));
    expect([error.fault, error.outcomeUnknown]).toEqual(['unreachable', true]);
    const first = last();
    await connect().upsertLead(mine);
    expect(last().body.equals(first.body)).toBe(true);
    expect(receiver.lead(mine.visitorKey)?.version).toBe(1);
  });

  test('a receiver that is silent for longer than whoever asks has time is told as late, not as one that wants TLS', async () => {
    receiver.next({ hold: new Promise<void>(() => {}) });
    const push = { site, id: 'crm', deliveries };
    const details = {
      baseUrl: receiver.url,
      credentials: { secret: SECRET },
      outbound: openOutbound('127.0.0.1:*'),
      push,
    };
    const error = await faultOf(openWebhook(details, AbortSignal.timeout(500)).check());
    expect(error).toMatchObject({ fault: 'unreachable', outcomeUnknown: true });
    expect(error.message).toBe('The receiver did not answer in time. It is tried again.');
  });

  test('a receiver that is not there was not told', async () => {
    const error = await faultOf(connect({ url: 'http://127.0.0.1:9/' }).upsertLead(lead()));
    expect([error.fault, error.outcomeUnknown]).toEqual(['unreachable', false]);
  });

  test('an address inside the installation is not called', async () => {
    const before = receiver.received.length;
    const error = await faultOf(connect({ allow: '' }).upsertLead(lead()));
    expect(error).toMatchObject({ fault: 'invalid', message: expect.stringMatching(/CONTINUO_OUTBOUND_ALLOW/) });
    expect(receiver.received.length).toBe(before);
  });

  test('the log says what came of each attempt, and holds nothing of what was said', async () => {
    const crm = connect();
    const conversation = newId();
    const record = await crm.upsertLead(lead({ contact: { name: 'Zacharias' }, conversation }));
    receiver.next({ answer: 500 });
    receiver.next({ hangUp: true });
    for (const text of ['confidential', 'confidential', 'confidential'])
      await crm.upsertNote(record, part(conversation, text)).catch(() => {});
    const log = await deliveries.list({ site, id: 'crm' }, conversation);
    expect(log).toMatchObject([
      { version: 1, state: 'delivered', attempts: [{ outcome: 'delivered' }] },
      {
        part: 1,
        version: 1,
        state: 'delivered',
        id: last().message.id,
        attempts: [
          { outcome: 'server-error', words: expect.stringMatching(/500/) },
          { outcome: 'unreachable', words: expect.any(String) },
          { outcome: 'delivered' },
        ],
      },
    ]);
    expect(log[1]?.failingSince).toBeUndefined();
    const stored = await world.database.collection('crm_deliveries').find({ site }).toArray();
    expect(JSON.stringify(stored)).not.toMatch(/confidential|Zacharias/);
  });

  test('what is not taken for 24 hours is given up, whatever was added meanwhile; taken later, it counts anew', async () => {
    let now = 1_800_000_000_000;
    const crm = connect({ now: () => now });
    const conversation = newId();
    const record = await crm.upsertLead(lead());
    const write = (text: string) => crm.upsertNote(record, part(conversation, text));
    receiver.next({ answer: 500 }, 4);
    expect((await faultOf(write('one'))).fault).toBe('server-error');
    now += 24 * 3_600_000 - 1;
    expect((await faultOf(write('one\ntwo'))).fault).toBe('server-error');
    now += 1;
    const error = await faultOf(write('one\ntwo'));
    expect(error).toMatchObject({ fault: 'invalid', message: expect.stringMatching(/24 hours.*500/) });
    expect((await deliveries.list({ site, id: 'crm' }, conversation))[0]?.state).toBe('given-up');
    receiver.heal();
    await write('one\ntwo');
    expect((await deliveries.list({ site, id: 'crm' }, conversation))[0]).toMatchObject({
      state: 'delivered',
      version: 2,
    });
    receiver.next({ answer: 500 });
    expect((await faultOf(write('one\ntwo\nthree'))).fault).toBe('server-error');
  });
});

describe('a site with a webhook', () => {
  let site: string;
  const envelope = () => ({ id: newId(), site, actor: { kind: 'operator', id: 'test' } as const });
  const save = (credentials: Record<string, string>) =>
    request(world.operator, 'save-crm-connection', envelope(), {
      connection: { connector: 'webhook', baseUrl: receiver.url, credentials },
    });
  const row = async (conversation: string) => {
    const reply = await ask(world.admin, 'crm-link', envelope(), { conversation });
    return reply.ok ? reply.row : undefined;
  };
  const log = async (conversation: string) => {
    const reply = await ask(world.admin, 'crm-deliveries', envelope(), { conversation });
    if (!reply.ok) throw new Error(reply.words);
    return reply.deliveries;
  };
  const arrived = (dialogue: { conversation: string; said: string[] }) =>
    eventually(() => expectSaidOnce(receiver.text(dialogue.conversation), dialogue.said), { withinMs: 90_000 });
  const pushed = (conversation: string) =>
    eventually(async () => expect((await row(conversation))?.state).toBe('pushed'), { withinMs: 90_000 });

  beforeEach(async () => {
    site = newId();
    await putSite(world.admin, { ...world.site, id: site, crm: { windowSeconds: 1 } });
    receiver.secret = SECRET;
    expect(await save({ secret: SECRET })).toEqual({ ok: true });
  });

  test('a dialogue arrives while it runs, and the journal shows its deliveries', async () => {
    const dialogue = dialogueIn(world.admin, site, { contact: { email: 'anna@example.com' } });
    await dialogue.say('Здравствуйте! 💡');
    await arrived(dialogue);
    await dialogue.say('Да, есть.', 'agent');
    await arrived(dialogue);
    expect(receiver.lead(dialogue.visitor)?.contact.email).toBe('anna@example.com');
    await pushed(dialogue.conversation);
    const shown = await log(dialogue.conversation);
    expect(shown.map(({ part, state, attempts }) => [part, state, attempts.at(-1)?.outcome])).toEqual([
      [undefined, 'delivered', 'delivered'],
      [1, 'delivered', 'delivered'],
    ]);
  });

  test('more that becomes known of the visitor is told', async () => {
    const dialogue = dialogueIn(world.admin, site);
    await dialogue.say('hello');
    await arrived(dialogue);
    await dialogue.identify({ phone: '+74951112233', name: 'Пётр' });
    await eventually(() =>
      expect(receiver.lead(dialogue.visitor)?.contact).toEqual({ phone: '+74951112233', name: 'Пётр' }),
    );
  });

  test('a resumed dialogue goes on in a new part', async () => {
    const dialogue = dialogueIn(world.admin, site);
    await dialogue.say('before');
    await dialogue.close();
    await pushed(dialogue.conversation);
    await dialogue.say('after a week', 'agent');
    await arrived(dialogue);
    expect((await log(dialogue.conversation)).map(({ part }) => part)).toEqual([undefined, 1, 2]);
  });

  test('a receiver that fails, hangs up and breaks off has everything once in the end', async () => {
    receiver.next({ hangUp: true });
    receiver.next({ answer: 500 });
    receiver.next({ halfAnswer: true });
    const dialogue = dialogueIn(world.admin, site);
    await dialogue.say('said once');
    await dialogue.say('and answered once', 'agent');
    await arrived(dialogue);
    await pushed(dialogue.conversation);
    expect(receiver.lead(dialogue.visitor)?.version).toBe(1);
  }, 120_000);

  test('replicas killed in the middle of a call go on with the same message', async () => {
    const dialogue = dialogueIn(world.admin, site);
    receiver.next({ hold: new Promise(() => {}) });
    await dialogue.say('said once');
    await eventually(() => expect(receiver.lead(dialogue.visitor)).toBeDefined(), { withinMs: 90_000 });
    await world.kill('crm-sync', 0);
    await world.kill('crm-sync', 0);
    await world.start('crm-sync');
    await world.start('crm-sync');
    await arrived(dialogue);
    const ids = receiver.received.flatMap(({ message }) =>
      message.type === 'lead-changed' && message.data.lead === dialogue.visitor ? [message.id] : [],
    );
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1);
    await dialogue.say('and on');
    await arrived(dialogue);
  }, 180_000);

  test('a wrong secret is said in the journal, and the right one brings everything', async () => {
    receiver.secret = OLD;
    const dialogue = dialogueIn(world.admin, site);
    await dialogue.say('wait for me');
    await eventually(
      async () =>
        expect((await row(dialogue.conversation))?.failure).toMatchObject({
          failure: 'refused-access',
          words: expect.stringMatching(/secret/),
        }),
      { withinMs: 90_000 },
    );
    expect(receiver.text(dialogue.conversation)).toBe('');
    await save({ secret: OLD });
    await arrived(dialogue);
  });

  test('after 24 hours it is set aside for a person, who has it sent again', async () => {
    const dialogue = dialogueIn(world.admin, site);
    receiver.next({ answer: 503 }, 10_000);
    await dialogue.say('a day later');
    await eventually(async () => expect((await row(dialogue.conversation))?.state).toBe('pending'), {
      withinMs: 90_000,
    });
    await eventually(async () => expect((await log(dialogue.conversation)).length).toBeGreaterThan(0));
    await world.clock.advance(25 * 3_600_000);
    await request(world.operator, 'retry-crm-writes', envelope(), { conversation: dialogue.conversation });
    await eventually(
      async () => {
        const found = await row(dialogue.conversation);
        expect([found?.state, found?.failure?.words]).toEqual(['failed', expect.stringMatching(/24 hours/)]);
      },
      { withinMs: 60_000 },
    );
    receiver.heal();
    await request(world.operator, 'retry-crm-writes', envelope(), {});
    await arrived(dialogue);
    await pushed(dialogue.conversation);
  }, 180_000);

  test('a connection without a good secret is not saved', async () => {
    for (const credentials of [{}, { secret: 'hunter2' }, { secret: SECRET, previousSecret: 'x' }])
      expect(await save(credentials as Record<string, string>)).toMatchObject({ ok: false, refusal: 'invalid' });
    expect(await save({ token: 'x' })).toMatchObject({
      words: 'secret: is lacking; a text is needed; token: is not known here',
    });
  });
});
