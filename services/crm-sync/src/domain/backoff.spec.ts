import { expect, test } from '@jest/globals';
import { backoff, LONGEST_MS } from './backoff.ts';

test('waits grow to a quarter of an hour and never end while the CRM is away', () => {
  const waits = [1, 2, 3, 20, 1000].map((attempts) => backoff('unreachable', attempts, undefined, 0.5));
  expect(waits).toEqual([3_000, 6_000, 12_000, LONGEST_MS, LONGEST_MS]);
});
test('two failures do not come back at the same moment', () => {
  expect(backoff('server-error', 4, undefined, 0)).not.toBe(backoff('server-error', 4, undefined, 0.9));
});
test('the CRM says when to come back', () => {
  expect(backoff('rate-limited', 1, 90_000, 0.5)).toBe(90_000);
});
test('a fault of the record itself is given up after some attempts, until something new comes', () => {
  expect(backoff('invalid', 8, undefined, 0.5)).toBeUndefined();
});
test('an address that the CRM refuses is not hammered', () => {
  expect(backoff('refused-access', 1, undefined, 0.5)).toBeGreaterThanOrEqual(60_000);
});
