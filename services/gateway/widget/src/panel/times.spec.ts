import { afterEach, expect, jest, test } from '@jest/globals';
import { locales } from '../locales/index.ts';
import { prepareTimes, timesIn } from './times.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const NOON = new Date(2026, 10, 17, 12).getTime();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test('days are named as people name them', () => {
  const en = timesIn('en', () => NOON);
  expect([NOON, NOON - DAY, NOON - 3 * DAY].map(en.day)).toEqual(['Today', 'Yesterday', 'Saturday, November 14']);
  const ru = timesIn('ru', () => NOON);
  expect([NOON, NOON - DAY, NOON - 3 * DAY].map(ru.day)).toEqual(['Сегодня', 'Вчера', 'Суббота, 14 ноября']);
  expect(ru.ago(NOON - 7 * DAY)).toBe('7 дней назад');
});

test('a moment is today, tomorrow, or a day with its name, with the comma of its language; hours are written as everywhere', () => {
  const momentsIn = (language: string) => {
    const times = timesIn(language, () => NOON);
    return [NOON - 7 * HOUR, NOON + DAY, NOON + 13 * DAY].map(times.moment);
  };
  expect(momentsIn('en-GB')).toEqual(['today, 05:00', 'tomorrow, 12:00', 'Monday 30 November, 12:00']);
  expect(momentsIn('ru')).toEqual(['сегодня, 05:00', 'завтра, 12:00', 'понедельник, 30 ноября, 12:00']);
  expect(momentsIn('ar').map((moment) => moment.match(/[,،]/g)?.join(''))).toEqual(['،', '،', '،،']);
  expect(momentsIn('zh')).toEqual(['今天 05:00', '明天 12:00', '11月30日星期一 12:00']);
  // Node's Armenian has two ways; the panel's own (intl/armenian.ts) has one.
  for (const language of Object.keys(locales).filter((one) => one !== 'hy')) {
    const { clock, window } = timesIn(language, () => NOON);
    const from = NOON - 7 * HOUR;
    // The half of the day is said once.
    expect(window({ from, until: from + HOUR })).toContain(clock(from).replace(/\s\D+$/, ''));
  }
});

test('no formatter is made before there is a time to show, and each only once', () => {
  const made = jest.spyOn(Intl, 'DateTimeFormat');
  const en = timesIn('en-GB', () => NOON);
  expect(made).not.toHaveBeenCalled();
  expect([en.clock(NOON), en.clock(NOON + 60_000)]).toEqual(['12:00', '12:01']);
  expect(made).toHaveBeenCalledTimes(1);
});

test('what formatters read first is read piece by piece, each in a task of its own', async () => {
  let task = 0;
  const reads: number[] = [];
  for (const part of [Intl.Collator, Intl.Segmenter, Intl.DateTimeFormat, Intl.NumberFormat])
    jest.spyOn(part, 'supportedLocalesOf').mockImplementation(() => {
      reads.push(task);
      // The next task begins when this one is over.
      setTimeout(() => task++);
      return [];
    });
  await prepareTimes('en-GB');
  expect(reads).toEqual([0, 1, 2, 3]);
});
