// What Armenian is where the browser has no data of it, against Node's, which has. These replace `Intl` of this file's process.
import { expect, test } from '@jest/globals';
import { getCountries } from 'libphonenumber-js/min';
import { backIn, lengthIn } from '../forms/moments.ts';
import { timesIn } from '../times.ts';

const { DateTimeFormat, DisplayNames, NumberFormat, RelativeTimeFormat } = Intl;
await import('./armenian-countries.ts');

const YEREVAN = { timeZone: 'Asia/Yerevan' };
const DAYS = Array.from({ length: 366 }, (_, day) => Date.UTC(2026, 10, 17 + day, 12, 5));
const HOUR = 3_600_000;

test('Armenian is not the browser’s own here, and other languages are', () => {
  expect(new Intl.DateTimeFormat('hy-AM')).not.toBeInstanceOf(DateTimeFormat);
  expect(new Intl.NumberFormat('hy')).not.toBeInstanceOf(NumberFormat);
  expect(new Intl.DateTimeFormat('ru')).toBeInstanceOf(DateTimeFormat);
  expect(new Intl.NumberFormat('de').format(1.5)).toBe('1,5');
});

test.each([
  { weekday: 'long', day: 'numeric', month: 'long' },
  { day: 'numeric', month: 'long', year: 'numeric' },
  { timeStyle: 'short' },
  { hour: 'numeric', minute: '2-digit', timeZoneName: 'shortGeneric' },
  { hour: 'numeric', minute: '2-digit', timeZoneName: 'shortGeneric', timeZone: 'Europe/Moscow' },
] as const)('moments are written as by whoever knows Armenian: %j', (asked) => {
  const options: Intl.DateTimeFormatOptions = { ...YEREVAN, ...asked };
  const known = new DateTimeFormat('hy', options);
  const ours = new Intl.DateTimeFormat('hy-AM', options);
  expect(DAYS.map((at) => ours.format(at))).toEqual(DAYS.map((at) => known.format(at)));
});

test('spans of a day, and over its end', () => {
  const options = { ...YEREVAN, weekday: 'short', hour: 'numeric', minute: '2-digit' } as const;
  const known = new DateTimeFormat('hy', options);
  const ours = new Intl.DateTimeFormat('hy', options);
  for (const at of DAYS.slice(0, 7)) expect(ours.formatRange(at, at + HOUR)).toBe(known.formatRange(at, at + HOUR));
  expect(ours.formatRange(DAYS[0] as number, (DAYS[0] as number) + 12 * HOUR)).toBe('երք, 16:05 – չրք, 04:05');
  // Hours as everywhere else.
  expect(ours.formatRange((DAYS[0] as number) - 8 * HOUR, DAYS[0] as number)).toBe('երք, 08:05–16:05');
});

test('a zone that few who speak it live in is told by its distance', () => {
  const options = { timeZone: 'Asia/Tokyo', hour: 'numeric', minute: '2-digit', timeZoneName: 'shortGeneric' } as const;
  expect(new Intl.DateTimeFormat('hy', options).format(DAYS[0])).toBe('21:05 GMT+9');
});

test('days from today, numbers, lengths of time, sizes and countries', () => {
  const auto = { numeric: 'auto' } as const;
  for (const days of [-1500, -9, -3, -2, -1, -0, 0, 1, 2, 3, 40])
    expect(new Intl.RelativeTimeFormat('hy', auto).format(days, 'day')).toBe(
      new RelativeTimeFormat('hy', auto).format(days, 'day'),
    );
  for (const value of [1, 12, 1234, 123_456, 1.5])
    expect(new Intl.NumberFormat('hy').format(value)).toBe(new NumberFormat('hy').format(value));
  for (const unit of ['byte', 'kilobyte', 'megabyte', 'gigabyte']) {
    const options = {
      style: 'unit',
      unit,
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: 1,
    } as const;
    expect(new Intl.NumberFormat('hy', options).format(71.25)).toBe(new NumberFormat('hy', options).format(71.25));
  }
  expect([lengthIn('hy', 3 * 60_000), lengthIn('hy', 2 * HOUR)]).toEqual(['3 րոպե', '2 ժամ']);
  const type = { type: 'region' } as const;
  const countries = getCountries();
  expect(countries.map((code) => new Intl.DisplayNames('hy', type).of(code))).toEqual(
    countries.map((code) => new DisplayNames('hy', type).of(code)),
  );
});

test('the form of whoever finds nobody has no word of another language', () => {
  const day = [{ from: '09:00', until: '18:00' }];
  const hours = { timeZone: 'Asia/Yerevan', week: { mon: day } };
  const now = Date.parse('2026-11-26T20:00+04:00');
  const { here, there } =
    backIn(
      timesIn('hy', () => now),
      'hy',
      hours,
      now,
    ) ?? {};
  expect(`${here} ${there}`).not.toMatch(/[a-z]/i);
  expect(here).toMatch(/^նոյեմբերի \d+, (երկուշաբթի|կիրակի|երեքշաբթի), /);
});
