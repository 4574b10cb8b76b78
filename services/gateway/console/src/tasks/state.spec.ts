// What is to be done besides answering: order, who is meant, what was done and by whom.

import type { ConversationSummary, DialogueTask } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { countOpen, isOver, phoneOf, type TaskLine, taskLines } from './state.ts';

const HOUR = 3_600_000;
const anna = { kind: 'agent', id: 'a', name: 'Anna' } as const;
const task = (number: number, more: Partial<DialogueTask> = {}): DialogueTask => ({
  kind: 'callback',
  number,
  at: number * HOUR,
  ...more,
});
const summary = (conversation: string, tasks?: DialogueTask[], more: Partial<ConversationSummary> = {}) =>
  ({
    conversation,
    visitor: `${conversation}-visitor`,
    contact: {},
    ...(tasks && { tasks }),
    ...more,
  }) as ConversationSummary;
const short = (lines: TaskLine[]): string[] =>
  lines.map((line) => (line.kind === 'group' ? `[${line.group}]` : `${line.conversation} ${line.task}`));

test('who is due longest stands first; a call that is wanted later comes later; what is done stands below, the latest first', () => {
  const lines = taskLines([
    summary('later', [task(1, { window: { from: 9 * HOUR, until: 11 * HOUR } })]),
    summary('two', [task(4), task(2, { done: { at: 5 * HOUR, by: anna } })]),
    summary('missed', [task(3, { kind: 'missed-chat', cause: 'nobody-online' })]),
    summary('done', [task(2, { done: { at: 7 * HOUR, by: anna } })]),
    summary('none'),
  ]);
  expect(short(lines)).toEqual(['[to-do]', 'missed 3', 'two 4', 'later 1', '[done]', 'done 2', 'two 2']);
});

test('with all done the list says so before it shows what was done', () => {
  expect(short(taskLines([summary('a', [task(1, { done: { at: 2, by: anna } })])]))).toEqual(['[all-done]', 'a 1']);
  expect(taskLines([summary('a')])).toEqual([]);
});

test('each open task counts, also two of one dialogue', () => {
  expect(countOpen([summary('a', [task(1), task(2)]), summary('b', [task(3, { done: { at: 4, by: anna } })])])).toBe(2);
});

test('the search finds a number, what a call is about, and whoever is meant', () => {
  const all = [
    summary('by number', [task(1, { phone: '+37477123456' })]),
    summary('by topic', [task(1, { topic: 'My order 48-2207' })]),
    summary('by name', [task(1)], { contact: { name: 'Елена' } }),
  ];
  const found = (search: string) => short(taskLines(all, search)).filter((line) => !line.startsWith('['));
  expect(found('7712')).toEqual(['by number 1']);
  expect(found('48-22')).toEqual(['by topic 1']);
  expect(found('елена')).toEqual(['by name 1']);
});

test('the number asked for is called, else the one that is known of the visitor', () => {
  expect(phoneOf(task(1, { phone: '+1' }), { phone: '+2' })).toBe('+1');
  expect(phoneOf(task(1, { kind: 'missed-chat' }), { phone: '+2' })).toBe('+2');
  expect(phoneOf(task(1), {})).toBeUndefined();
});

test('a wanted time is over only when nobody has called by then', () => {
  const window = { from: HOUR, until: 2 * HOUR };
  expect(isOver(task(1, { window }), 2 * HOUR - 1)).toBe(false);
  expect(isOver(task(1, { window }), 2 * HOUR)).toBe(true);
  expect(isOver(task(1, { window, done: { at: HOUR, by: anna } }), 3 * HOUR)).toBe(false);
  expect(isOver(task(1), 99 * HOUR)).toBe(false);
});
