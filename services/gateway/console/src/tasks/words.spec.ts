// A task in words, in both languages.
import type { DialogueTask } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { en } from '../locales/en.ts';
import { createFormat } from '../locales/format.ts';
import { ru } from '../locales/ru.ts';
import { callDetails, detailsOf } from './words.ts';

const english = { t: en, f: createFormat('en', en) };
const russian = { t: ru, f: createFormat('ru', ru) };
const now = new Date(2026, 10, 24, 14, 6).getTime();
const window = { from: new Date(2026, 10, 24, 16).getTime(), until: new Date(2026, 10, 24, 18).getTime() };
const task = (more: Partial<DialogueTask>): DialogueTask => ({ kind: 'callback', number: 1, at: now, ...more });

test('a call is told with the time that was wanted, by the clock of the employee, and what it is about', () => {
  expect(detailsOf(task({ window, topic: 'My order' }), now, english)).toBe(
    'today, 16:00–18:00, your time · “My order”',
  );
  expect(detailsOf(task({ window }), now, russian)).toBe('сегодня, 16:00–18:00 по вашему времени');
  expect(detailsOf(task({}), now, english)).toBe('as soon as possible');
});

test('a wanted time that has passed says so', () => {
  expect(detailsOf(task({ window }), window.until, english)).toBe('today, 16:00–18:00, your time, that time is over');
});

test('a missed chat says why, a message that was left how it is answered', () => {
  expect(detailsOf(task({ kind: 'missed-chat', cause: 'all-at-capacity' }), now, english)).toBe('everybody was busy');
  expect(detailsOf(task({ kind: 'offline-message' }), now, russian)).toBe('ответить по почте');
});

test('in the log a call is told with its number', () => {
  expect(callDetails({ phone: '+37477123456', window, topic: 'My order' }, now, english)).toBe(
    '+37477123456 · today, 16:00–18:00, your time · “My order”',
  );
});
