// A dialogue on the screen, fed by backfill and live events.

import type { ConversationEvent } from '@continuo/contracts';
import type { ToAgent } from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import { type Dialogue, hasGap, numberOf, openedDialogue, receiveInDialogue } from './state.ts';

const ME = 'a';
const visitor = { kind: 'visitor', id: 'v' } as const;
const event = (number: number): ConversationEvent =>
  ({
    type: number === 1 ? 'conversation-started' : 'message-sent',
    number,
    key: 'c',
    site: 's',
    id: `e${number}`,
    cause: `k${number}`,
    time: number,
    data: { visitor: 'v', author: visitor, text: `text ${number}`, language: 'en', channel: 'chat' },
  }) as ConversationEvent;
const live = (number: number): ToAgent => ({ t: 'event', event: event(number) });
const backfill = (numbers: number[], head: number, more = false): ToAgent => ({
  t: 'transcript',
  conversation: 'c',
  events: numbers.map(event),
  head,
  more,
});
const receive = (dialogue: Dialogue, ...frames: ToAgent[]): Dialogue =>
  frames.reduce((next, frame) => receiveInDialogue(next, frame, 1000, ME), dialogue);

test('events that come before their backfill wait for it', () => {
  const before = receive(openedDialogue, live(4), live(3));
  expect(before.transcript).toBeUndefined();
  expect(hasGap(before)).toBe(false);
  const after = receive(before, backfill([1, 2], 2));
  expect(numberOf(after)).toBe(4);
  expect(after.loading).toBe(false);
});

test('a missing event of a loaded dialogue is a gap until it is brought', () => {
  const loaded = receive(openedDialogue, backfill([1], 1), live(3));
  expect(hasGap(loaded)).toBe(true);
  expect(numberOf(loaded)).toBe(1);
  const healed = receive(loaded, backfill([2], 3));
  expect(hasGap(healed)).toBe(false);
  expect(numberOf(healed)).toBe(3);
});

test('a long backfill comes in pieces', () => {
  const half = receive(openedDialogue, backfill([1, 2], 4, true));
  expect(half.loading).toBe(true);
  expect(receive(half, backfill([3, 4], 4)).loading).toBe(false);
});

test('a copy with more than there is, as after a restore from a backup, is dropped, and all is asked for anew', () => {
  const before = receive(openedDialogue, backfill([1, 2, 3], 3));
  for (const told of [backfill([], 2), backfill([3], 2)]) {
    const dropped = receive(before, told);
    expect(numberOf(dropped)).toBe(0);
    expect(hasGap(dropped)).toBe(true);
    expect(numberOf(receive({ ...dropped, loading: true }, backfill([1, 2], 2)))).toBe(2);
  }
  expect(hasGap(receive(openedDialogue, backfill([], 0)))).toBe(false);
});

test('a dialogue without events does not exist', () => {
  expect(receive(openedDialogue, backfill([], 0)).absent).toBe(true);
});

test('a dialogue that the server refuses to open does not exist, one it cannot open now is waited for', () => {
  const refused: ToAgent = { t: 'refused', id: 'c', refusal: 'conversation-unknown', words: '' };
  expect(receive(openedDialogue, refused).absent).toBe(true);
  expect(receive(openedDialogue, { ...refused, refusal: 'unavailable', retryAfterMs: 2000 }).absent).toBe(false);
});

test('a preview ends with the message, or when the visitor empties the field or leaves', () => {
  const typing: ToAgent = { t: 'typing', conversation: 'c', by: visitor, text: 'and can' };
  const dialogue = receive(openedDialogue, backfill([1], 1), typing);
  expect(dialogue.visitorTyping?.text).toBe('and can');
  expect(receive(dialogue, live(2)).visitorTyping).toBeUndefined();
  expect(receive(dialogue, { ...typing, text: '' }).visitorTyping).toBeUndefined();
  expect(receive(dialogue, { t: 'presence', visitor: 'v', online: false }).visitorTyping).toBeUndefined();
});

test('a colleague who writes here is named, my own other screen is not', () => {
  const by = (id: string): ToAgent => ({ t: 'typing', conversation: 'c', by: { kind: 'agent', id, name: 'Дмитрий' } });
  expect(receive(openedDialogue, by('d'), by(ME)).colleagues).toEqual({ d: { name: 'Дмитрий', until: 7000 } });
});

test('what the visitor’s screen has only grows', () => {
  const to = (upTo: number): ToAgent => ({ t: 'delivered', conversation: 'c', to: 'visitor', upTo });
  expect(receive(openedDialogue, to(4), to(2)).delivered).toBe(4);
});
