import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { workingHours } from './schemas/working-hours.ts';
import { backAt, isOpenAt, isWithin, openingsFrom, WEEKDAYS, type WorkingHours } from './working-hours.ts';

const weekday = [{ from: '09:00', until: '18:00' }];
const YEREVAN: WorkingHours = {
  timeZone: 'Asia/Yerevan',
  week: { mon: weekday, tue: weekday, wed: weekday, thu: weekday, fri: weekday },
  exceptions: [
    { date: '2026-12-31', open: [{ from: '10:00', until: '14:00' }] },
    { date: '2027-01-01', open: [] },
  ],
};
const at = (text: string): number => Date.parse(text);
const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

test('after work somebody is back the next morning, on Friday evening on Monday; by the clock on the site’s wall', () => {
  expect(iso(backAt(YEREVAN, at('2026-11-24T20:00+04:00')))).toBe('2026-11-25T05:00:00.000Z');
  expect(iso(backAt(YEREVAN, at('2026-11-27T18:00+04:00')))).toBe('2026-11-30T05:00:00.000Z');
  expect(iso(backAt(YEREVAN, at('2026-11-27T08:00+04:00')))).toBe('2026-11-27T05:00:00.000Z');
});

test('inside working hours nothing is promised, nor where the hours name no day', () => {
  expect(backAt(YEREVAN, at('2026-11-27T12:00+04:00'))).toBeUndefined();
  expect(isOpenAt(YEREVAN, at('2026-11-27T12:00+04:00'))).toBe(true);
  expect(isOpenAt(YEREVAN, at('2026-11-28T12:00+04:00'))).toBe(false);
  expect(backAt({ timeZone: 'UTC', week: {} }, 0)).toBeUndefined();
});

test('a holiday is skipped, a short day is short', () => {
  expect(isOpenAt(YEREVAN, at('2026-12-31T15:00+04:00'))).toBe(false);
  expect(iso(backAt(YEREVAN, at('2026-12-31T15:00+04:00')))).toBe('2027-01-04T05:00:00.000Z');
  expect(iso(backAt(YEREVAN, at('2026-12-31T09:30+04:00')))).toBe('2026-12-31T06:00:00.000Z');
});

test('where the clock is changed, nine is nine by the new clock', () => {
  const berlin: WorkingHours = { timeZone: 'Europe/Berlin', week: { sun: weekday, mon: weekday } };
  // Summer time ends on Sunday, 25 October 2026.
  expect(iso(backAt(berlin, at('2026-10-24T22:00+02:00')))).toBe('2026-10-25T08:00:00.000Z');
  expect(iso(backAt(berlin, at('2026-03-28T22:00+01:00')))).toBe('2026-03-29T07:00:00.000Z');
});

test('round the clock is one opening after the other', () => {
  const always: WorkingHours = {
    timeZone: 'Asia/Kathmandu',
    week: Object.fromEntries(WEEKDAYS.map((day) => [day, [{ from: '00:00', until: '24:00' }]])),
  };
  expect(isOpenAt(always, at('2026-11-27T18:14:59Z'))).toBe(true);
  expect(isOpenAt(always, at('2026-11-27T18:15:00Z'))).toBe(true);
  expect(backAt(always, at('2026-11-27T00:00Z'))).toBeUndefined();
});

test('whatever the hours: somebody is back in the future, when it opens, and what is within is open', () => {
  const clock = fc
    .nat(24 * 4)
    .map((quarter) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${['00', '15', '30', '45'][quarter % 4]}`);
  const day = fc
    .uniqueArray(clock, { minLength: 0, maxLength: 4 })
    .map((times) => times.sort())
    .map((times) =>
      Array.from({ length: Math.floor(times.length / 2) }, (_, index) => ({
        from: times[index * 2] as string,
        until: times[index * 2 + 1] as string,
      })),
    );
  const anyHours: fc.Arbitrary<WorkingHours> = fc.record({
    timeZone: fc.constantFrom('Asia/Yerevan', 'America/St_Johns', 'Pacific/Apia', 'Europe/Berlin', 'UTC'),
    week: fc.record(Object.fromEntries(WEEKDAYS.map((name) => [name, day]))),
  });
  fc.assert(
    fc.property(anyHours, fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-12-31T00:00Z') }), (hours, now) => {
      expect(workingHours.safeParse(hours).success).toBe(true);
      const back = backAt(hours, now);
      if (back !== undefined) {
        expect(back).toBeGreaterThan(now);
        expect(isOpenAt(hours, now)).toBe(false);
        expect(isOpenAt(hours, back)).toBe(true);
        expect(isOpenAt(hours, back - 1)).toBe(false);
      }
      for (const span of openingsFrom(hours, now, 7)) {
        expect(span.until).toBeGreaterThan(now);
        if (span.from < span.until) expect(isWithin(hours, span)).toBe(true);
        expect(isWithin(hours, { from: span.from - 60_000, until: span.until + 86_400_000 })).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

test('faults in the hours are named: an unknown zone, an end before the beginning, openings that overlap, a date that is none', () => {
  const faults = (hours: unknown): string[] =>
    workingHours.safeParse(hours).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  expect(faults(YEREVAN)).toEqual([]);
  expect(faults({ timeZone: 'Yerevan', week: {} })).toEqual(['timeZone: a time zone is named like "Asia/Yerevan"']);
  expect(faults({ timeZone: 'UTC', week: { mon: [{ from: '18:00', until: '09:00' }] } })).toEqual([
    'week.mon.0: an opening ends after it begins',
  ]);
  expect(faults({ timeZone: 'UTC', week: { mon: [...weekday, { from: '17:00', until: '20:00' }] } })).toEqual([
    'week.mon: openings of a day follow one another',
  ]);
  expect(faults({ timeZone: 'UTC', week: { mon: [{ from: '9:00', until: '24:30' }] } })).toContain(
    'week.mon.0.from: a time is written like 09:00, at most 24:00',
  );
  expect(faults({ timeZone: 'UTC', week: {}, exceptions: [{ date: '2026-02-30', open: [] }] })).toEqual([
    'exceptions.0.date: there is no such day',
  ]);
});
