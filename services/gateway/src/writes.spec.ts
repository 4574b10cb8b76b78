import { expect, test } from '@jest/globals';
import { watchWrites } from './writes.ts';

test('one command without an answer proves nothing, nor do several that were on their way together', () => {
  const writes = watchWrites();
  writes.unanswered(0, 5_000);
  writes.unanswered(4_900, 9_900);
  expect(writes.stuck(10_000)).toBe(false);
});

test('a command that is sent after one had no answer, and has none, either: nothing is stored', () => {
  const writes = watchWrites();
  writes.unanswered(0, 5_000);
  writes.unanswered(7_000, 12_000);
  expect(writes.stuck(12_000)).toBe(true);
});

test('where anything is stored in between, the store takes what is written', () => {
  const writes = watchWrites();
  writes.unanswered(0, 5_000);
  writes.stored();
  writes.unanswered(7_000, 12_000);
  expect(writes.stuck(12_000)).toBe(false);
});

test('what is stored at last ends it', () => {
  const writes = watchWrites();
  writes.unanswered(0, 5_000);
  writes.unanswered(7_000, 12_000);
  writes.stored();
  expect(writes.stuck(12_100)).toBe(false);
});

test('when nobody tries any more it is not held against the store for ever, and a later failure is a first one', () => {
  const writes = watchWrites();
  writes.unanswered(0, 5_000);
  writes.unanswered(7_000, 12_000);
  expect([writes.stuck(41_000), writes.stuck(43_000)]).toEqual([true, false]);
  writes.unanswered(60_000, 65_000);
  expect(writes.stuck(65_000)).toBe(false);
});
