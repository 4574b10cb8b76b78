// crm-sync on a real NATS server, a real MongoDB and a real CRM: what is said stands there while it is said, with the right person, once.

import { newId } from '@continuo/contracts';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectSaidOnce } from './crm-holds.ts';
import { type CrmWorld, startCrmWorld } from './crm-world.ts';
import { dialogueIn } from './dialogue.ts';

let set: CrmWorld;
beforeAll(async () => {
  set = await startCrmWorld();
}, 600_000);
afterAll(async () => set[Symbol.asyncDispose](), 60_000);

test('a dialogue stands in the CRM while it runs, on a lead that names its source and opens it', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  await dialogue.say('Здравствуйте! Есть лампа? 💡');
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 30_000,
  });
  await dialogue.say('Да, есть.', 'agent');
  await dialogue.say('Беру две');
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 30_000,
  });
  const parts = await set.crm.parts(dialogue.conversation);
  expect(parts).toHaveLength(1);
  expect(parts[0]?.note).toContain('/open/');
  const lead = (await set.crm.leads()).find(({ id }) => id === parts[0]?.record);
  expect(JSON.stringify(lead?.fields)).toMatch(/live chat.*shop\.example\.com\/lamps/s);
});

test('a resumed dialogue goes on in a new part, and no text stands twice', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  await dialogue.say('before');
  await dialogue.close();
  await set.pushed(dialogue.conversation);
  await dialogue.say('after a week', 'agent');
  await eventually(async () => expect(await set.crm.parts(dialogue.conversation)).toHaveLength(2), {
    withinMs: 30_000,
  });
  expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
});

test('a visitor who proves to be a known person: the rest goes there, the lead points to it', async () => {
  const email = `${newId()}@example.com`;
  const person = await set.crm.addContact({ first_name: 'Anna', last_name: 'Known', email });
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  await dialogue.say('who am I?');
  await set.pushed(dialogue.conversation);
  await dialogue.identify({ email });
  await dialogue.say('now you know');
  await eventually(async () => expect(await set.crm.parts(dialogue.conversation)).toHaveLength(2), {
    withinMs: 30_000,
  });
  await set.pushed(dialogue.conversation);
  const [first, second] = await set.crm.parts(dialogue.conversation);
  expect(second?.record).toBe(person);
  expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
  const lead = (await set.crm.leads()).find(({ id }) => id === first?.record);
  expect(lead?.notes.filter((note) => note.endsWith('moved]'))).toHaveLength(1);
});

test('a visitor whom nobody knows: the same lead is told his e-mail', async () => {
  const email = `${newId()}@example.com`;
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  await dialogue.say('hello');
  await set.pushed(dialogue.conversation);
  await dialogue.identify({ email, name: 'Пётр Новый' });
  await eventually(
    async () => {
      const named = (await set.crm.leads()).filter(({ fields }) => fields['email'] === email);
      expect(named).toHaveLength(1);
      expect((await set.crm.parts(dialogue.conversation))[0]?.record).toBe(named[0]?.id);
    },
    { withinMs: 30_000 },
  );
});

test('two dialogues of one new person at once are one lead', async () => {
  const contact = { email: `${newId()}@example.com` };
  const dialogues = [1, 2, 3].map(() => dialogueIn(set.world.admin, set.world.site.id, { contact }));
  await Promise.all(dialogues.map((dialogue) => dialogue.say(`hello from ${dialogue.conversation}`)));
  for (const { conversation } of dialogues) await set.pushed(conversation);
  expect((await set.crm.leads()).filter(({ fields }) => fields['email'] === contact.email)).toHaveLength(1);
});

test('a record deleted in the CRM is made again, with all that was said', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  await dialogue.say('one');
  await set.pushed(dialogue.conversation);
  const [part] = await set.crm.parts(dialogue.conversation);
  await set.crm.remove('lead', part?.record as string);
  await dialogue.say('two');
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 60_000,
  });
});

test('a lead converted meanwhile: what follows goes to the person it became', async () => {
  const email = `${newId()}@example.com`;
  const dialogue = dialogueIn(set.world.admin, set.world.site.id, { contact: { email, name: 'Nina Neu' } });
  await dialogue.say('one');
  await set.pushed(dialogue.conversation);
  const [part] = await set.crm.parts(dialogue.conversation);
  const { contact_id } = await set.crm.convert(part?.record as string);
  await dialogue.say('two');
  await eventually(
    async () => {
      const parts = await set.crm.parts(dialogue.conversation);
      expect(parts.map(({ record, text }) => [record, text.includes('two'), text.includes('one')])).toEqual([
        [contact_id, true, false],
      ]);
    },
    { withinMs: 60_000 },
  );
});

test('200 messages in 20 seconds cost at most 10 writes', async () => {
  await set.setWindow(4);
  const before = set.proxy.writes();
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  const begin = Date.now();
  for (let i = 0; i < 200; i++) {
    await dialogue.say(`message ${i}.`, i % 2 === 0 ? 'visitor' : 'agent');
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begin + (i + 1) * 100 - Date.now())));
  }
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 60_000,
  });
  expect(set.proxy.writes() - before).toBeLessThanOrEqual(10);
}, 120_000);

test('a dialogue longer than many notes is cut into parts, an emoji at the cut whole', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  for (let i = 0; i < 12; i++)
    await dialogue.say(`${i}${'длинно '.repeat(300)}${'👩‍👩‍👧'.repeat(100)}${i}.`, i % 2 === 0 ? 'visitor' : 'agent');
  await set.pushed(dialogue.conversation);
  const parts = await set.crm.parts(dialogue.conversation);
  expect(parts.length).toBeGreaterThan(3);
  for (const { note } of parts) expect(note.length).toBeLessThanOrEqual(10_000);
  expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
});
