// crm-sync on a real NATS server, a real MongoDB and a real CRM: what is said stands there while it is said, with the right person, once.

import { type Bus, DUE_HEADER } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { markChanged, scheduleSync } from '../src/handlers/mark-changed.ts';
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
    withinMs: 90_000,
  });
  await dialogue.say('Да, есть.', 'agent');
  await dialogue.say('Беру две');
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said), {
    withinMs: 90_000,
  });
  const parts = await set.crm.parts(dialogue.conversation);
  expect(parts).toHaveLength(1);
  expect(parts[0]?.note).toContain('/open/');
  const lead = await set.crm.read('lead', parts[0]?.record ?? '');
  expect(JSON.stringify(lead?.fields)).toMatch(/live chat.*shop\.example\.com\/lamps/s);
});

test('a resumed dialogue goes on in a new part, and no text stands twice', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  await dialogue.say('before');
  await dialogue.close();
  await set.pushed(dialogue.conversation);
  await dialogue.say('after a week', 'agent');
  await eventually(async () => expect(await set.crm.parts(dialogue.conversation)).toHaveLength(2), {
    withinMs: 90_000,
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
    withinMs: 90_000,
  });
  await set.pushed(dialogue.conversation);
  const [first, second] = await set.crm.parts(dialogue.conversation);
  expect(second?.record).toBe(person);
  expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
  const lead = await set.crm.read('lead', first?.record ?? '');
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
      const named = await set.crm.leadsWith(email);
      expect(named).toHaveLength(1);
      expect((await set.crm.parts(dialogue.conversation))[0]?.record).toBe(named[0]?.id);
    },
    { withinMs: 90_000 },
  );
});

test('two dialogues of one new person at once are one lead', async () => {
  const contact = { email: `${newId()}@example.com` };
  const dialogues = [1, 2, 3].map(() => dialogueIn(set.world.admin, set.world.site.id, { contact }));
  await Promise.all(dialogues.map((dialogue) => dialogue.say(`hello from ${dialogue.conversation}`)));
  for (const { conversation } of dialogues) await set.pushed(conversation);
  expect(await set.crm.leadsWith(contact.email)).toHaveLength(1);
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
  // A busy machine takes longer to say them, and more windows pass.
  const took = Math.max(20_000, Date.now() - begin);
  await eventually(async () => expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said));
  expect(set.proxy.writes() - before).toBeLessThanOrEqual((10 * took) / 20_000);
});

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

test('a lively dialogue asks for a timer once a window, by each replica that did not open it; nobody moves it, and after it comes the next', async () => {
  const { admin, site } = set.world;
  const asked: string[] = [];
  const counting = (): Bus => {
    const publish: Bus['js']['publish'] = (subject, ...more) => {
      asked.push(subject);
      return admin.js.publish(subject, ...more);
    };
    return { ...admin, js: Object.assign(Object.create(admin.js), { publish }) };
  };
  // Nobody speaks in it: whoever looks at the end of a window finds nothing to do.
  const key = newId();
  const settings = { site: () => ({ ...site, crm: { windowSeconds: 30 } }) } as never;
  const standing = async () =>
    Object.keys((await admin.jsm.streams.info('TIMERS', { subjects_filter: `timer.set.*.*.*` })).state.subjects ?? {})
      .filter((subject) => subject.includes(key))
      .sort();
  const [one, other] = [markChanged({ bus: counting(), settings }), markChanged({ bus: counting(), settings })];
  for (let i = 0; i < 20; i++) await one({ site: site.id, key });
  expect(asked).toHaveLength(1);
  await other({ site: site.id, key });
  expect(asked).toHaveLength(2);
  const [window] = await standing();
  // Somebody wants one more look, now: what the first one counts on stays as it is.
  await scheduleSync(admin, { site: site.id, id: 'crm' }, key, clock.now());
  await eventually(async () => expect(await standing()).toEqual([window]));
  await one({ site: site.id, key });
  expect(asked).toHaveLength(2);
  await set.world.clock.advance(31_000);
  await eventually(async () => expect(await standing()).toEqual([]));
  // The clock of this process does not move with the world's.
  const later = Date.now() + 31_000;
  const moved = jest.spyOn(Date, 'now').mockImplementation(() => later);
  try {
    await one({ site: site.id, key });
  } finally {
    moved.mockRestore();
  }
  expect(asked).toHaveLength(3);
  expect(await standing()).toEqual([window]);
  // It goes on as soon as the last one has ended: it is in full swing, and gathered for twice as long.
  const next = await admin.jsm.streams.getMessage('TIMERS', { last_by_subj: window as string });
  expect(Number(next?.header.get(DUE_HEADER)) - later).toBe(60_000);
}, 240_000);

test('what failed is not tried again with each thing that is said, but when it is due, and then all of it is there', async () => {
  const dialogue = dialogueIn(set.world.admin, set.world.site.id);
  const links = set.world.database.collection('crm_links');
  await dialogue.say('first');
  await set.pushed(dialogue.conversation);
  const now = await set.world.clock.now();
  const failure = { failure: 'invalid', words: 'No.', at: now, attempts: 5, retryAt: now + 600_000 };
  await links.updateOne({ conversation: dialogue.conversation }, { $set: { failure } });
  const before = set.proxy.seen.length;
  for (let number = 2; number < 5; number++) {
    await dialogue.say(`message ${number}`);
    await eventually(async () =>
      expect(await links.findOne({ conversation: dialogue.conversation })).toMatchObject({
        wantedUpTo: number,
        failure,
      }),
    );
  }
  expect(set.proxy.seen.length).toBe(before);
  await set.world.clock.advance(700_000);
  await set.pushed(dialogue.conversation);
  expectSaidOnce(await set.holds(dialogue.conversation), dialogue.said);
}, 240_000);
