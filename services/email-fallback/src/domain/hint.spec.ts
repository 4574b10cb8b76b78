// Which events are worth a look, and when.
import type { ConversationEvent } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { answered, asked, events, identified, leftOffline, seen, started } from '../../test/dialogue.ts';
import { hintAt, type Watched } from './hint.ts';

const DELAY = 60_000;
const hintOf = (...lines: Parameters<typeof events>) =>
  hintAt(events(...lines).at(-1) as ConversationEvent as Watched, DELAY);

test('an answer is looked at after the delay', () => {
  expect(hintOf(answered('Yes'))).toBe(61_000);
});
test('an e-mail that becomes known gives the visitor the delay to see the answers himself', () => {
  expect(hintOf(identified('elena@arka.example'))).toBe(61_000);
  expect(hintOf(leftOffline('Call me', 'elena@arka.example'))).toBe(61_000);
});
test('what a visitor writes or reads, and a name alone, make no mail due', () => {
  for (const line of [started('Hello?', { email: 'elena@arka.example' }), asked('Well?'), seen(1), identified()])
    expect(hintOf(line)).toBeUndefined();
});
