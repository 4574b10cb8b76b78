import { afterEach, expect, jest, test } from '@jest/globals';
import { prepareTimes, timesIn } from './times.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const NOON = new Date(2026, 10, 17, 12).getTime();
const DAY = 86_400_000;

test('days are named as people name them', () => {
  const en = timesIn('en', () => NOON);
  expect([NOON, NOON - DAY, NOON - 3 * DAY].map(en.day)).toEqual(['Today', 'Yesterday', 'Saturday, November 14']);
  const ru = timesIn('ru', () => NOON);
  expect([NOON, NOON - DAY, NOON - 3 * DAY].map(ru.day)).toEqual(['Сегодня', 'Вчера', 'Суббота, 14 ноября']);
  expect(ru.ago(NOON - 7 * DAY)).toBe('7 дней назад');
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
