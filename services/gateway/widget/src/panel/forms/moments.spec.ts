// Process zone of the tests is whatever the machine has: what is asserted holds in every one.
import { isWithin, type WorkingHours } from '@continuo/contracts/working-hours';
import { expect, test } from '@jest/globals';
import { timesIn } from '../times.ts';
import { backIn, lengthIn, windowsFrom } from './moments.ts';

const day = [{ from: '09:00', until: '18:00' }];
const hours: WorkingHours = {
  timeZone: 'Asia/Yerevan',
  week: { mon: day, tue: day, wed: day, thu: day, fri: day },
};
const HOUR = 3_600_000;
const friday = Date.parse('2026-11-27T20:00+04:00');

test('a wait is rounded up, and told in hours where minutes would pretend to be exact', () => {
  expect(lengthIn('en', 1)).toBe('1 minute');
  expect(lengthIn('en', 3 * 60_000 + 1)).toBe('4 minutes');
  expect(lengthIn('ru', 3 * 60_000)).toBe('3 минуты');
  expect(lengthIn('en', 2 * HOUR + 1)).toBe('3 hours');
});

test('after work it is said when somebody is back; inside working hours and without hours nothing is', () => {
  const back = backIn(
    timesIn('en-GB', () => friday),
    'en-GB',
    hours,
    friday,
  );
  expect(back?.here).toContain('Monday');
  if (back?.there) expect(back.there).toContain('09:00');
  const noon = Date.parse('2026-11-27T12:00+04:00');
  expect(
    backIn(
      timesIn('en', () => noon),
      'en',
      hours,
      noon,
    ),
  ).toBeUndefined();
  expect(
    backIn(
      timesIn('en', () => friday),
      'en',
      undefined,
      friday,
    ),
  ).toBeUndefined();
});

test('calls are offered in whole hours that lie ahead, inside the openings', () => {
  for (const now of [friday, Date.parse('2026-11-27T12:20+04:00'), Date.parse('2026-11-27T17:10+04:00')]) {
    const windows = windowsFrom(hours, now);
    expect(windows).toHaveLength(4);
    expect((windows.at(-1)?.until ?? 0) - now).toBeLessThan(6 * 24 * HOUR);
    for (const window of windows) {
      expect(window.from).toBeGreaterThan(now);
      expect(window.from % HOUR).toBe(0);
      expect(isWithin(hours, window)).toBe(true);
    }
  }
  expect(windowsFrom(undefined, friday).every(({ from, until }) => from > friday && until > from)).toBe(true);
  expect(windowsFrom({ timeZone: 'UTC', week: {} }, friday)).toEqual([]);
});
