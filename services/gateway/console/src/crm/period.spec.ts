// The period that is looked through again.
import { expect, test } from '@jest/globals';
import { dayOf, periodOf } from './period.ts';

const now = new Date(2026, 10, 27, 14, 5).getTime();
const days = (from: string, to: string) => periodOf('days', { from, to }, now);

test('the last day, week or month end now', () => {
  expect(periodOf('day', { from: '', to: '' }, now)).toEqual({ from: now - 86_400_000, to: now });
  expect(periodOf('week', { from: '', to: '' }, now)?.from).toBe(now - 7 * 86_400_000);
});

test('days are whole, in the time of whoever chose them', () => {
  const midnight = new Date(2026, 10, 27).getTime();
  expect(days('2026-11-27', '2026-11-27')).toEqual({ from: midnight, to: new Date(2026, 10, 28).getTime() });
  expect(dayOf(now)).toBe('2026-11-27');
  expect(dayOf(new Date(2026, 0, 5).getTime())).toBe('2026-01-05');
});

test('days that make no period are none', () => {
  expect(days('2026-11-27', '2026-11-26')).toBeUndefined();
  expect(days('', '2026-11-26')).toBeUndefined();
});
