import { fold } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { ANNA, ARMEN, answered, event, started, VISITOR, wrote } from '../given.ts';
import { rowsOf } from './rows.ts';

const DAY = 86_400_000;
const NOON = new Date(2026, 10, 17, 12).getTime();
const kinds = (rows: ReturnType<typeof rowsOf>) => rows.map((row) => (row.kind === 'message' ? row.text : row.kind));
const assigned = (number: number, agent = ANNA, time = NOON) =>
  event(number, 'agent-assigned', { agent, slot: 'z'.repeat(22), why: 'routed' }, { time });

test('a message keeps its place and its key from the moment it is sent', () => {
  const parcel = { id: 'm'.repeat(22), at: NOON, kind: 'message' as const, text: 'two' };
  const before = fold([started('one', { time: NOON })]);
  const after = fold([wrote(2, 'two', { cause: parcel.id, time: NOON })], before);
  const kept = rowsOf(before, [parcel], 0).at(-1);
  const stored = rowsOf(after, [parcel], 0).at(-1);
  expect(kept).toMatchObject({ key: parcel.id, text: 'two', mark: 'kept', grouped: true });
  expect(stored).toMatchObject({ key: parcel.id, text: 'two', mark: 'stored', grouped: true });
  expect(kinds(rowsOf(after, [parcel], 0))).toEqual(['day', 'one', 'two']);
});

test('the word "Read" stands once, under the last message that was read', () => {
  const events = [
    started('one', { time: NOON }),
    wrote(2, 'two', { time: NOON }),
    event(3, 'messages-read', { by: { kind: 'agent', ...ANNA }, upTo: 2 }),
    wrote(4, 'three', { time: NOON }),
  ];
  const rows = rowsOf(fold(events), [], 4);
  expect(kinds(rows)).toEqual(['day', 'one', 'two', 'read', 'three']);
  expect(rows.flatMap((row) => (row.kind === 'message' ? [row.mark] : []))).toEqual(['read', 'read', 'delivered']);
});

test('a second person is named before he speaks, the first is only announced', () => {
  const events = [started('one', { time: NOON }), assigned(2), answered(3, 'two', ANNA, { time: NOON })];
  const more = [...events, answered(4, 'three', ARMEN, { time: NOON }), answered(5, 'four', ARMEN, { time: NOON })];
  expect(kinds(rowsOf(fold(more), [], 0))).toEqual(['day', 'one', 'read', 'here', 'two', 'name', 'three', 'four']);
});

test('an agent whose connection is gone is named while nobody has taken over', () => {
  const gone = [
    started('one', { time: NOON }),
    assigned(2),
    event(3, 'agent-released', { agent: ANNA, slot: 'z'.repeat(22), why: 'gone' }, { time: NOON }),
  ];
  expect(kinds(rowsOf(fold(gone), [], 0))).toEqual(['day', 'one', 'here', 'gone']);
  expect(kinds(rowsOf(fold([...gone, assigned(4, ARMEN)]), [], 0))).toEqual(['day', 'one', 'here', 'here']);
});

test('a dialogue resumed a week later shows where it stopped instead of its end', () => {
  const events = [
    started('one', { time: NOON }),
    event(2, 'conversation-closed', { by: { kind: 'agent', ...ANNA }, reason: 'solved' }, { time: NOON + 1_000 }),
  ];
  expect(kinds(rowsOf(fold(events), [], 0))).toEqual(['day', 'one', 'closed']);
  const later = NOON + 7 * DAY;
  const resumed = [
    ...events,
    assigned(3, ARMEN, later),
    event(
      4,
      'message-sent',
      { author: { kind: 'agent', ...ARMEN }, text: 'two', channel: 'chat', reopens: 'crm-link' },
      { time: later },
    ),
  ];
  const rows = rowsOf(fold(resumed), [], 0);
  expect(kinds(rows)).toEqual(['day', 'one', 'read', 'day', 'joint', 'here', 'two']);
  expect(rows[4]).toMatchObject({ stoppedAt: NOON + 1_000, at: later });
});

test('the address for answers is shown where it became known', () => {
  const email = 'elena@arka.example';
  const identified = event(2, 'contact-identified', { contact: { email }, how: 'visitor-said' });
  expect(rowsOf(fold([started('one', { time: NOON }), identified]), [], 0).at(-1)).toMatchObject({
    email,
    offline: false,
  });
  const left = event(1, 'offline-message-left', {
    visitor: VISITOR,
    author: { kind: 'visitor', id: VISITOR },
    text: 'one',
    email,
    language: 'en',
  });
  expect(rowsOf(fold([left]), [], 0).at(-1)).toMatchObject({ kind: 'answers-to', email, offline: true });
});

test('a refused message says so', () => {
  const parcel = { id: 'm'.repeat(22), at: NOON, kind: 'message' as const, text: 'two', refusal: 'invalid' };
  expect(rowsOf(undefined, [parcel], 0).at(-1)).toMatchObject({ mark: 'failed' });
});
