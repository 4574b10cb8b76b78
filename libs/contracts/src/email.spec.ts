import { expect, test } from '@jest/globals';
import { isEmail } from './email.ts';
import { siteSettings } from './schemas/conversation.ts';
import { email } from './schemas/people.ts';

const CASES = [
  ['elena@arka.example', true],
  ['elena.p+chat@mail.arka.example', true],
  ['елена@почта.рф', true],
  ['o’hara@arka.example', true],
  ["o'hara@arka.example", true],
  ['first.last@a-b.c--d.example', true],
  ['elena@xn--80a1acny.xn--p1ai', true],
  ['elena@1-2.arka2.example', true],
  ['elena_p%arka#1!@mail_1.arka.example', true],
  ['-elena-@arka.example', true],
  // A provider in Japan gave these out.
  ['elena..p@arka.example', true],
  ['elena.@arka.example', true],
  ['.elena@arka.example', false],
  ['elena@arka..example', false],
  ['elena@.arka.example', false],
  ['elena@-arka.example', false],
  ['elena@arka-.example', false],
  ['elena@mail.-arka.example', false],
  ['elena@arka.example-', false],
  ['elena@arka.-example', false],
  ['elena@arka.example.', false],
  ['elena@192.0.2.44', false],
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

test.each(CASES)('%j is an address: %j, and the contract agrees', (text, good) => {
  expect(isEmail(text)).toBe(good);
  expect(email.safeParse(text).success).toBe(good);
});

test('a site whose sender was stored before this rule is read all the same', () => {
  const { fromAddress } = siteSettings.shape.mail.shape;
  expect(fromAddress.safeParse('shop@192.0.2.44').success).toBe(true);
  expect(fromAddress.safeParse('shop').success).toBe(false);
});
