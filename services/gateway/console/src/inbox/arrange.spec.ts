// Order and tabs of the inbox.

import type { ConversationSummary } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { arrange, countTabs, holdStill, type Line, neighbour, rowsOf, waitingFor } from './arrange.ts';

const ME = 'me';
const summary = (conversation: string, more: Partial<ConversationSummary> = {}): ConversationSummary => ({
  conversation,
  number: 1,
  status: 'open',
  visitor: `${conversation}-visitor`,
  contact: {},
  language: 'en',
  startedAt: 0,
  updatedAt: 0,
  unanswered: 0,
  agent: { id: ME, name: 'Anna' },
  ...more,
});
const rows = (...ids: string[]): Line[] => ids.map((conversation) => ({ kind: 'row', conversation }));

test('who waits longest stands first, then the answered, the latest first', () => {
  const lines = arrange(
    [
      summary('answered long ago', { updatedAt: 1 }),
      summary('waits shortly', { waitingSince: 50 }),
      summary('answered lately', { updatedAt: 9 }),
      summary('waits long', { waitingSince: 10 }),
    ],
    { tab: 'mine', me: ME },
  );
  expect(rowsOf(lines)).toEqual(['waits long', 'waits shortly', 'answered lately', 'answered long ago']);
  expect(lines[0]).toEqual({ kind: 'group', group: 'waiting' });
});

test('each dialogue is counted in the tabs it belongs to', () => {
  const { agent: _nobody, ...unassigned } = summary('unassigned', { status: 'waiting', waitingSince: 1 });
  const all = [
    summary('mine'),
    summary('a colleague’s', { agent: { id: 'other', name: 'Dmitri' }, waitingSince: 1 }),
    unassigned,
    summary('closed', { status: 'closed' }),
  ];
  expect(countTabs(all, ME)).toEqual({ mine: 1, unassigned: 1, tasks: 0, all: 4, closed: 1 });
  expect(waitingFor(all, ME)).toBe(1);
});

test('the tab of tasks lists tasks, closed dialogues with one as well; J and K pass each dialogue once', () => {
  const task = (number: number) => ({ kind: 'callback' as const, number, at: number });
  const all = [summary('no task'), summary('closed', { status: 'closed', tasks: [task(1), task(3)] })];
  const lines = arrange([...all, summary('other', { tasks: [task(2)] })], { tab: 'tasks', me: ME });
  expect(lines.map((line) => (line.kind === 'task' ? line.task : line.kind))).toEqual(['group', 1, 2, 3]);
  expect(rowsOf(lines)).toEqual(['closed', 'other']);
  expect(rowsOf(holdStill(lines, [{ kind: 'task', conversation: 'new', task: 1 }]))).toEqual([
    'closed',
    'other',
    'new',
  ]);
});

test('the search looks at name, e-mail and last words', () => {
  const all = [
    summary('by name', { contact: { name: 'Елена Саргсян' } }),
    summary('by words', { last: { number: 1, author: 'visitor', text: 'Спасибо, Елена!', at: 0 } }),
    summary('neither'),
  ];
  expect(rowsOf(arrange(all, { tab: 'all', me: ME, search: 'елена' })).sort()).toEqual(['by name', 'by words']);
});

test('while the list holds still nothing moves, and a new dialogue comes at the end', () => {
  expect(rowsOf(holdStill(rows('a', 'b'), rows('new', 'b', 'a')))).toEqual(['a', 'b', 'new']);
});

test('J and K stop at the ends and begin at the top', () => {
  const list = ['a', 'b', 'c'];
  expect(neighbour(list, undefined, 1)).toBe('a');
  expect(neighbour(list, 'b', 1)).toBe('c');
  expect(neighbour(list, 'c', 1)).toBe('c');
  expect(neighbour(list, 'a', -1)).toBe('a');
  expect(neighbour([], undefined, 1)).toBeUndefined();
});
