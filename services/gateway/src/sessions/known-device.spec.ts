import { expect, test } from '@jest/globals';
import { KNOWN_MS, knownDevice, signDevice } from './known-device.ts';

const KEY = 'a key of a test, with more than 32 characters';
const now = Date.UTC(2026, 0, 1);
const ANNA = 'anna@nordhem.example';

test('a browser is known at the account that was logged in to from it, each login by another name', () => {
  const [first, second] = [signDevice(KEY, ANNA, now), signDevice(KEY, ANNA, now)];
  expect(knownDevice(KEY, first, ANNA, now)).toMatch(/^[\w-]{22}$/);
  expect(knownDevice(KEY, first, ANNA, now)).not.toBe(knownDevice(KEY, second, ANNA, now));
});

test('at another account, with another key or after half a year it is not', () => {
  const cookie = signDevice(KEY, ANNA, now);
  expect(knownDevice(KEY, cookie, 'dmitry@nordhem.example', now)).toBeUndefined();
  expect(knownDevice(`${KEY} another`, cookie, ANNA, now)).toBeUndefined();
  expect(knownDevice(KEY, cookie, ANNA, now + KNOWN_MS)).toBeDefined();
  expect(knownDevice(KEY, cookie, ANNA, now + KNOWN_MS + 1)).toBeUndefined();
});

test('what was changed or made up makes no browser known', () => {
  const cookie = signDevice(KEY, ANNA, now);
  const [device, issued, signed] = cookie.split('.') as [string, string, string];
  for (const other of [
    undefined,
    '',
    '..',
    `${'A'.repeat(22)}.${issued}.${signed}`,
    `${device}.${(now + 1).toString(36)}.${signed}`,
    `${device}.${issued}.${'A'.repeat(43)}`,
    `${cookie}x`,
    cookie.slice(0, -1),
    '__proto__.1.constructor',
  ])
    expect(knownDevice(KEY, other, ANNA, now)).toBeUndefined();
});
