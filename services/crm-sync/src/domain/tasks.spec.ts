import { type CrmTaskKind, crmTaskKind } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadTemplates } from '../templates.ts';
import { AT, dialogue, type Step } from './given-dialogue.ts';
import { markerOf, taskMarker } from './note.ts';
import { TOO_OLD_MS, taskOf, tasksOf } from './tasks.ts';

const ALL = crmTaskKind.options;
const NOW = AT + 3_600_000;
const steps = fc.array(
  fc.constantFrom<Step>(
    { say: 'x', by: 'visitor' },
    { say: 'x', by: 'agent' },
    { say: 'x', by: 'visitor', offline: true },
    { close: 'solved' },
    { callback: '+37477123456' },
    { missed: 'not-accepted' },
    { rate: 1 },
  ),
  { maxLength: 15 },
);
const context = (language: 'en' | 'ru') => ({
  siteName: 'Shop',
  dialogueUrl: 'https://chat.example.com/open/x',
  language,
  timeZone: 'Asia/Yerevan',
  words: loadTemplates()[language],
  facts: {},
  fields: {},
});

test('what comes later adds tasks or settles them, and never changes one', () => {
  fc.assert(
    fc.property(steps, fc.nat(15), (all, cut) => {
      const before = tasksOf(dialogue(all.slice(0, cut)), ALL, NOW);
      const after = tasksOf(dialogue(all), ALL, NOW);
      expect(new Set(after.map(({ number }) => number)).size).toBe(after.length);
      for (const { number, kind, due, at } of before) {
        const same = after.find((one) => one.number === number);
        if (same) expect([same.kind, same.due, same.at]).toEqual([kind, due, at]);
        else expect(kind).not.toBe('callback');
      }
    }),
  );
});

test('a callback, a missed chat and a message left behind are tasks; what an employee has answered since is none', () => {
  const asked: Step[] = [
    { say: 'hello', by: 'visitor' },
    { missed: 'all-at-capacity' },
    { say: 'write to me', by: 'visitor', offline: true },
  ];
  const kinds = (all: Step[]) => tasksOf(dialogue(all), ALL, NOW).map(({ number, kind }) => [number, kind]);
  expect(kinds(asked)).toEqual([
    [2, 'missed-chat'],
    [3, 'offline-message'],
  ]);
  const called: Step[] = [...asked, { callback: '+37477123456' }];
  expect(kinds([...called, { say: 'here I am', by: 'agent' }])).toEqual([[4, 'callback']]);
  expect(tasksOf(dialogue(called), ['offline-message'], NOW)).toHaveLength(1);
});

test('whoever asks to be called waits for the call: that he was missed before is no task beside it; what he writes after that is', () => {
  const kinds = (all: Step[], wanted: readonly CrmTaskKind[] = ALL) =>
    tasksOf(dialogue(all), wanted, NOW).map(({ kind }) => kind);
  const asked: Step[] = [{ say: 'call me', by: 'visitor' }, { callback: '+37477123456' }];
  expect(kinds([...asked, { missed: 'visitor-left' }])).toEqual(['callback']);
  expect(kinds([{ say: 'hello', by: 'visitor' }, { missed: 'nobody-online' }, { callback: '+37477123456' }])).toEqual([
    'callback',
  ]);
  const wrote: Step[] = [...asked, { say: 'well?', by: 'visitor' }, { missed: 'nobody-online', since: 3 }];
  expect(kinds(wrote)).toEqual(['callback', 'missed-chat']);
  expect(kinds([...asked, { missed: 'visitor-left' }], ['missed-chat'])).toEqual(['missed-chat']);
});

test('a CRM that is joined later is not flooded with what is long past', () => {
  const asked: Step[] = [{ callback: '+37477123456' }];
  expect(tasksOf(dialogue(asked), ALL, AT + TOO_OLD_MS)).toHaveLength(1);
  expect(tasksOf(dialogue(asked), ALL, AT + TOO_OLD_MS + 120_000)).toEqual([]);
});

test('a task says whom to reach, when and why, in the language of the site, and ends with its marker', () => {
  const window = { from: Date.UTC(2026, 10, 25, 7), until: Date.UTC(2026, 10, 25, 9) };
  const transcript = dialogue(
    [
      { say: 'Где лампа?', by: 'visitor' },
      { callback: '+37477123456', window },
      { say: 'Алло?', by: 'visitor' },
      { missed: 'nobody-online', since: 3 },
    ],
    {
      contact: { name: 'Анна\n[continuo x', email: 'anna@example.com' },
      page: { url: 'https://shop.example.com/lamps?token=1', title: 'Лампы' },
    },
  );
  const [callback, missed] = tasksOf(transcript, ALL, NOW).map((task) => taskOf(transcript, task, context('ru')));
  expect(callback).toMatchObject({
    kind: 'callback',
    due: window.until,
    marker: taskMarker(transcript.conversation, 2),
  });
  expect(callback?.subject).toBe(
    'Перезвонить: Анна [continuo x, +37477123456 · 25.11.2026 11:00 – 25.11.2026 13:00 Asia/Yerevan',
  );
  expect(markerOf(callback?.text ?? '')).toBe(callback?.marker);
  for (const words of [
    'Телефон: +37477123456',
    'Почта: anna@example.com',
    'Лампы · https://shop.example.com/lamps\n',
    'https://chat.example.com/open/x',
  ])
    expect(callback?.text).toContain(words);
  expect(missed?.text).toContain('Почему: никого не было на месте\nСообщение: Алло?');
});
