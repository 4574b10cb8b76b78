import { expect, test } from '@jest/globals';
import { timesIn } from './times.ts';

const NOON = new Date(2026, 10, 17, 12).getTime();
const DAY = 86_400_000;

test('days are named as people name them', () => {
  const en = timesIn('en', () => NOON);
  expect([NOON, NOON - DAY, NOON - 3 * DAY].map(en.day)).toEqual(['Today', 'Yesterday', 'Saturday, November 14']);
  const ru = timesIn('ru', () => NOON);
  expect([NOON, NOON - DAY, NOON - 3 * DAY].map(ru.day)).toEqual(['Сегодня', 'Вчера', 'Суббота, 14 ноября']);
  expect(ru.ago(NOON - 7 * DAY)).toBe('7 дней назад');
});
