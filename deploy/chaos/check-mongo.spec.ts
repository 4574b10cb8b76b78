import { expect, test } from '@jest/globals';
import { type HeldHead, mongoFaults } from './check-mongo.ts';
import type { RawEvent } from './check-stream.ts';

const event = (number: number, type: string, data: object): RawEvent => ({
  subject: 'conversation.s.c',
  seq: 10 + number,
  id: `e${number}`,
  cause: `c${number}`,
  type,
  number,
  time: number,
  data,
});
const STREAM = [
  event(1, 'conversation-started', { text: 'Hello', author: { kind: 'visitor' } }),
  event(2, 'message-sent', { text: 'Good day', author: { kind: 'agent' } }),
  event(3, 'messages-read', { upTo: 2 }),
];
const HEAD: HeldHead = { number: 3, view: { messageCount: 2, last: { number: 2, text: 'Good day' } } };
const held = (stream: RawEvent[]) => stream.map((one) => ({ number: one.number, event: { ...one, key: 'c' } }));
const altered = (number: number, more: Partial<RawEvent>) =>
  held(STREAM.map((one) => (one.number === number ? { ...one, ...more } : one)));

test('what MongoDB holds as the stream has it holds', () => {
  expect(mongoFaults('c', STREAM, held(STREAM), HEAD)).toEqual([]);
});

test.each([
  ['another text', altered(2, { data: { text: 'Good Day', author: { kind: 'agent' } } }), 'message-sent 2'],
  [
    'a text by somebody else',
    altered(2, { data: { text: 'Good day', author: { kind: 'visitor' } } }),
    'message-sent 2',
  ],
  ['something more', altered(1, { data: { ...STREAM[0]?.data, page: {} } }), 'conversation-started 1'],
  ['another number', altered(3, { number: 4 }), 'messages-read 3'],
  ['another cause', altered(1, { cause: 'c9' }), 'conversation-started 1'],
])('an event with %s is found', (_what, documents, name) => {
  expect(mongoFaults('c', STREAM, documents, HEAD)).toEqual([`c: ${name} of the stream is another in MongoDB`]);
});

test('too few, too many, and none are found', () => {
  expect(mongoFaults('c', STREAM, held(STREAM.slice(0, 2)), HEAD)).toEqual(['c: 2 events in MongoDB, 3 in the stream']);
  expect(mongoFaults('c', STREAM, held([...STREAM, event(4, 'rating-given', {})]), HEAD)).toEqual([
    'c: 4 events in MongoDB, 3 in the stream',
  ]);
});

test.each<[string, HeldHead | null, string]>([
  ['is behind', { ...HEAD, number: 2 }, 'the head is at 2 instead of 3'],
  ['counts others', { number: 3, view: { ...HEAD.view, messageCount: 3 } }, 'the head counts 3 messages of 2'],
  [
    'shows another text',
    { number: 3, view: { messageCount: 2, last: { number: 2, text: 'x' } } },
    'the head shows 2 as the last message instead of 2',
  ],
  ['is not there', null, 'the head is at undefined instead of 3'],
])('a head that %s is found', (_what, head, words) => {
  expect(mongoFaults('c', STREAM, held(STREAM), head)).toContain(`c: ${words}`);
});
