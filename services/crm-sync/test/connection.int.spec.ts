// What those who run a site's CRM do with its connection, on two replicas and a real CRM: test it, let it rest, go on, have a period looked through.
import { ask, request } from '@continuo/bus';
import { type Actor, type CommandName, newId } from '@continuo/contracts';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectSaidOnce } from './crm-holds.ts';
import { type CrmWorld, startCrmWorld } from './crm-world.ts';
import { dialogueIn } from './dialogue.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

let set: CrmWorld;
beforeAll(async () => {
  set = await startCrmWorld();
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

async function siteBehind(proxy: FaultProxy): Promise<string> {
  const site = await set.addSite();
  await request(set.world.operator, 'save-crm-connection', set.envelope(site), {
    connection: { connector: 'bottlecrm', baseUrl: proxy.url, credentials: { token: set.world.crm.token } },
  });
  return site;
}

test('supervisors, administrators and the operator decide over the connection, nobody else', async () => {
  const site = await set.addSite();
  const data = { 'test-crm': {}, 'pause-crm': {}, 'resume-crm': {}, 'resync-crm': week(), 'retry-crm-writes': {} };
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
    await eventually(async () => expect((await set.row(conversation))?.state).toBe('pending'), { withinMs: 30_000 });
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
  await eventually(async () => expect((await set.row(before.conversation))?.wantedUpTo).toBe(3), { withinMs: 30_000 });
  expect(set.proxy.writes()).toBe(writes);

  expect(await say('resume-crm')).toMatchObject({ ok: true });
  for (const dialogue of [before, meanwhile]) {
    await set.pushed(dialogue.conversation);
    expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
  }
  expect(await stateOf()).toBe('works');
}, 180_000);

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
}, 180_000);

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
      withinMs: 30_000,
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
  await eventually(async () => expectSaidOnce(await set.holds(conversation), dialogue.said), { withinMs: 30_000 });
  const [again] = await set.crm.parts(conversation);
  expect(again?.record).toBe(part?.record);
});

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
}, 120_000);

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
    expect(figures.lags.at(-1)?.ms).toBeGreaterThanOrEqual(lagMs);
  });
});
