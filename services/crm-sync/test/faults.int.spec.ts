// The bad days: replicas are killed and paused, the CRM loses answers, fails and refuses. Nothing is lost, and nothing stands twice in the end.

import { ask, request } from '@continuo/bus';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Breaker } from '../src/domain/breaker.ts';
import { AT_ONCE } from '../src/gate.ts';
import { expectSaidOnce } from './crm-holds.ts';
import { type CrmWorld, makesNote, startCrmWorld } from './crm-world.ts';
import { type Dialogue, dialogueIn } from './dialogue.ts';
import { startFaultProxy } from './fault-proxy.ts';

let set: CrmWorld;
beforeAll(async () => {
  set = await startCrmWorld();
}, 600_000);
afterAll(async () => set[Symbol.asyncDispose](), 60_000);

/** The journal is asked first: a look into the CRM takes of the time that the CRM has for what is waited for. */
async function arrives(dialogue: Dialogue, site: string): Promise<void> {
  const withinMs = 90_000;
  await eventually(async () => expect((await set.row(dialogue.conversation, site))?.state).toBe('pushed'), {
    withinMs,
  });
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), { withinMs });
}

test('a writer killed between the call and its record leaves no double', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  set.proxy.next(makesNote, {
    answerAfter: held,
  });
  await dialogue.say('said once');
  await eventually(async () => expect(await set.crm.parts(dialogue.conversation)).toHaveLength(1), {
    withinMs: 90_000,
  });
  // One of the two holds the answerless call: both are killed, two are started anew.
  await set.world.kill('crm-sync', 0);
  await set.world.kill('crm-sync', 0);
  letGo();
  await set.world.start('crm-sync');
  await set.world.start('crm-sync');
  await dialogue.say('and on');
  await set.pushed(dialogue.conversation);
  const parts = await set.crm.parts(dialogue.conversation);
  expect(parts).toHaveLength(1);
  expectSaidOnce(parts[0]?.text ?? '', dialogue.said);
}, 240_000);

test('a note whose answer was lost is adopted, not written again', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  set.proxy.next(makesNote, {
    loseAnswer: true,
  });
  await dialogue.say('said once');
  await set.pushed(dialogue.conversation);
  expect(await set.crm.parts(dialogue.conversation)).toHaveLength(1);
});

test('what was said while the CRM was away arrives by itself, and the journal says why it waited', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  set.proxy.next(() => true, { answer: 503 }, 2);
  await dialogue.say('patience');
  await eventually(
    async () => {
      const reply = await ask(set.world.admin, 'crm-journal', set.envelope(), { state: 'pending', limit: 10 });
      expect(
        reply.ok && reply.rows.find(({ conversation }) => conversation === dialogue.conversation)?.failure?.words,
      ).toMatch(/BottleCRM/);
    },
    { withinMs: 90_000 },
  );
  set.proxy.heal();
  await request(set.world.admin, 'retry-crm-writes', set.envelope(), { conversation: dialogue.conversation });
  await set.pushed(dialogue.conversation);
  const held = await ask(set.world.admin, 'crm-holds', set.envelope(), { conversation: dialogue.conversation });
  expect(held.ok && held.notes.map(({ text }) => text.includes('patience'))).toEqual([true]);
});

test('what was said before a CRM was connected arrives when it is', async () => {
  const site = await set.addSite();
  const dialogue = dialogueIn(set.world.admin, site);
  await dialogue.say('long before');
  await eventually(
    async () => {
      const reply = await ask(set.world.admin, 'crm-journal', set.envelope(site), { state: 'pending', limit: 10 });
      expect(reply.ok && reply.counts.pending).toBe(1);
    },
    { withinMs: 90_000 },
  );
  const saved = await request(set.world.admin, 'save-crm-connection', set.envelope(site), {
    connection: { connector: 'bottlecrm', baseUrl: set.proxy.url, credentials: { token: set.world.crm.token } },
  });
  expect(saved.ok).toBe(true);
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 90_000,
  });
  const stored = await set.world.database.collection('crm_connections').findOne({});
  expect(JSON.stringify(stored)).not.toContain(set.world.crm.token);
});

test('a writer that was paused in the middle of a call is healed when it goes on', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  set.proxy.next(makesNote, { hold: held });
  const before = set.proxy.seen.filter(makesNote).length;
  await dialogue.say('said by two');
  await eventually(() => expect(set.proxy.seen.filter(makesNote).length).toBe(before + 1));
  // Nobody knows which of the two is in the call: both stop, and a third one takes over when the lease has run out.
  const paused = [...set.world.running('crm-sync')];
  for (const process of paused) process.signal('SIGSTOP');
  await set.world.start('crm-sync');
  await dialogue.say('and more');
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 90_000,
  });
  // The CRM now also gets what the paused one had sent: the note stands twice until somebody looks.
  letGo();
  await eventually(async () => expect(await set.crm.parts(dialogue.conversation)).toHaveLength(2));
  for (const process of paused) process.signal('SIGCONT');
  await eventually(async () => expect(await set.crm.parts(dialogue.conversation)).toHaveLength(1), {
    withinMs: 90_000,
  });
  expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
}, 240_000);

test('a refused token waits in words, and a new one brings everything', async () => {
  const site = await set.addSite();
  const save = (token: string) =>
    request(set.world.operator, 'save-crm-connection', set.envelope(site), {
      connection: { connector: 'bottlecrm', baseUrl: set.proxy.url, credentials: { token } },
    });
  await save('bcrm_pat_of_nobody');
  const dialogue = dialogueIn(set.world.admin, site);
  await dialogue.say('wait for me');
  await eventually(async () => {
    expect((await set.row(dialogue.conversation, site))?.failure).toMatchObject({
      failure: 'refused-access',
      words: expect.stringMatching(/token/),
    });
  });
  await save(set.world.crm.token);
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said));
});

test('a stale key stops both senders after few tries, until a person tries again', async () => {
  const site = await set.addSite();
  await using locked = await startFaultProxy(set.world.crm.baseUrl);
  locked.next(() => true, { answer: 403 }, 10_000);
  await request(set.world.operator, 'save-crm-connection', set.envelope(site), {
    connection: { connector: 'bottlecrm', baseUrl: locked.url, credentials: { token: set.world.crm.token } },
  });
  const waiting = Array.from({ length: 7 }, () => dialogueIn(set.world.admin, site));
  const stopped = (dialogue: (typeof waiting)[number]) =>
    eventually(async () => {
      const failure = (await set.row(dialogue.conversation, site))?.failure;
      expect(failure).toMatchObject({ failure: 'refused-access' });
      expect(failure?.retryAt).toBeUndefined();
    });
  await Promise.all(waiting.slice(0, -1).map((dialogue) => dialogue.say('no key fits')));
  await eventually(() => expect(locked.seen.length).toBe(3));
  const late = waiting.at(-1) as (typeof waiting)[number];
  await late.say('later still');
  await stopped(late);
  expect(locked.seen.length).toBe(3);
  locked.heal();
  await request(set.world.admin, 'retry-crm-writes', set.envelope(site), { conversation: late.conversation });
  // The one that was tried again shows that the CRM works: the others follow by themselves.
  for (const dialogue of waiting) await arrives(dialogue, site);
}, 240_000);

test('a CRM that fails all that is written but answers what is asked is not taken for one that is down', async () => {
  const site = await set.addSite();
  await using failing = await startFaultProxy(set.world.crm.baseUrl);
  await request(set.world.operator, 'save-crm-connection', set.envelope(site), {
    connection: { connector: 'bottlecrm', baseUrl: failing.url, credentials: { token: set.world.crm.token } },
  });
  failing.next(({ method }) => method === 'POST', { answer: 500 }, 10_000);
  const dialogues = Array.from({ length: 4 }, () => dialogueIn(set.world.admin, site));
  for (const dialogue of dialogues) {
    await dialogue.say('one by one');
    await eventually(async () =>
      expect((await set.row(dialogue.conversation, site))?.failure).toMatchObject({ failure: 'server-error' }),
    );
  }
  const gates = set.world.database.collection<{ _id: string; breaker: Breaker }>('crm_gates');
  const gate = await gates.findOne({ _id: site });
  // Every run has read something before it fails, so none adds to the one before.
  expect(gate?.breaker.failures).toBeLessThanOrEqual(1);
  expect(gate?.breaker.stopped).toBe(false);
  failing.heal();
  await request(set.world.admin, 'retry-crm-writes', set.envelope(site), {});
  for (const dialogue of dialogues) await arrives(dialogue, site);
}, 240_000);

test('a CRM that never answers does not hold up the dialogues of another site', async () => {
  const silent = await set.addSite();
  await using deaf = await startFaultProxy(set.world.crm.baseUrl);
  deaf.next(() => true, { hold: new Promise(() => {}) }, 10_000);
  await request(set.world.operator, 'save-crm-connection', set.envelope(silent), {
    connection: { connector: 'bottlecrm', baseUrl: deaf.url, credentials: { token: set.world.crm.token } },
  });
  const waiting = Array.from({ length: 60 }, () => dialogueIn(set.world.admin, silent));
  await Promise.all(waiting.map((dialogue) => dialogue.say('into the void')));
  await eventually(() => expect(deaf.seen.length).toBeGreaterThan(0));
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  await dialogue.say('meanwhile elsewhere');
  await set.pushed(dialogue.conversation);
  expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
  for (const { conversation } of waiting) expect((await set.row(conversation, silent))?.state).not.toBe('pushed');
  // Few hands of both replicas were ever at the silent one; the others were free for everybody else. Twice over, since calls that are given up may still
  // be closing when the next ones come.
  expect(deaf.mostAtOnce()).toBeLessThanOrEqual(2 * 2 * AT_ONCE);
});

test('the same change told many times, in any order, is written once', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  await dialogue.say('one');
  await set.pushed(dialogue.conversation);
  const before = set.proxy.writes();
  const again = () =>
    request(set.world.operator, 'retry-crm-writes', set.envelope(), { conversation: dialogue.conversation });
  for (let i = 0; i < 5; i++) await again();
  await dialogue.say('two', 'agent');
  for (let i = 0; i < 5; i++) await again();
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said));
  await set.pushed(dialogue.conversation);
  expect(set.proxy.writes() - before).toBe(1);
});
