import { expect, test } from '@jest/globals';
import { limitOf, takeAll, takeAllOrNone } from './limits.ts';

const MINUTE = 60_000;

test('an allowance can be used at once, and then as time refills it', () => {
  let now = 0;
  const limit = limitOf(3, MINUTE, () => now);
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 0]);
  expect(limit.take('a')).toBe(20_000);
  now = 20_000;
  expect(limit.take('a')).toBe(0);
  expect(limit.take('a')).toBe(20_000);
});

test('one key does not use up the allowance of another', () => {
  const limit = limitOf(1, MINUTE, () => 0);
  expect(limit.take('a')).toBe(0);
  expect(limit.take('a')).toBeGreaterThan(0);
  expect(limit.take('b')).toBe(0);
});

test('what is given back can be used again, and is never more than the allowance', () => {
  const limit = limitOf(1, MINUTE, () => 0);
  limit.giveBack('a');
  expect(limit.take('a')).toBe(0);
  limit.giveBack('a');
  limit.giveBack('a');
  expect([limit.take('a'), limit.take('a')]).toEqual([0, MINUTE]);
});

test('whoever is back at the full allowance is forgotten', () => {
  let now = 0;
  const limit = limitOf(2, MINUTE, () => now);
  limit.take('a');
  limit.sweep();
  expect(limit.size).toBe(1);
  now = MINUTE;
  limit.sweep();
  expect(limit.size).toBe(0);
});

test('a clock that goes back gives nothing and takes nothing', () => {
  let now = MINUTE;
  const limit = limitOf(1, MINUTE, () => now);
  expect(limit.take('a')).toBe(0);
  now = 0;
  expect(limit.take('a')).toBe(MINUTE);
});

test('of several limits the first exhausted one tells how long to wait', () => {
  const wide = limitOf(10, MINUTE, () => 0);
  const narrow = limitOf(1, MINUTE, () => 0);
  expect(takeAll([wide, 'address'], [narrow, 'visitor'])).toBe(0);
  expect(takeAll([wide, 'address'], [narrow, 'visitor'])).toBe(MINUTE);
});

test('where all or none is taken, who is refused by one has lost nothing at the others', () => {
  const [mine, shared] = [limitOf(2, MINUTE, () => 0), limitOf(1, MINUTE, () => 0)];
  expect(takeAllOrNone([mine, 'a'], [shared, 'site'])).toBe(0);
  expect(takeAllOrNone([mine, 'a'], [shared, 'site'])).toBe(MINUTE);
  expect([mine.take('a'), mine.take('a')]).toEqual([0, MINUTE / 2]);
});
