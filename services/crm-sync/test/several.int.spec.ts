// A site with several CRMs at once, on two replicas: a real BottleCRM behind a proxy and webhooks. Each has every dialogue once and equal, stands or falls by itself,
// and what is done to one of them is done to no other.
import { ask, request } from '@continuo/bus';
import { type Actor, type CrmConnection, newId } from '@continuo/contracts';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startCompanyBroker } from './company-broker.ts';
import { expectSaidOnce } from './crm-holds.ts';
import { type CrmWorld, startCrmWorld } from './crm-world.ts';
import { type Dialogue, dialogueIn } from './dialogue.ts';
import { startReceiver, type WebhookReceiver } from './webhook-receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const admin: Actor = { kind: 'agent', id: 'olga', role: 'admin' };
const supervisor: Actor = { kind: 'agent', id: 'anna', role: 'supervisor' };
const week = () => ({ from: Date.now() - 7 * 86_400_000, to: Date.now() + 60_000 });
let set: CrmWorld;
let erp: WebhookReceiver;

beforeAll(async () => {
  set = await startCrmWorld();
  erp = await startReceiver(SECRET);
  expect(await save({ ...webhookTo(erp), id: 'erp', name: 'Webhook to ERP' })).toEqual({ ok: true });
}, 600_000);
afterAll(async () => {
  await set?.[Symbol.asyncDispose]();
  await erp?.[Symbol.asyncDispose]();
}, 60_000);

const webhookTo = ({ url }: WebhookReceiver): CrmConnection => ({
  connector: 'webhook',
  baseUrl: url,
  credentials: { secret: SECRET },
});
const by = (actor: Actor) => ({ id: newId(), site: set.world.site.id, actor });
const save = (connection: CrmConnection, actor = admin) =>
  request(set.world.admin, 'save-crm-connection', by(actor), { connection });
const remove = (connection: string) => request(set.world.admin, 'remove-crm-connection', by(admin), { connection });
const lines = async () => {
  const reply = await ask(set.world.admin, 'crm-connections', by(supervisor), {});
  if (!reply.ok) throw new Error(reply.words);
  return reply.connections;
};
const line = async (id: string) => (await lines()).find(({ connection }) => connection === id);
const rowIn = async ({ conversation }: Dialogue, connection?: string) => {
  const one = connection === undefined ? {} : { connection };
  const reply = await ask(set.world.admin, 'crm-link', by(supervisor), { ...one, conversation });
  if (!reply.ok) throw new Error(reply.words);
  return reply.row;
};
const standsIn = (dialogue: Dialogue, connection?: string) =>
  eventually(async () => expect(await rowIn(dialogue, connection)).toMatchObject({ state: 'pushed' }), {
    withinMs: 90_000,
  });
const begun = (): Dialogue => dialogueIn(set.world.admin, set.world.site.id);
/** What was just said is written a window later, so the text is waited for; then it stands, and nothing is lacking. */
const inBottleCrm = async (dialogue: Dialogue) => {
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 90_000,
  });
  await standsIn(dialogue);
};
const inErp = async (dialogue: Dialogue, receiver = erp, connection = 'erp') => {
  await eventually(() => expectSaidOnce(receiver.text(dialogue.conversation), dialogue.said), { withinMs: 90_000 });
  await standsIn(dialogue, connection);
};

test('two CRMs of one site have each message once, and each has a journal of its own', async () => {
  const dialogue = begun();
  await dialogue.say('to both of you');
  await inBottleCrm(dialogue);
  await inErp(dialogue);
  await dialogue.say('and this, too', 'agent');
  await dialogue.close();
  await inBottleCrm(dialogue);
  await inErp(dialogue);
  expect(await lines()).toMatchObject([
    { connection: 'crm', name: 'BottleCRM', state: 'works' },
    { connection: 'erp', name: 'Webhook to ERP', state: 'works', pushes: true },
  ]);
  const [inside, outside] = [await rowIn(dialogue), await rowIn(dialogue, 'erp')];
  expect(outside?.record?.id).toBe(dialogue.visitor);
  expect(inside?.record?.id).not.toBe(dialogue.visitor);
  for (const connection of ['crm', 'erp']) {
    const data = { connection, state: 'all', limit: 50 } as const;
    expect(await ask(set.world.admin, 'crm-journal', by(supervisor), data)).toMatchObject({
      ok: true,
      rows: [{ conversation: dialogue.conversation }],
      counts: { pushed: 1, pending: 0, failed: 0 },
    });
  }
  const log = await ask(set.world.admin, 'crm-deliveries', by(supervisor), {
    connection: 'erp',
    conversation: dialogue.conversation,
  });
  expect(log.ok && log.deliveries.length).toBeGreaterThan(0);
  expect(
    await ask(set.world.admin, 'crm-deliveries', by(supervisor), { conversation: dialogue.conversation }),
  ).toMatchObject({ ok: true, deliveries: [] });
  const unknown = { connection: 'nobody', conversation: dialogue.conversation };
  expect(await ask(set.world.admin, 'crm-link', by(supervisor), unknown)).toMatchObject({
    refusal: 'connection-missing',
  });
}, 240_000);

test('one that takes calls and never answers holds up no other: it has all before the first of those calls is given up; then all catches up', async () => {
  for (let round = 1; ; round++) {
    const held = Promise.withResolvers<void>();
    const asked = set.proxy.seen.length;
    let givenUp = 0;
    const over = () => {
      givenUp += 1;
    };
    set.proxy.next(() => true, { hold: held.promise, over }, 1_000);
    // More than one process takes on at once.
    const dialogues = Array.from({ length: 20 }, begun);
    let before: number;
    try {
      await Promise.all(dialogues.map((dialogue) => dialogue.say('while one of you sleeps')));
      for (const dialogue of dialogues) await inErp(dialogue);
      await eventually(() => expect(set.proxy.seen.length).toBeGreaterThan(asked));
      before = givenUp;
      for (const dialogue of dialogues.slice(0, 3)) {
        await dialogue.say('and it goes on');
        await inErp(dialogue);
        expect(await rowIn(dialogue)).toMatchObject({ state: 'pending' });
      }
    } finally {
      held.resolve();
      set.proxy.heal();
    }
    for (const dialogue of dialogues) await inBottleCrm(dialogue);
    if (before === 0) return;
    // A machine can stall for as long as a call is waited for, and then that proves nothing; whoever waits for a neighbour is late each time.
    if (round === 3) throw new Error(`${before} calls had been given up before the other one had everything`);
  }
}, 500_000);

test('a CRM and a broker of one site have each message once', async () => {
  await using broker = await startCompanyBroker();
  const credentials = { username: 'guest', password: 'guest', exchange: broker.exchange };
  expect(await save({ connector: 'amqp', baseUrl: broker.url, credentials, id: 'rabbit' })).toEqual({ ok: true });
  const dialogue = begun();
  const inBroker = async () => {
    await eventually(async () => expectSaidOnce(await broker.text(dialogue.conversation), dialogue.said), {
      withinMs: 90_000,
    });
    await standsIn(dialogue, 'rabbit');
  };
  await dialogue.say('into the CRM and the warehouse');
  await inBottleCrm(dialogue);
  await inBroker();
  await dialogue.say('and so is this', 'agent');
  await dialogue.close();
  await inBottleCrm(dialogue);
  await inBroker();
  expect(await line('rabbit')).toMatchObject({ name: 'RabbitMQ', connector: 'amqp', state: 'works', pushes: true });
  expect([...broker.leads]).toContain(dialogue.visitor);
  expect(await remove('rabbit')).toEqual({ ok: true });
}, 300_000);

test('given new credentials, what is not named stays, at the same address alone, and what is given empty goes; an administrator alone is told its address and what it has', async () => {
  const keep = (connection: CrmConnection) =>
    request(set.world.admin, 'save-crm-connection', by(admin), { connection, keep: true });
  const stored = { ...webhookTo(erp), id: 'erp' };
  const previous = { previousSecret: `whsec_${Buffer.alloc(32, 9).toString('base64')}` };
  expect(await keep({ ...stored, credentials: previous })).toEqual({ ok: true });
  const dialogue = begun();
  await dialogue.say('signed as before');
  await inErp(dialogue);
  expect(erp.received.at(-1)?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  expect(await keep({ ...stored, credentials: {} })).toEqual({ ok: true });
  const elsewhere = { ...stored, baseUrl: `${erp.url}/elsewhere`, credentials: {} };
  expect(await keep(elsewhere)).toMatchObject({ refusal: 'invalid', words: expect.stringContaining('secret') });
  const refused = await request(set.world.admin, 'save-crm-connection', by(admin), {
    connection: { ...stored, credentials: {} },
  });
  expect(refused).toMatchObject({ refusal: 'invalid' });
  const toldTo = async (actor: Actor) => {
    const reply = await ask(set.world.admin, 'crm-connectors', by(actor), { connection: 'erp' });
    return reply.ok ? [reply.baseUrl, reply.stored?.toSorted()] : reply.refusal;
  };
  expect(await toldTo(admin)).toEqual([erp.url, ['previousSecret', 'secret']]);
  expect(await toldTo(supervisor)).toEqual([undefined, undefined]);

  // Given empty, one is forgotten; not one that it cannot do without.
  expect(await keep({ ...stored, credentials: { previousSecret: '' } })).toEqual({ ok: true });
  expect(await toldTo(admin)).toEqual([erp.url, ['secret']]);
  await dialogue.say('signed with the new one alone');
  await inErp(dialogue);
  expect(erp.received.at(-1)?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
  expect(await keep({ ...stored, credentials: { secret: '' } })).toMatchObject({ refusal: 'invalid' });
}, 240_000);

test('paused, tested and told to try again is one of them alone', async () => {
  const say = (name: 'pause-crm' | 'resume-crm' | 'test-crm' | 'retry-crm-writes', connection: string) =>
    request(set.world.admin, name, by(supervisor), { connection }, { timeoutMs: 20_000 });
  expect(await say('pause-crm', 'erp')).toEqual({ ok: true });
  const dialogue = begun();
  await dialogue.say('only into one of you');
  await inBottleCrm(dialogue);
  expect(await rowIn(dialogue, 'erp')).toMatchObject({ state: 'pending' });
  expect(erp.text(dialogue.conversation)).toBe('');
  expect([await line('crm'), await line('erp')]).toMatchObject([
    { state: 'works', counts: { pending: 0 } },
    { state: 'paused', counts: { pending: 1 }, paused: { by: 'anna' } },
  ]);
  expect(await say('retry-crm-writes', 'crm')).toMatchObject({ ok: true });
  expect(await say('retry-crm-writes', 'erp')).toMatchObject({ refusal: 'connection-paused' });
  expect(await say('test-crm', 'crm')).toEqual({ ok: true });
  expect(await say('resume-crm', 'erp')).toMatchObject({ ok: true });
  await inErp(dialogue);
  erp.next({ hold: new Promise(() => {}) }, 1, ({ type }) => type === 'connection-tested');
  expect(await say('test-crm', 'erp')).toMatchObject({
    refusal: 'unreachable',
    words: expect.stringMatching(/^Webhook to ERP did not answer within 4 seconds, .* may work all the same\.$/),
  });
  expect(await say('test-crm', 'erp')).toEqual({ ok: true });
}, 240_000);

test('one that is connected later has what is said from then on, and of a period what was said before', async () => {
  await using later = await startReceiver(SECRET);
  const [before, goesOn] = [begun(), begun()];
  await before.say('nobody listened yet');
  await goesOn.say('this goes on');
  await inErp(before);
  await inErp(goesOn);
  expect(await save({ ...webhookTo(later), id: 'later' })).toEqual({ ok: true });
  await goesOn.say('now you listen');
  await inErp(goesOn, later, 'later');
  expect(await rowIn(before, 'later')).toBeUndefined();
  expect((await line('later'))?.lag95Ms).toBeLessThan(60_000);

  const period = { connection: 'later', ...week() };
  const reply = await request(set.world.admin, 'resync-crm', by(supervisor), period);
  expect(reply.ok && reply.dialogues).toBeGreaterThan(1);
  await inErp(before, later, 'later');
  expectSaidOnce(erp.text(before.conversation), before.said);
  expect(await remove('later')).toEqual({ ok: true });
}, 240_000);

test('removed, one is told nothing more and holds nobody up; made again, it has all once', async () => {
  const [stood, lacked] = [begun(), begun()];
  await stood.say('you have this');
  await inErp(stood);
  erp.next({ answer: 503 }, 1_000, ({ type }) => type === 'transcript-changed');
  await lacked.say('you lack this');
  await eventually(async () => expect((await line('erp'))?.counts.pending).toBeGreaterThan(0), { withinMs: 60_000 });
  expect(await remove('erp')).toEqual({ ok: true });
  expect(await remove('erp')).toMatchObject({ refusal: 'connection-missing' });
  erp.heal();
  const told = erp.received.length;
  await stood.say('nor of this');
  await inBottleCrm(stood);
  expect((await lines()).map(({ connection }) => connection)).toEqual(['crm']);
  expect(erp.received).toHaveLength(told);
  expect(
    await set.world.database.collection('crm_links').countDocuments({ connectionId: 'erp', state: 'pending' }),
  ).toBe(0);
  // The number goes on when it is made again; nothing else is kept, the sealed credentials least of all.
  const removed = `${set.world.site.id}-erp` as never;
  expect(await set.world.database.collection('crm_connections').findOne({ _id: removed })).toEqual({
    _id: removed,
    connector: 'webhook',
    baseUrl: '',
    sealed: '',
    removed: true,
    revision: expect.any(Number),
  });

  expect(await save({ ...webhookTo(erp), id: 'erp' })).toEqual({ ok: true });
  await inErp(lacked);
  await stood.say('you are back');
  await inErp(stood);
  // What stood is continued: no version was given twice, so the receiver's rule holds over the gap.
  const parts = erp.received.flatMap(({ message: { type, id, data } }) =>
    type === 'transcript-changed' && data.conversation === stood.conversation ? [{ id, version: data.version }] : [],
  );
  expect(new Set(parts.map(({ id }) => id)).size).toBe(new Set(parts.map(({ version }) => version)).size);
}, 240_000);

test('an administrator adds, names and removes them, a supervisor does not; an id stands for one', async () => {
  const refused = { refusal: 'not-allowed' };
  expect(await save({ ...webhookTo(erp), id: 'more' }, supervisor)).toMatchObject(refused);
  const mine = { connection: 'erp', name: 'Mine' };
  expect(await request(set.world.admin, 'rename-crm-connection', by(supervisor), mine)).toMatchObject(refused);
  const erpAlone = { connection: 'erp' };
  expect(await request(set.world.admin, 'remove-crm-connection', by(supervisor), erpAlone)).toMatchObject(refused);
  const again = { connection: { ...webhookTo(erp), id: 'erp' }, onlyIfNone: true } as const;
  expect(await request(set.world.admin, 'save-crm-connection', by(admin), again)).toMatchObject({
    refusal: 'connection-taken',
  });
  const renamed = { connection: 'erp', name: 'The ERP' };
  expect(await request(set.world.admin, 'rename-crm-connection', by(admin), renamed)).toEqual({ ok: true });
  expect(await line('erp')).toMatchObject({ name: 'The ERP' });
  const nobody = { connection: 'nobody', name: 'Nobody' };
  expect(await request(set.world.admin, 'rename-crm-connection', by(admin), nobody)).toMatchObject({
    refusal: 'connection-missing',
  });
  const offered = await ask(set.world.admin, 'crm-connectors', by(admin), {});
  if (!offered.ok) throw new Error(offered.words);
  expect(offered.connectors.find(({ connector }) => connector === 'webhook')).toMatchObject({
    name: 'Webhook',
    credentials: expect.arrayContaining([expect.objectContaining({ name: 'secret', required: true })]),
  });
  for (let number = 3; number <= 10; number++)
    expect(await save({ ...webhookTo(erp), id: `more-${number}` })).toEqual({ ok: true });
  expect(await save({ ...webhookTo(erp), id: 'one-too-many' })).toMatchObject({ refusal: 'too-many-connections' });
}, 120_000);

test('without any, what is said waits for the first one; what stood in one that was removed waits for nothing', async () => {
  await using receiver = await startReceiver(SECRET);
  const site = await set.addSite();
  const of = (actor: Actor) => ({ id: newId(), site, actor });
  const add = (id: string) =>
    request(set.world.admin, 'save-crm-connection', of(admin), { connection: { ...webhookTo(receiver), id } });
  const linkOf = ({ conversation }: Dialogue, connectionId: string) =>
    set.world.database.collection('crm_links').findOne({ conversation, connectionId });
  expect(await add('crm')).toEqual({ ok: true });
  const [stood, waits] = [dialogueIn(set.world.admin, site), dialogueIn(set.world.admin, site)];
  await stood.say('this you have');
  await eventually(async () => expect(await linkOf(stood, 'crm')).toMatchObject({ state: 'pushed' }), {
    withinMs: 90_000,
  });
  const gone = { connection: 'crm' };
  expect(await request(set.world.admin, 'remove-crm-connection', of(admin), gone)).toEqual({ ok: true });
  await stood.say('and this nobody hears');
  await waits.say('who hears me');
  await eventually(async () => expect(await linkOf(waits, 'crm')).toMatchObject({ state: 'pending' }), {
    withinMs: 90_000,
  });
  const link = await linkOf(stood, 'crm');
  expect([link?.['state'], link?.['behindSince']]).toEqual(['pushed', undefined]);

  expect(await add('other')).toEqual({ ok: true });
  await eventually(() => expectSaidOnce(receiver.text(waits.conversation), waits.said), { withinMs: 90_000 });
  await eventually(async () => expect(await linkOf(waits, 'other')).toMatchObject({ state: 'pushed' }));
}, 240_000);
