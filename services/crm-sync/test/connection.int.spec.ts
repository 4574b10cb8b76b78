// What those who run a site's CRM do with its connection, on two replicas and a real CRM: test it, let it rest, go on, have a period looked through.

import { join } from 'node:path';
import { ask, request } from '@continuo/bus';
import { type Actor, type CommandName, newId } from '@continuo/contracts';
import { keptSecrets } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectSaidOnce } from './crm-holds.ts';
import { type CrmWorld, startCrmWorld } from './crm-world.ts';
import { type Dialogue, dialogueIn } from './dialogue.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

let set: CrmWorld;
/** Of crm-sync, from its next start on. */
const env: Record<string, string> = {};
beforeAll(async () => {
  set = await startCrmWorld({}, env);
}, 600_000);
afterAll(async () => set?.[Symbol.asyncDispose](), 60_000);

const supervisor: Actor = { kind: 'agent', id: 'anna', role: 'supervisor' };
const by = (actor: Actor, site = set.world.site.id) => ({ id: newId(), site, actor });
const say = (name: 'test-crm' | 'pause-crm' | 'resume-crm', site?: string) =>
  request(set.world.admin, name, by(supervisor, site), {});
const asked = async (site?: string) => {
  const reply = await ask(set.world.admin, 'crm-connection', by(supervisor, site), {});
  if (!reply.ok) throw new Error(reply.words);
  return reply;
};
const stateOf = async (site?: string) => (await asked(site)).connection?.state;
const begun = (site = set.world.site.id) => dialogueIn(set.world.admin, site);
const week = () => ({ from: Date.now() - 7 * 86_400_000, to: Date.now() + 60_000 });
const resync = (period: { from: number; to: number } = week()) =>
  request(set.world.admin, 'resync-crm', by(supervisor), period);
const lookedThrough = () =>
  eventually(async () => expect((await asked()).connection?.checking).toBe(0), { withinMs: 60_000 });

async function keyInUse(): Promise<string> {
  return (await keptSecrets(join(set.world.dir, 'secrets.json'))).credentialsKey;
}

async function siteBehind(proxy: FaultProxy): Promise<string> {
  const site = await set.addSite();
  await request(set.world.operator, 'save-crm-connection', set.envelope(site), {
    connection: { connector: 'bottlecrm', baseUrl: proxy.url, credentials: { token: set.world.crm.token } },
  });
  return site;
}

test('supervisors, administrators and the operator decide over the connection, nobody else', async () => {
  const site = await set.addSite();
  const data = {
    'test-crm': {},
    'pause-crm': {},
    'resume-crm': {},
    'resync-crm': week(),
    'retry-crm-writes': {},
    'choose-crm-contact': { conversation: newId() },
    'make-crm-field': { conversation: newId() },
  };
  const allowed = async (name: CommandName, actor: Actor): Promise<boolean> => {
    const reply = await request(set.world.admin, name, by(actor, site), data[name as keyof typeof data] as never);
    return reply.ok || reply.refusal !== 'not-allowed';
  };
  for (const name of Object.keys(data) as CommandName[]) {
    for (const role of ['supervisor', 'admin'] as const)
      expect([name, role, await allowed(name, { kind: 'agent', id: 'a', role })]).toEqual([name, role, true]);
    expect([name, await allowed(name, { kind: 'operator', id: 'o' })]).toEqual([name, true]);
    for (const actor of [
      { kind: 'agent', id: 'a', role: 'agent' },
      { kind: 'visitor', id: 'v' },
      { kind: 'agent', id: 'a' },
    ] as const)
      expect([name, actor, await allowed(name, actor)]).toEqual([name, actor, false]);
  }
});

test('paused, nothing is written whatever is said, saved or restarted; resumed, all of it follows by itself', async () => {
  const before = begun();
  await before.say('before the pause');
  await set.pushed(before.conversation);
  expect(await say('pause-crm')).toMatchObject({ ok: true });
  const [writes, meanwhile] = [set.proxy.writes(), begun()];
  await before.say('and during it');
  await meanwhile.say('only during it');
  for (const { conversation } of [before, meanwhile])
    await eventually(async () => expect((await set.row(conversation))?.state).toBe('pending'), { withinMs: 90_000 });
  for (let replica = 0; replica < 2; replica++) {
    await set.world.kill('crm-sync');
    await set.world.start('crm-sync');
  }
  await eventually(async () =>
    expect((await asked()).connection).toMatchObject({ state: 'paused', paused: { by: 'anna' } }),
  );
  expect(
    await request(set.world.admin, 'retry-crm-writes', by(supervisor), { conversation: meanwhile.conversation }),
  ).toMatchObject({ ok: false, refusal: 'connection-paused' });
  await before.say('still paused');
  await eventually(async () => expect((await set.row(before.conversation))?.wantedUpTo).toBe(3), { withinMs: 90_000 });
  expect(set.proxy.writes()).toBe(writes);

  expect(await say('resume-crm')).toMatchObject({ ok: true });
  for (const dialogue of [before, meanwhile]) {
    await set.pushed(dialogue.conversation);
    expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
  }
  expect(await stateOf()).toBe('works');
}, 240_000);

test('the key of stored credentials is changed in three steps while the CRM is written to; without a key that fits the operator is asked, not the CRM', async () => {
  const [first, next, strange] = [await keyInUse(), 'a1'.repeat(32), 'b2'.repeat(32)];
  const kept = () => set.world.database.collection('crm_connections').findOne({ _id: set.world.site.id as never });
  const sealed = async (): Promise<string> => (await kept())?.['sealed'] as string;
  const restart = async (key: string, others: string, replicas = 1) => {
    Object.assign(env, { CONTINUO_CREDENTIALS_KEY: key, CONTINUO_CREDENTIALS_OTHER_KEYS: others });
    while (set.world.running('crm-sync').length > 0) await set.world.kill('crm-sync');
    for (let replica = 0; replica < replicas; replica++) await set.world.start('crm-sync');
  };
  const works = async () => expect(await say('test-crm')).toMatchObject({ ok: true });
  const before = await sealed();
  await restart(first, next);
  await works();
  expect(await sealed()).toBe(before);
  await restart(next, first);
  await works();
  expect(await sealed()).not.toBe(before);

  const asksBefore = set.proxy.seen.length;
  await restart(strange, '');
  expect(await say('test-crm')).toMatchObject({
    ok: false,
    refusal: 'refused-access',
    words: expect.stringContaining('CONTINUO_CREDENTIALS_KEY'),
  });
  const meanwhile = begun();
  await meanwhile.say('while no key fits');
  await eventually(
    async () =>
      expect(await set.row(meanwhile.conversation)).toMatchObject({
        state: 'failed',
        failure: {
          failure: 'refused-access',
          words: expect.stringContaining('CONTINUO_CREDENTIALS_KEY'),
          sealed: true,
        },
      }),
    { withinMs: 60_000 },
  );
  for (let times = 0; times < 3; times++) await say('test-crm');
  const { conversation } = meanwhile;
  for (const refused of [
    await request(set.world.admin, 'retry-crm-writes', by(supervisor), {}),
    await request(set.world.admin, 'retry-crm-writes', by(supervisor), { conversation }),
  ])
    expect(refused).toMatchObject({ ok: false, refusal: 'refused-access' });
  expect((await asked()).connection).toMatchObject({
    state: 'stopped',
    failure: 'refused-access',
    words: expect.stringContaining('CONTINUO_CREDENTIALS_KEY'),
  });
  expect(set.proxy.seen.length).toBe(asksBefore);

  // Nobody presses anything: the key is all that was wrong.
  await restart(next, '', 2);
  await set.pushed(conversation);
  expectSaidOnce(await set.holds(conversation), meanwhile.said);
  expect(await stateOf()).toBe('works');
  const dialogue = begun();
  await dialogue.say('with the new key alone');
  await set.pushed(dialogue.conversation);
}, 240_000);

test('a connection that was stopped is tried once by a test or a retry, and everything follows when the key works again', async () => {
  await using locked = await startFaultProxy(set.world.crm.baseUrl);
  locked.next(() => true, { answer: 403 }, 10_000);
  const site = await siteBehind(locked);
  const waiting = Array.from({ length: 5 }, () => begun(site));
  await Promise.all(waiting.map((dialogue) => dialogue.say('no key fits')));
  await eventually(async () => expect(await stateOf(site)).toBe('stopped'), { withinMs: 60_000 });
  expect((await asked(site)).connection).toMatchObject({ failure: 'refused-access', words: expect.any(String) });
  const knocked = locked.seen.length;
  expect(await say('test-crm', site)).toMatchObject({ ok: false, refusal: 'refused-access' });
  expect(locked.seen.length).toBe(knocked + 1);
  expect(await request(set.world.admin, 'retry-crm-writes', by(supervisor, site), {})).toMatchObject({
    ok: false,
    refusal: 'refused-access',
  });
  expect(locked.seen.length).toBe(knocked + 2);
  expect(await stateOf(site)).toBe('stopped');
  locked.heal();
  expect(await say('test-crm', site)).toMatchObject({ ok: true });
  for (const dialogue of waiting)
    await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
      withinMs: 60_000,
    });
  expect(await stateOf(site)).toBe('works');
}, 240_000);

test('a test says in words that a CRM is away, and of a site without one that there is none', async () => {
  await using deaf = await startFaultProxy(set.world.crm.baseUrl);
  const site = await siteBehind(deaf);
  deaf.next(() => true, { cut: true }, 10_000);
  expect(await say('test-crm', site)).toMatchObject({
    ok: false,
    refusal: 'unreachable',
    words: expect.stringMatching(/BottleCRM/),
  });
  expect((await asked(site)).connection).toMatchObject({ state: 'waiting', failure: 'unreachable' });
  for (const name of ['test-crm', 'pause-crm', 'resume-crm'] as const)
    expect(await say(name, newId())).toMatchObject({ ok: false, refusal: 'connection-missing' });
});

test('a re-sync writes anew what was deleted in the CRM, in its place and once; what stands there is left alone', async () => {
  const [untouched, oneNote, record] = [begun(), begun(), begun()];
  for (const dialogue of [untouched, record]) await dialogue.say(`hello from ${dialogue.conversation}`);
  for (const [index, text] of ['first', 'second', 'third'].entries()) {
    await oneNote.say(text);
    await oneNote.close();
    await eventually(async () => expect(await set.crm.parts(oneNote.conversation)).toHaveLength(index + 1), {
      withinMs: 90_000,
    });
  }
  for (const { conversation } of [untouched, oneNote, record]) await set.pushed(conversation);
  const parts = await set.crm.parts(oneNote.conversation);
  await set.crm.removeNote('lead', parts[1]?.noteId as string);
  const [lead] = await set.crm.parts(record.conversation);
  await set.crm.remove('lead', lead?.record as string);

  expect(await resync()).toMatchObject({ ok: true, dialogues: expect.any(Number) });
  await lookedThrough();
  for (const dialogue of [untouched, oneNote, record]) {
    await set.pushed(dialogue.conversation);
    expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
  }
  expect((await set.crm.parts(oneNote.conversation)).map(({ part }) => part)).toEqual([1, 2, 3]);
  const writes = set.proxy.writes();
  await resync();
  await lookedThrough();
  expect(set.proxy.writes()).toBe(writes);
}, 240_000);

test('a re-sync goes on to those beyond the first fifty, even where none of these can be looked through', async () => {
  const site = await siteBehind(set.proxy);
  const dialogue = begun(site);
  await dialogue.say('the fifty-first');
  await eventually(async () => expect(await set.row(dialogue.conversation, site)).toMatchObject({ state: 'pushed' }), {
    withinMs: 60_000,
  });
  const [part] = await set.crm.parts(dialogue.conversation);
  // Asked for before, so they are the first; nothing was ever said in them that could be compared.
  const asked = Array.from({ length: 50 }, () => newId()).map((conversation) => ({
    _id: `${site}-${conversation}` as never,
    ...{ site, conversation, state: 'pushed', version: 0, changedAt: 0, recheck: 1 },
  }));
  await set.world.database.collection('crm_links').insertMany(asked);
  await set.crm.removeNote('lead', part?.noteId as string);
  expect(await request(set.world.admin, 'resync-crm', by(supervisor, site), week())).toEqual({
    ok: true,
    dialogues: 1,
  });
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 60_000,
  });
}, 180_000);

test('a retry of one dialogue looks what the CRM holds of it, and writes what was deleted there', async () => {
  const dialogue = begun();
  await dialogue.say('taken away by somebody');
  await set.pushed(dialogue.conversation);
  const [part] = await set.crm.parts(dialogue.conversation);
  await set.crm.removeNote('lead', part?.noteId as string);
  const { conversation } = dialogue;
  expect(await request(set.world.admin, 'retry-crm-writes', by(supervisor), { conversation })).toMatchObject({
    ok: true,
  });
  await eventually(async () => expectSaidOnce(await set.holds(conversation), dialogue.said), { withinMs: 90_000 });
  const [again] = await set.crm.parts(conversation);
  expect(again?.record).toBe(part?.record);
});

test('a retry of a dialogue that the site has not is refused in words, and nothing is begun for it', async () => {
  const elsewhere = dialogueIn(set.world.admin, await set.addSite());
  await elsewhere.say('of another site');
  for (const conversation of [newId(), elsewhere.conversation]) {
    expect(await request(set.world.admin, 'retry-crm-writes', by(supervisor), { conversation })).toEqual({
      ok: false,
      refusal: 'conversation-unknown',
      words: 'There is no such dialogue.',
    });
    const site = set.world.site.id;
    expect(await set.world.database.collection('crm_links').countDocuments({ site, conversation })).toBe(0);
  }
});

const doubles = async () => {
  const phone = `+3747${String(Math.random()).slice(2, 9)}`;
  const add = (first_name: string) => set.crm.addContact({ first_name, last_name: 'Simonyan', phone });
  return { phone, ids: [await add('Arsen'), await add('Anahit')] as const };
};
const choose = (dialogue: Dialogue, id?: string) =>
  request(set.world.admin, 'choose-crm-contact', by(supervisor, dialogue.site), {
    conversation: dialogue.conversation,
    ...(id !== undefined && { record: { kind: 'contact', id } }),
  });
const isAsked = (dialogue: Dialogue) =>
  eventually(
    async () => {
      const row = await set.row(dialogue.conversation, dialogue.site);
      expect(row).toMatchObject({ state: 'failed', failure: { failure: 'ambiguous' } });
      return row;
    },
    { withinMs: 60_000 },
  );
const isWrittenOn = (dialogue: Dialogue, ...records: string[]) =>
  eventually(
    async () => {
      const row = await set.row(dialogue.conversation, dialogue.site);
      expect(row).toMatchObject({ state: 'pushed' });
      expect(row).not.toHaveProperty('choice');
      expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
      expect((await set.crm.parts(dialogue.conversation)).map(({ record }) => record)).toEqual(records);
    },
    { withinMs: 60_000 },
  );

test.each(['bottlecrm', 'bottlecrm-mapping'])(
  'of two people with one phone nobody is guessed, by %s: a person sees who they are and chooses, and all of it is written there',
  async (connector) => {
    const site = await set.addSite();
    await request(set.world.operator, 'save-crm-connection', set.envelope(site), {
      connection: {
        connector,
        baseUrl: set.proxy.url,
        credentials: { token: set.world.crm.token, webUrl: 'https://crm.example' },
      },
    });
    const { phone, ids } = await doubles();
    const dialogue = dialogueIn(set.world.admin, site, { contact: { phone } });
    await dialogue.say('it is me');
    const row = await isAsked(dialogue);
    expect(row).toMatchObject({ parts: 0, writtenUpTo: 0, choice: { phone } });
    const names = ['Anahit Simonyan', 'Arsen Simonyan'];
    const shown = row?.choice?.candidates.toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? ''));
    expect(shown).toEqual(
      [...ids].reverse().map((id, index) => ({
        kind: 'contact',
        id,
        name: names[index],
        phone,
        url: `https://crm.example/contacts/${id}`,
      })),
    );
    // Kept here, and nowhere else.
    expect(await set.crm.leadsOf(dialogue.visitor)).toEqual([]);
    expect(await choose(dialogue, newId())).toMatchObject({ ok: false, refusal: 'choice-unknown' });
    await dialogue.say('are you there?');
    expect(await choose(dialogue, ids[1])).toEqual({ ok: true });
    await isWrittenOn(dialogue, ids[1]);
    expect(await choose(dialogue, ids[0])).toMatchObject({ ok: false, refusal: 'nothing-to-choose' });
    await dialogue.say('good');
    await isWrittenOn(dialogue, ids[1]);
    expect(await set.crm.leadsOf(dialogue.visitor)).toEqual([]);
  },
  180_000,
);

test('a new lead is made when a person says so, or when nobody has chosen in time; who it is then is not asked again', async () => {
  const { phone } = await doubles();
  const [told, left] = [newId(), newId()].map((visitor) =>
    dialogueIn(set.world.admin, set.world.site.id, { visitor, contact: { phone } }),
  ) as [Dialogue, Dialogue];
  for (const dialogue of [told, left]) {
    await dialogue.say(`hello from ${dialogue.visitor}`);
    await isAsked(dialogue);
  }
  expect(await choose(told)).toEqual({ ok: true });
  const links = set.world.database.collection('crm_links');
  await links.updateOne({ conversation: left.conversation }, { $inc: { 'choice.since': -25 * 3_600_000 } });
  const { conversation } = left;
  await request(set.world.admin, 'retry-crm-writes', by(supervisor), { conversation });
  for (const dialogue of [told, left]) {
    const [lead] = await eventually(async () => {
      const leads = await set.crm.leadsOf(dialogue.visitor);
      expect(leads).toHaveLength(1);
      return leads;
    });
    await isWrittenOn(dialogue, lead?.id as string);
    await dialogue.identify({ phone, name: 'Arsen' });
    await dialogue.say('by name now');
    await isWrittenOn(dialogue, lead?.id as string);
  }
}, 240_000);

test('what stands on a lead of his goes on there while a person is asked, and where he is chosen afterwards', async () => {
  const dialogue = begun();
  await dialogue.say('nobody knows me yet');
  await set.pushed(dialogue.conversation);
  const [first] = await set.crm.parts(dialogue.conversation);
  const lead = first?.record as string;
  const { phone, ids } = await doubles();
  await dialogue.identify({ phone });
  await dialogue.say('now you do');
  await isAsked(dialogue);
  await dialogue.say('still talking');
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 60_000,
  });
  expect(await isAsked(dialogue)).toMatchObject({ choice: { phone } });
  expect(await choose(dialogue, ids[0])).toEqual({ ok: true });
  await dialogue.say('and over here');
  await isWrittenOn(dialogue, lead, ids[0]);
  const notes = (await set.crm.read('lead', lead)).notes.join('\n');
  expect(notes).toContain(ids[0]);
}, 240_000);

test('a re-sync while the CRM is paused waits for it, and one of another period asks nothing', async () => {
  const dialogue = begun();
  await dialogue.say('kept');
  await set.pushed(dialogue.conversation);
  const [part] = await set.crm.parts(dialogue.conversation);
  expect(await resync({ from: 0, to: 1 })).toMatchObject({ ok: true, dialogues: 0 });
  await say('pause-crm');
  await set.crm.remove('lead', part?.record as string);
  const reply = await resync({ from: Date.now() - 600_000, to: Date.now() + 60_000 });
  expect(reply).toMatchObject({ ok: true });
  expect((await asked()).connection?.checking).toBe(reply.ok && reply.dialogues);
  await say('resume-crm');
  await lookedThrough();
  expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
}, 240_000);

test('what had to be looked at once more when the pause came is looked at when it ends', async () => {
  const dialogue = begun();
  await dialogue.say('perhaps twice');
  await set.pushed(dialogue.conversation);
  const links = set.world.database.collection('crm_links');
  const mine = { conversation: dialogue.conversation };
  await say('pause-crm');
  await links.updateOne(mine, { $set: { doubt: Date.now() - 60_000 } });
  await say('resume-crm');
  await eventually(async () => expect((await links.findOne(mine))?.['doubt']).toBeUndefined());
});

test('how long writes take is known, and what waits', async () => {
  const dialogue = begun();
  await dialogue.say('watch in hand');
  await set.pushed(dialogue.conversation);
  const lagMs = (await set.row(dialogue.conversation))?.lagMs as number;
  // The window in which it is gathered is a part of it.
  expect(lagMs).toBeGreaterThanOrEqual(1_000);
  await eventually(async () => {
    const { figures } = await asked();
    expect(figures.waiting).toBe(0);
    expect(figures.written).toBeGreaterThan(0);
    expect(figures.lag95Ms).toBeGreaterThanOrEqual(1_000);
    expect(figures.callsPerMessage).toBeGreaterThan(0);
    expect(figures.lags.at(-1)?.ms).toBeGreaterThanOrEqual(lagMs);
  });
});
