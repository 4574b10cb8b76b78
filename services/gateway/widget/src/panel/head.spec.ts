import type { ConversationEvent } from '@continuo/contracts';
import { fold } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { type Knowledge, NOTHING_KNOWN } from '../dialogue.ts';
import { ANNA, ARMEN, answered, event, started } from '../given.ts';
import { headOf } from './head.ts';

const known = (more: Partial<Knowledge> = {}): Knowledge => ({
  ...NOTHING_KNOWN,
  availability: 'free',
  agents: [ANNA],
  ...more,
});
const assigned = event(2, 'agent-assigned', { agent: ARMEN, slot: 'z'.repeat(22), why: 'routed' });
const having = (...events: ConversationEvent[]): Partial<Knowledge> => {
  const transcript = fold([started('one'), ...events]);
  return transcript ? { transcript } : {};
};

test('one free agent shows his face, several leave it to the site', () => {
  expect(headOf(known(), 'live', false)).toMatchObject({ state: 'free', agent: ANNA, stroke: 'live' });
  expect(headOf(known({ agents: [ANNA, ARMEN] }), 'live', false).agent).toBeUndefined();
});

test('whoever has the dialogue is with the visitor, even when all others are busy', () => {
  const head = headOf(known({ availability: 'busy', ...having(assigned) }), 'live', false);
  expect(head).toMatchObject({ state: 'with-you', presence: 'free', agent: ARMEN });
});

test('nobody here is said only when the gateway says so', () => {
  const { availability: _unknown, ...unknown } = known({ agents: [] });
  expect(headOf(unknown, 'opening', false)).toMatchObject({ state: 'opening' });
  expect(headOf(known({ availability: 'offline', agents: [] }), 'live', false)).toMatchObject({
    state: 'offline',
    presence: 'offline',
    stroke: 'off',
  });
});

test('a lost line is dashed, and one whose gateway cannot store is not at once', () => {
  expect(headOf(known(), 'lost', true)).toMatchObject({ state: 'lost', stroke: 'wait' });
  expect(headOf(known({ storing: false }), 'live', false)).toMatchObject({ state: 'free', stroke: 'live' });
});

test('an ended dialogue keeps the face of who spoke last', () => {
  const closed = event(3, 'conversation-closed', { by: { kind: 'agent', ...ARMEN }, reason: 'solved' });
  const head = headOf(known({ ...having(answered(2, 'two', ARMEN), closed) }), 'live', false);
  expect(head).toMatchObject({ state: 'ended', agent: { name: 'Armen' } });
});
