import { expect, test } from '@jest/globals';
import { typedPhone } from './typed-phone.ts';

test('a number is meant to be in the country of the visitor’s language, if that names one', () => {
  const typed = ['ru', 'en-GB', 'es-419', 'ar-001'].map((region) => typedPhone('077 123456', region).country);
  expect(typed).toEqual(['RU', 'GB', undefined, undefined]);
});
