// What the log of a dialogue shows.

import type { ConversationEvent } from '@continuo/contracts';
import { fold, type Transcript } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { type LogEntry, type LogOptions, logEntries } from './log.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const elena = { kind: 'visitor', id: 'v', name: 'Елена' } as const;
const dmitri = { kind: 'agent', id: 'd', name: 'Дмитрий' } as const;
const anna = { kind: 'agent', id: 'a', name: 'Анна' } as const;
const options: LogOptions = {
  outgoing: [],
  me: anna,
  delivered: 0,
  sameDay: (one, other) => Math.floor(one / DAY) === Math.floor(other / DAY),
};

let number = 0;
const event = (type: string, at: number, data: unknown): ConversationEvent => {
  number++;
  return {
    type,
    number,
    key: 'c',
    site: 's',
    id: `e${number}`,
    cause: `k${number}`,
    time: at,
    data,
  } as ConversationEvent;
};
const started = (at: number, text: string) =>
  event('conversation-started', at, { visitor: 'v', author: elena, text, language: 'ru', channel: 'chat' });
const said = (author: typeof elena | typeof dmitri | typeof anna, at: number, text: string, more = {}) =>
  event('message-sent', at, { author, text, channel: 'chat', ...more });
function transcript(make: () => ConversationEvent[]): Transcript {
  number = 0;
  return fold(make()) as Transcript;
}
const short = (entries: LogEntry[]): string[] =>
  entries.map((entry) => {
    if (entry.kind === 'message')
      return entry.ours ? `our "${entry.message.text}" ${entry.progress}` : `their "${entry.message.text}"`;
    if (entry.kind === 'speaker') return `${entry.author.name}${entry.read ? ', read' : ''}`;
    if (entry.kind === 'outgoing') return `outgoing "${entry.outgoing.text}"`;
    return entry.kind;
  });

test('a run of one speaker has one name, a pause begins a new one', () => {
  const shown = logEntries(
    transcript(() => [started(0, 'one'), said(elena, MINUTE, 'two'), said(elena, 9 * MINUTE, 'three')]),
    options,
  );
  expect(short(shown)).toEqual(['day', 'Елена', 'their "one"', 'their "two"', 'Елена', 'their "three"']);
});

test('a dialogue resumed after a week shows a joint where it stopped, and no end', () => {
  const shown = logEntries(
    transcript(() => [
      started(0, 'one'),
      event('conversation-closed', MINUTE, { by: dmitri, reason: 'solved' }),
      said(anna, 7 * DAY, 'again', { reopens: 'crm-link' }),
    ]),
    options,
  );
  expect(short(shown)).toEqual(['day', 'Елена', 'their "one"', 'joint', 'Анна', 'our "again" stored']);
  expect(shown[3]).toMatchObject({ from: 'crm-link', stoppedAt: MINUTE, at: 7 * DAY, by: anna });
});

test('a dialogue that ended shows its end', () => {
  const shown = logEntries(
    transcript(() => [started(0, 'one'), event('conversation-closed', MINUTE, { by: dmitri, reason: 'solved' })]),
    options,
  );
  expect(short(shown)).toEqual(['day', 'Елена', 'their "one"', 'closed']);
});

test('what a survey was answered by is told where it happened, also after the end', () => {
  const survey = { id: 'after', title: 'Your order', questions: [{ kind: 'scale', question: 'Easy?' }] };
  const answers = [{ kind: 'scale', place: 1, question: 'Easy?', score: 4 }];
  const shown = logEntries(
    transcript(() => [
      started(0, 'one'),
      said(anna, 1, 'two', { survey }),
      event('conversation-closed', 2, { by: anna, reason: 'solved' }),
      event('survey-answered', 3, { by: elena, message: 2, title: 'Your order', answers }),
    ]),
    options,
  );
  expect(short(shown)).toEqual(['day', 'Елена', 'their "one"', 'Анна', 'our "two" stored', 'closed', 'answers']);
  expect(shown.at(-1)).toMatchObject({ title: 'Your order', answers, at: 3 });
  expect(shown).toContainEqual(expect.objectContaining({ message: expect.objectContaining({ survey }) }));
});

test('our messages show how far they came, and the last one read carries the word', () => {
  const shown = logEntries(
    transcript(() => [
      started(0, 'one'),
      said(anna, 1, 'two'),
      event('messages-read', 2, { by: elena, upTo: 2 }),
      said(dmitri, 3, 'three'),
      said(anna, 4, 'four'),
    ]),
    { ...options, delivered: 4 },
  );
  expect(short(shown).slice(3)).toEqual([
    'Анна, read',
    'our "two" delivered',
    'Дмитрий',
    'our "three" delivered',
    'Анна',
    'our "four" stored',
  ]);
});

test('a message on its way stands at the end and gives way to its event', () => {
  const waiting = { id: 'k2', conversation: 'c', text: 'two', from: 'console', at: 1 } as const;
  const before = transcript(() => [started(0, 'one')]);
  expect(short(logEntries(before, { ...options, outgoing: [waiting] })).at(-1)).toBe('outgoing "two"');
  const after = transcript(() => [started(0, 'one'), said(anna, 1, 'two')]);
  expect(short(logEntries(after, { ...options, outgoing: [waiting] })).at(-1)).toBe('our "two" stored');
});

test('a call that is asked for, a missed chat and what was done are told where they happened, also after the end', () => {
  const shown = logEntries(
    transcript(() => [
      started(0, 'one'),
      event('conversation-closed', 1, { by: elena, reason: 'left' }),
      event('conversation-missed', 2, { since: 1, cause: 'visitor-left' }),
      event('task-done', 3, { task: 3, kind: 'missed-chat', by: anna }),
      event('callback-requested', 4, {
        visitor: 'v',
        author: elena,
        phone: '+37477123456',
        language: 'ru',
        reopens: 'widget',
      }),
      event('agent-assigned', 5, { agent: { id: 'a', name: 'Анна' }, slot: 's', why: 'routed' }),
      said(anna, 6, 'two'),
    ]),
    options,
  );
  expect(short(shown)).toEqual([
    'day',
    'Елена',
    'their "one"',
    'closed',
    'missed',
    'task-done',
    'callback',
    'assigned',
    'Анна',
    'our "two" stored',
  ]);
  expect(shown[4]).toMatchObject({ cause: 'visitor-left' });
  expect(shown[5]).toMatchObject({ task: 'missed-chat', by: anna, at: 3 });
  expect(shown[6]).toMatchObject({ phone: '+37477123456', at: 4 });
});
