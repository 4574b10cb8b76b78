import { expect, test } from '@jest/globals';
import { waitBeforeReading } from './contacts-back.ts';

test('a reading that ends again and again is begun later and later, up to a minute, and never at the same moment as others', () => {
  const waits = Array.from({ length: 12 }, (_, failed) => waitBeforeReading(failed + 1, 0.999));
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBeGreaterThan(100 * (waits[0] ?? 0));
  expect(waitBeforeReading(5_000, 0.999)).toBeLessThanOrEqual(60_000);
  expect(waitBeforeReading(3, 0)).toBeLessThan(waitBeforeReading(3, 0.999));
});
