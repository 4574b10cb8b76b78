// How long writes took, as a line.
import { expect, test } from '@jest/globals';
import { lagLine } from './lag-line.ts';

const QUARTER = 900_000;
const now = 1_000 * QUARTER + 5;
const sheet = { width: 950, height: 100 };

test('nothing written is no line', () => {
  expect(lagLine([], now, sheet)).toBeUndefined();
  expect(lagLine([{ at: now - 96 * QUARTER, ms: 5 }], now, sheet)).toBeUndefined();
});

test('the longest touches the top, quarters without a write lie on the ground', () => {
  const line = lagLine(
    [
      { at: 990 * QUARTER, ms: 60_000 },
      { at: 1_000 * QUARTER, ms: 30_000 },
    ],
    now,
    sheet,
  );
  expect(line?.peak).toEqual({ x: 850, y: 0, at: 990 * QUARTER, ms: 60_000 });
  expect(line?.path).toMatch(/^M0 100L10 100L.*L850 0L860 100L.*L950 50$/);
});

test('a calm day looks calm', () => {
  expect(lagLine([{ at: now, ms: 400 }], now, sheet)?.peak.y).toBe(98);
});
