// Times and numbers of both languages.
import { expect, test } from '@jest/globals';
import { en } from './en.ts';
import { createFormat, stopwatch } from './format.ts';
import { counting } from './plural.ts';
import { ru } from './ru.ts';

const english = createFormat('en', en);
const russian = createFormat('ru', ru);
const now = new Date(2026, 10, 24, 14, 6).getTime();
const before = (days: number, hours = 0) => now - (days * 24 + hours) * 3_600_000;

test('a pause is told in the largest unit, as people say it', () => {
  expect(english.longAgo(before(7), now)).toBe('a week ago');
  expect(english.longAgo(before(6, 23), now)).toBe('a week ago');
  expect(english.longAgo(before(0, 1), now)).toBe('an hour ago');
  expect(english.longAgo(before(21), now)).toBe('3 weeks ago');
  expect(russian.longAgo(before(7), now)).toBe('неделю назад');
  expect(russian.longAgo(before(2), now)).toBe('2 дня назад');
});

test('short times carry their unit', () => {
  expect(english.ago(now - 12_000, now)).toBe('12 s ago');
  expect(russian.ago(now - 3 * 60_000, now)).toBe('3 мин назад');
  expect(english.ago(now - 1000, now)).toBe('just now');
});

test('days are named, today and yesterday by word', () => {
  expect(english.dayAndTime(now, now)).toBe('today, 14:06');
  expect(russian.dayAndTime(before(1), now)).toBe('вчера, 14:06');
  expect(english.day(before(7), now)).toBe('Tuesday, 17 November');
  expect(russian.day(before(7), now)).toBe('Вторник, 17 ноября');
});

test('a wanted time names its day, also tomorrow; over midnight both', () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();
  const span = (from: number, until: number) => ({ from, until });
  expect(english.window(span(at(24, 16), at(24, 18)), now)).toBe('today, 16:00–18:00');
  expect(english.window(span(at(25, 9), at(25, 11)), now)).toBe('tomorrow, 09:00–11:00');
  expect(russian.window(span(at(25, 9), at(25, 11)), now)).toBe('завтра, 09:00–11:00');
  expect(english.window(span(at(28, 9), at(28, 11)), now)).toBe('Saturday, 28 November, 09:00–11:00');
  expect(english.window(span(at(24, 23), at(25, 1)), now)).toBe('today, 23:00 – tomorrow, 01:00');
});

test('money is written as the language does, without cents where there are none', () => {
  expect(english.money(298, 'EUR')).toBe('€298');
  expect(english.money(298.5, 'EUR')).toBe('€298.50');
  expect(russian.money(1780, 'EUR')).toBe('1\u00a0780\u00a0€');
  expect(english.money(1780, undefined)).toBe('1,780');
});

test('the wait is shown like a stopwatch', () => {
  expect(stopwatch(198_000)).toBe('3:18');
  expect(stopwatch(3_725_000)).toBe('1:02:05');
});

test('plurals follow the language', () => {
  const messages = counting('ru')({
    one: '# сообщение',
    few: '# сообщения',
    many: '# сообщений',
    other: '# сообщения',
  });
  expect([1, 2, 5, 21].map(messages)).toEqual(['1 сообщение', '2 сообщения', '5 сообщений', '21 сообщение']);
});

test('brief times have a tenth as long as it matters', () => {
  expect([800, 9_949, 12_400, 200_000].map((ms) => english.brief(ms))).toEqual(['0.8 s', '9.9 s', '12 s', '3 min']);
  expect(russian.brief(800)).toBe('0,8 с');
});
