// crm-sync on a real NATS server, a real MongoDB and a real CRM: what was said stands there, once, whatever happens meanwhile.

import { ask, putSite, request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CrmReader, crmOf, expectSaidOnce } from './crm-holds.ts';
import { dialogueIn } from './dialogue.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

let world: World;
let proxy: FaultProxy;
let crm: CrmReader;
const envelope = () => ({ id: newId(), site: world.site.id, actor: { kind: 'operator', id: 'test' } as const });
const holds = async (conversation: string) => (await crm.parts(conversation)).map(({ text }) => text).join('');
const pushed = (conversation: string) =>
  eventually(
    async () => {
      const reply = await ask(world.admin, 'crm-link', envelope(), { conversation });
      if (!reply.ok || reply.row?.state !== 'pushed') throw new Error(`not yet: ${JSON.stringify(reply)}`);
      return reply.row;
    },
    { withinMs: 60_000 },
  );

beforeAll(async () => {
  world = await startWorld({
    services: { 'crm-sync': 2 },
    crm: true,
    crmAddress: async (real) => {
      proxy = await startFaultProxy(real);
      return proxy.url;
    },
  });
  await putSite(world.admin, { ...world.site, crm: { windowSeconds: 1 } });
  crm = crmOf(world);
}, 600_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
}, 60_000);

test('a dialogue stands in the CRM while it runs, on a lead that names its source and opens it', async () => {
  const dialogue = dialogueIn(world.admin, world.site.id);
  await dialogue.say('Здравствуйте! Есть лампа? 💡');
  await eventually(async () => expectSaidOnce(await holds(dialogue.conversation), dialogue.said), {
    withinMs: 30_000,
  });
  await dialogue.say('Да, есть.', 'agent');
  await dialogue.say('Беру две');
  await eventually(async () => expectSaidOnce(await holds(dialogue.conversation), dialogue.said), {
    withinMs: 30_000,
  });
  const parts = await crm.parts(dialogue.conversation);
  expect(parts).toHaveLength(1);
  expect(parts[0]?.note).toContain('/open/');
  const lead = (await crm.leads()).find(({ id }) => id === parts[0]?.record);
  expect(JSON.stringify(lead?.fields)).toMatch(/live chat.*shop\.example\.com\/lamps/s);
});

test('a resumed dialogue goes on in a new part, and no text stands twice', async () => {
  const dialogue = dialogueIn(world.admin, world.site.id);
  await dialogue.say('before');
  await dialogue.close();
  await pushed(dialogue.conversation);
  await dialogue.say('after a week', 'agent');
  await eventually(async () => expect(await crm.parts(dialogue.conversation)).toHaveLength(2), { withinMs: 30_000 });
  expectSaidOnce(await holds(dialogue.conversation), dialogue.said);
});

test('a visitor who proves to be a known person: the rest goes there, the lead points to it', async () => {
  const email = `${newId()}@example.com`;
  const person = await crm.addContact({ first_name: 'Anna', last_name: 'Known', email });
  const dialogue = dialogueIn(world.admin, world.site.id);
  await dialogue.say('who am I?');
  await pushed(dialogue.conversation);
  await dialogue.identify({ email });
  await dialogue.say('now you know');
  await eventually(async () => expect(await crm.parts(dialogue.conversation)).toHaveLength(2), { withinMs: 30_000 });
  await pushed(dialogue.conversation);
  const [first, second] = await crm.parts(dialogue.conversation);
  expect(second?.record).toBe(person);
  expectSaidOnce(await holds(dialogue.conversation), dialogue.said);
  const lead = (await crm.leads()).find(({ id }) => id === first?.record);
  expect(lead?.notes.filter((note) => note.endsWith('moved]'))).toHaveLength(1);
});

test('a visitor whom nobody knows: the same lead is told his e-mail', async () => {
  const email = `${newId()}@example.com`;
  const dialogue = dialogueIn(world.admin, world.site.id);
  await dialogue.say('hello');
  await pushed(dialogue.conversation);
  await dialogue.identify({ email, name: 'Пётр Новый' });
  await eventually(
    async () => {
      const named = (await crm.leads()).filter(({ fields }) => fields['email'] === email);
      expect(named).toHaveLength(1);
      expect((await crm.parts(dialogue.conversation))[0]?.record).toBe(named[0]?.id);
    },
    { withinMs: 30_000 },
  );
});

test('two dialogues of one new person at once are one lead', async () => {
  const contact = { email: `${newId()}@example.com` };
  const dialogues = [1, 2, 3].map(() => dialogueIn(world.admin, world.site.id, { contact }));
  await Promise.all(dialogues.map((dialogue) => dialogue.say(`hello from ${dialogue.conversation}`)));
  for (const { conversation } of dialogues) await pushed(conversation);
  expect((await crm.leads()).filter(({ fields }) => fields['email'] === contact.email)).toHaveLength(1);
});

test('a writer killed between the call and its record leaves no double', async () => {
  const dialogue = dialogueIn(world.admin, world.site.id);
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  proxy.next(({ method, path }) => method === 'POST' && /^\/api\/leads\/[0-9a-f-]{36}\/$/.test(path), {
    answerAfter: held,
  });
  await dialogue.say('said once');
  await eventually(async () => expect(await crm.parts(dialogue.conversation)).toHaveLength(1), { withinMs: 30_000 });
  // One of the two holds the answerless call: both are killed, one is started anew.
  await world.kill('crm-sync', 0);
  await world.kill('crm-sync', 0);
  letGo();
  await world.start('crm-sync');
  await world.start('crm-sync');
  await dialogue.say('and on');
  await pushed(dialogue.conversation);
  const parts = await crm.parts(dialogue.conversation);
  expect(parts).toHaveLength(1);
  expectSaidOnce(parts[0]?.text ?? '', dialogue.said);
}, 120_000);

test('a note whose answer was lost is adopted, not written again', async () => {
  const dialogue = dialogueIn(world.admin, world.site.id);
  proxy.next(({ method, path }) => method === 'POST' && /^\/api\/leads\/[0-9a-f-]{36}\/$/.test(path), {
    loseAnswer: true,
  });
  await dialogue.say('said once');
  await pushed(dialogue.conversation);
  expect(await crm.parts(dialogue.conversation)).toHaveLength(1);
});

test('a record deleted in the CRM is made again, with all that was said', async () => {
  const dialogue = dialogueIn(world.admin, world.site.id);
  await dialogue.say('one');
  await pushed(dialogue.conversation);
  const [part] = await crm.parts(dialogue.conversation);
  await crm.remove('lead', part?.record as string);
  await dialogue.say('two');
  await eventually(async () => expectSaidOnce(await holds(dialogue.conversation), dialogue.said), {
    withinMs: 60_000,
  });
});

test('a lead converted meanwhile: what follows goes to the person it became', async () => {
  const email = `${newId()}@example.com`;
  const dialogue = dialogueIn(world.admin, world.site.id, { contact: { email, name: 'Nina Neu' } });
  await dialogue.say('one');
  await pushed(dialogue.conversation);
  const [part] = await crm.parts(dialogue.conversation);
  const { contact_id } = await crm.convert(part?.record as string);
  await dialogue.say('two');
  await eventually(
    async () => {
      const parts = await crm.parts(dialogue.conversation);
      expect(parts.map(({ record, text }) => [record, text.includes('two'), text.includes('one')])).toEqual([
        [contact_id, true, false],
      ]);
    },
    { withinMs: 60_000 },
  );
});

test('what was said while the CRM was away arrives by itself, and the journal says why it waited', async () => {
  const dialogue = dialogueIn(world.admin, world.site.id);
  proxy.next(() => true, { answer: 503 }, 2);
  await dialogue.say('patience');
  await eventually(
    async () => {
      const reply = await ask(world.admin, 'crm-journal', envelope(), { state: 'failed', limit: 10 });
      expect(
        reply.ok && reply.rows.find(({ conversation }) => conversation === dialogue.conversation)?.failure?.words,
      ).toMatch(/BottleCRM/);
    },
    { withinMs: 30_000 },
  );
  proxy.heal();
  await request(world.admin, 'retry-crm-writes', envelope(), { conversation: dialogue.conversation });
  await pushed(dialogue.conversation);
  const held = await ask(world.admin, 'crm-holds', envelope(), { conversation: dialogue.conversation });
  expect(held.ok && held.notes.map(({ text }) => text.includes('patience'))).toEqual([true]);
});

test('what was said before a CRM was connected arrives when it is', async () => {
  const site = newId();
  await putSite(world.admin, { ...world.site, id: site, crm: { windowSeconds: 1 } });
  const dialogue = dialogueIn(world.admin, site);
  await dialogue.say('long before');
  const ours = { ...envelope(), site };
  await eventually(
    async () => {
      const reply = await ask(world.admin, 'crm-journal', ours, { state: 'pending', limit: 10 });
      expect(reply.ok && reply.counts.pending).toBe(1);
    },
    { withinMs: 30_000 },
  );
  const saved = await request(
    world.admin,
    'save-crm-connection',
    { ...ours, id: newId() },
    { connection: { connector: 'bottlecrm', baseUrl: proxy.url, credentials: { token: world.crm.token } } },
  );
  expect(saved.ok).toBe(true);
  await eventually(async () => expectSaidOnce(await holds(dialogue.conversation), dialogue.said), {
    withinMs: 30_000,
  });
  const stored = await world.database.collection('crm_connections').findOne({});
  expect(JSON.stringify(stored)).not.toContain(world.crm.token);
});

test('200 messages in 20 seconds cost at most 10 writes', async () => {
  await putSite(world.admin, { ...world.site, crm: { windowSeconds: 4 } });
  const before = proxy.writes();
  const dialogue = dialogueIn(world.admin, world.site.id);
  const begin = Date.now();
  for (let i = 0; i < 200; i++) {
    await dialogue.say(`message ${i}.`, i % 2 === 0 ? 'visitor' : 'agent');
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begin + (i + 1) * 100 - Date.now())));
  }
  await eventually(async () => expectSaidOnce(await holds(dialogue.conversation), dialogue.said), {
    withinMs: 60_000,
  });
  expect(proxy.writes() - before).toBeLessThanOrEqual(10);
}, 120_000);
