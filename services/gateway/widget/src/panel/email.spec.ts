import { email } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { isEmail } from './email.ts';

const CASES = [
  ['elena@arka.example', true],
  ['elena.p+chat@mail.arka.example', true],
  ['елена@почта.рф', true],
  ['elena@arka', false],
  ['elena@', false],
  ['@arka.example', false],
  ['elena arka@mail.example', false],
  ['elena@@arka.example', false],
  ['Elena <elena@arka.example>', false],
  ['a@b.c', false],
  [`${'a'.repeat(250)}@arka.example`, false],
  ['', false],
] as const;

test.each(CASES)('%j is an address: %j, and the gateway agrees', (text, good) => {
  expect(isEmail(text)).toBe(good);
  expect(email.safeParse(text).success).toBe(good);
});
