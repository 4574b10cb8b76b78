import { newId } from '@continuo/contracts/ids';
import { expect, test } from '@jest/globals';
import { signVisitor, verifyVisitor } from './visitor-token.ts';

const KEY = 'a key of a test, with more than 32 characters';
const DAY = 24 * 3600 * 1000;
const now = Date.UTC(2026, 0, 1);
const token = { visitor: newId(), site: newId(), visit: newId(), issued: now };

test('a token gives back whom it was made for', () => {
  expect(verifyVisitor(KEY, signVisitor(KEY, token), token.site, now)).toEqual(token);
});

test('a token is good on its own site only', () => {
  expect(verifyVisitor(KEY, signVisitor(KEY, token), newId(), now)).toBeUndefined();
});

test('a token whose visitor, visit or time was changed is worth nothing', () => {
  const parts = signVisitor(KEY, token).split('.');
  for (const [index, value] of [
    [0, newId()],
    [2, newId()],
    [3, (now + 1).toString(36)],
  ] as const)
    expect(verifyVisitor(KEY, parts.with(index, value).join('.'), token.site, now)).toBeUndefined();
});

test('a token signed with another key is worth nothing', () => {
  expect(verifyVisitor(KEY, signVisitor(`${KEY} another`, token), token.site, now)).toBeUndefined();
});

test('a token unused for more than 400 days has expired, one from the future was not made here', () => {
  const signed = signVisitor(KEY, token);
  expect(verifyVisitor(KEY, signed, token.site, now + 400 * DAY)).toEqual(token);
  expect(verifyVisitor(KEY, signed, token.site, now + 400 * DAY + 1)).toBeUndefined();
  expect(verifyVisitor(KEY, signed, token.site, now - DAY)).toBeUndefined();
});

test('what is no token at all is refused and breaks nothing', () => {
  for (const nonsense of ['', '.', '....', 'a.b.c.d.e', `${'x'.repeat(500)}`, signVisitor(KEY, token).slice(0, -3)])
    expect(verifyVisitor(KEY, nonsense, token.site, now)).toBeUndefined();
});
