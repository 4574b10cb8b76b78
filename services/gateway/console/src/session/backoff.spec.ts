// Waits between tries of the connection.
import { expect, test } from '@jest/globals';
import { delayBefore } from './backoff.ts';

test('waits grow from try to try and end at fifteen seconds', () => {
  const waits = [0, 1, 2, 3, 10, 1000].map((attempt) => delayBefore(attempt, 1));
  expect(waits).toEqual([400, 800, 1600, 3200, 15_000, 15_000]);
});

test('luck spreads a wait over its second half', () => {
  expect(delayBefore(3, 0)).toBe(1600);
  expect(delayBefore(3, 0.5)).toBe(2400);
});
