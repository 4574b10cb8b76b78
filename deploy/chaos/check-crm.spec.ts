import { expect, test } from '@jest/globals';
import { crmFaults } from './check-crm.ts';
import type { RawEvent } from './check-stream.ts';

const A = 'a'.repeat(22);
const B = 'b'.repeat(22);
const started = (conversation: string, visitor: string): [string, RawEvent[]] => [
  conversation,
  [
    {
      subject: `conversation.s.${conversation}`,
      seq: 1,
      id: 'e',
      cause: 'c',
      type: 'conversation-started',
      number: 1,
      time: 1,
      data: { visitor, text: 'Hello', author: { kind: 'visitor' } },
    },
  ],
];
const note = (conversation: string, record: string, text = 'Hello') => ({
  record,
  text: `Chat\n\n[2026-11-27 10:00 UTC] Visitor: ${text}\n[continuo ${conversation} part 1]`,
});
const TWO = new Map([started(A, 'anna'), started(B, 'boris')]);

test('each dialogue whole and once, each person on one record', () => {
  expect(crmFaults(TWO, { records: ['l1', 'l2'], notes: [note(A, 'l1'), note(B, 'l2')] })).toEqual([]);
  const ofOne = new Map([started(A, 'anna'), started(B, 'anna')]);
  expect(crmFaults(ofOne, { records: ['l1'], notes: [note(A, 'l1'), note(B, 'l1')] })).toEqual([]);
});

test('a second lead is found: without a note, or with another dialogue of the same person', () => {
  const notes = [note(A, 'l1'), note(B, 'l2')];
  expect(crmFaults(TWO, { records: ['l1', 'l2', 'l3'], notes })).toEqual(['l3 is there and no dialogue stands on it']);
  const ofOne = new Map([started(A, 'anna'), started(B, 'anna')]);
  expect(crmFaults(ofOne, { records: ['l1', 'l2'], notes })).toEqual(['visitor anna stands on 2 records: l1, l2']);
});

test('two people on one record are found', () => {
  expect(crmFaults(TWO, { records: ['l1'], notes: [note(A, 'l1'), note(B, 'l1')] })).toEqual([
    'l1 holds the dialogues of 2 visitors',
  ]);
});

test('a dialogue that lacks, stands twice or says something else is found', () => {
  const faults = (...notes: ReturnType<typeof note>[]) =>
    crmFaults(TWO, { records: ['l1', 'l2'], notes: [note(B, 'l2'), ...notes] });
  expect(faults()).toEqual([`${A} is not in the CRM`, 'l1 is there and no dialogue stands on it']);
  expect(faults(note(A, 'l1'), note(A, 'l1'))).toEqual([`part 1 of ${A} stands twice in the CRM`]);
  expect(faults(note(A, 'l1', 'Hallo'))).toEqual([`${A}: 1 messages in the CRM, 1 in the stream`]);
});
