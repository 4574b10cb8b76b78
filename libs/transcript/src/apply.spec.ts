// The fold by the golden samples and by its promises: total, idempotent, the same in pieces as in one go.

import { readFileSync } from 'node:fs';
import { type ConversationEvent, type EventName, events, newId } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apply, applyHead, fold, GapError, messagesOf, summarise } from './apply.ts';
import type { Transcript } from './transcript.ts';

const conversation = newId();
const site = newId();
const names = (Object.keys(events) as EventName[]).filter(
  (name) => events[name].stream === 'CONVERSATION',
) as ConversationEvent['type'][];
const sample = (type: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../contracts/src/samples/${type}.v1.json`, import.meta.url), 'utf8'));
const event = (type: ConversationEvent['type'], number: number, more: object = {}): ConversationEvent =>
  ({
    type,
    id: newId(),
    v: 1,
    time: 1_000 * number,
    actor: { kind: 'system', id: 'test' },
    cause: newId(),
    site,
    key: conversation,
    number,
    seq: number,
    data: { ...(sample(type) as object), ...more },
  }) as unknown as ConversationEvent;
const sequence = fc
  .array(fc.constantFrom(...names), { maxLength: 30 })
  .map((types) => [
    event('conversation-started', 1),
    ...types.filter((type) => type !== 'conversation-started').map((type, index) => event(type, index + 2)),
  ]);

test('every event of a conversation is folded', () => {
  fc.assert(fc.property(sequence, (list) => expect(fold(list)?.number).toBe(list.length)));
});

test('an event folded twice changes nothing, a missing one is named', () => {
  const transcript = fold([event('conversation-started', 1), event('message-sent', 2)]) as Transcript;
  expect(apply(transcript, event('message-sent', 2))).toBe(transcript);
  expect(() => apply(transcript, event('message-sent', 5))).toThrow(GapError);
});

test('folded in two pieces it is the same as in one, and the head alone agrees with the whole', () => {
  fc.assert(
    fc.property(sequence, fc.nat(30), (list, cut) => {
      const whole = fold(list) as Transcript;
      expect(fold(list.slice(cut), fold(list.slice(0, cut)))).toEqual(whole);
      const { items: _items, ...head } = whole;
      expect(
        list.reduce<ReturnType<typeof applyHead> | undefined>((state, one) => applyHead(state, one), undefined),
      ).toEqual(head);
    }),
  );
});

test('messages keep their numbers and order; every message is there once', () => {
  fc.assert(
    fc.property(sequence, (list) => {
      const spoken = list.filter(({ type }) =>
        ['conversation-started', 'message-sent', 'offline-message-left'].includes(type),
      );
      expect(messagesOf(fold(list) as Transcript).map(({ number, id }) => [number, id])).toEqual(
        spoken.map(({ number, id }) => [number, id]),
      );
    }),
  );
});

test('waiting, open, closed and open again: what a list shows follows', () => {
  const visitor = { kind: 'visitor', id: newId() };
  const first = fold([event('conversation-started', 1)]) as Transcript;
  expect(summarise(first)).toMatchObject({ status: 'waiting', unanswered: 1, waitingSince: 1_000 });
  const open = fold(
    [event('agent-assigned', 2), event('message-sent', 3, { reopens: undefined })],
    first,
  ) as Transcript;
  expect(summarise(open)).toMatchObject({ status: 'open', unanswered: 0, last: { author: 'agent' } });
  expect(open.waitingSince).toBeUndefined();
  const closed = fold([event('conversation-closed', 4)], open) as Transcript;
  expect(closed).toMatchObject({ status: 'closed', closedAt: 4_000 });
  expect(closed.agent).toBeUndefined();
  const again = fold([event('message-sent', 5, { author: visitor, reopens: 'widget' })], closed) as Transcript;
  expect(again).toMatchObject({ status: 'waiting', unanswered: 1, waitingSince: 5_000 });
  expect(messagesOf(again).at(-1)?.reopened).toEqual({ from: 'widget', closedAt: 4_000 });
});

test('a message of files alone is called by their names in a list, and keeps them', () => {
  const file = { id: newId(), name: 'plan.pdf', type: 'application/pdf', bytes: 12 };
  const transcript = fold([event('conversation-started', 1, { text: '', files: [file, { ...file, name: 'b.png' }] })]);
  expect(transcript?.last?.text).toBe('plan.pdf, b.png');
  expect(messagesOf(transcript as Transcript)[0]).toMatchObject({ text: '', files: [file, { name: 'b.png' }] });
});

test('a release of an older slot does not take the dialogue from who has it now', () => {
  const now = fold([
    event('conversation-started', 1),
    event('agent-assigned', 2),
    event('agent-assigned', 3, { slot: newId() }),
    event('agent-released', 4),
  ]) as Transcript;
  expect(now.agent).toBeDefined();
});
