// Of the faults contract what concerns messages that are pushed: whatever the way makes of them, whoever does as the guides ask holds each thing once.
import { expect, test } from '@jest/globals';
import { dialogueIn } from './dialogue.ts';
import type { FaultSet } from './faults-contract.ts';
import { keep, nothingHeld, type PushPlace, partsIn } from './faults-places.ts';

export function pushFaults(set: FaultSet): void {
  const { begin, row, caughtUp, expectOnce } = set;
  const place = () => set.place as PushPlace;

  test('messages that arrive twice and the wrong way round leave the same as those in order', async () => {
    const dialogue = await begin();
    await caughtUp(dialogue);
    for (const text of ['two', 'three', 'four']) {
      await dialogue.say(text, 'agent');
      await caughtUp(dialogue);
    }
    const messages = place().messages(dialogue);
    expect(new Set(messages.map(({ id }) => id)).size).toBeGreaterThanOrEqual(4);
    for (const order of [[...messages].reverse(), [...messages, ...messages].reverse(), [...messages, ...messages]]) {
      const held = nothingHeld();
      for (const message of order) keep(held, message);
      await expectOnce(dialogue, partsIn(held, dialogue));
    }
  });

  test('what was written before an outage that nobody saw the end of is the same message after it', async () => {
    const dialogue = await begin();
    const lost = place().days.find(({ failure }) => failure === 'unreachable');
    for (let times = 0; times < 3; times++) {
      await lost?.arm();
      await set.ground.timePasses(set.site);
      await set.ground.replica()(set.site, dialogue.conversation);
      expect((await row(dialogue))?.failure).toMatchObject({ failure: 'unreachable' });
      await place().heal();
    }
    await expectOnce(dialogue, await caughtUp(dialogue));
    const transcripts = place()
      .messages(dialogue)
      .filter(({ type }) => type === 'transcript-changed');
    expect(transcripts.length).toBeGreaterThan(1);
    expect(new Set(transcripts.map((message) => JSON.stringify(message))).size).toBe(1);
  });

  test('a task says what has to be done, by when, for whom and where, and keeps its words as they are', async () => {
    const contact = { name: 'Елена 🎧', phone: '+37477123456' };
    const dialogue = await begin('Алло?', { contact });
    const until = Date.UTC(2026, 10, 29, 9, 30);
    const { visitor } = dialogue;
    const author = { kind: 'visitor', id: visitor } as const;
    const window = { from: until - 3_600_000, until };
    const topic = '<b>a<b и c>d</b> & co';
    const phone = '+37477123499';
    await dialogue.tell('callback-requested', { visitor, author, phone, topic, window, language: 'ru' });
    await caughtUp(dialogue);
    const [task, ...others] = place()
      .messages(dialogue)
      .filter((message) => message.type === 'task-changed');
    expect(others).toEqual([]);
    expect(task?.data).toMatchObject({
      lead: visitor,
      conversation: dialogue.conversation,
      task: 2,
      version: 1,
      kind: 'callback',
      due: '2026-11-29T09:30:00.000Z',
    });
    for (const words of [phone, topic, 'Елена 🎧']) expect(JSON.stringify(task?.data)).toContain(words);
  });

  test('a deal says whose it is and of which dialogue, keeps its words as they are, and is the same message when it is told again', async () => {
    const dialogue = dialogueIn(set.world.admin, set.dealSite, { contact: { name: 'Елена <b>🎧</b>' } });
    await dialogue.say('сколько стоит?');
    await dialogue.say('беру десять');
    await dialogue.say('Хорошо!', 'agent');
    place().loseDealAnswer();
    await set.ground.timePasses(set.dealSite);
    await set.ground.replica()(set.dealSite, dialogue.conversation);
    await place().heal();
    await caughtUp(dialogue);
    const told = place()
      .messages(dialogue)
      .filter((message) => message.type === 'deal-changed');
    expect(told.length).toBeGreaterThan(1);
    expect(new Set(told.map((message) => JSON.stringify(message))).size).toBe(1);
    const { visitor, conversation } = dialogue;
    expect(told[0]?.data).toMatchObject({ lead: visitor, conversation, version: 1 });
    expect(told[0]?.data).toMatchObject({ title: expect.stringContaining('Елена <b>🎧</b>') });
    expect(told[0]?.data).toMatchObject({ text: expect.stringContaining('https://shop.example.com/lamps') });
    const deliveries = await set.ground.deliveries.list({ site: set.dealSite, id: 'crm' }, conversation);
    expect(deliveries.filter(({ deal }) => deal)).toMatchObject([{ state: 'delivered' }]);
  });

  test('the receiver that has been away gets of each thing only how it stands, once', async () => {
    const dialogue = await begin('one');
    const lost = place().days.find(({ failure }) => failure === 'unreachable');
    for (const text of ['two', 'three']) {
      await lost?.arm();
      await set.ground.timePasses(set.site);
      await set.ground.replica()(set.site, dialogue.conversation);
      await place().heal();
      await dialogue.say(text, 'agent');
    }
    const before = place().messages(dialogue).length;
    await expectOnce(dialogue, await caughtUp(dialogue));
    const after = place()
      .messages(dialogue)
      .slice(before)
      .filter(({ type }) => type === 'transcript-changed');
    expect(after).toHaveLength(1);
  });
}

/** For receivers that can fail one record and take the others. */
export function failingRecordFault(set: FaultSet): void {
  const { begin, row, caughtUp, expectOnce } = set;

  test('a record that it fails again and again while it takes others is tried again within minutes, not hours', async () => {
    const { place, ground, site } = set;
    const failing = await begin();
    await caughtUp(failing);
    place.poison?.((await row(failing))?.record?.id as string, 500);
    await failing.say('fails', 'agent');
    let comesBackIn: number | undefined;
    for (let tries = 0; tries < 14; tries++) {
      await ground.timePasses(site);
      comesBackIn = await ground.replica()(site, failing.conversation);
      expect((await row(failing))?.failure).toMatchObject({ failure: 'server-error', attempts: tries + 1 });
      const other = await begin();
      await ground.replica()(site, other.conversation);
      expect((await row(other))?.state).toBe('pushed');
    }
    expect(comesBackIn).toBeLessThan(10 * 60_000);
    await place.heal();
    await expectOnce(failing, await caughtUp(failing));
  });
}
