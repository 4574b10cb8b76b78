// The login page and its answers.
import { expect, test } from '@jest/globals';
import { afterAnswer, judge, secondsLocked } from './state.ts';

test('a wrong password is told, and the next try may follow at once', () => {
  expect(judge(401, {})).toEqual({ kind: 'wrong' });
  expect(afterAnswer({ kind: 'wrong' }, 0)).toEqual({ kind: 'ready', trouble: 'wrong' });
});

test('too many tries lock the form for as long as the server says', () => {
  const answer = judge(429, { retryAfterSeconds: 42 });
  expect(answer).toEqual({ kind: 'too-many', retryAfterSeconds: 42 });
  const form = afterAnswer({ kind: 'too-many', retryAfterSeconds: 42 }, 1000);
  expect(secondsLocked(form, 1000)).toBe(42);
  expect(secondsLocked(form, 42_500)).toBe(1);
  expect(secondsLocked(form, 60_000)).toBe(0);
});

test('a server in trouble is not a wrong password', () => {
  expect(judge(503, {})).toEqual({ kind: 'unreachable' });
});

test('no content means welcome', () => {
  expect(judge(204, {})).toEqual({ kind: 'welcome' });
});
