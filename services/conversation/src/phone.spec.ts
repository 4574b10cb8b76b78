import { expect, test } from '@jest/globals';
import { callable } from './phone.ts';

test('a number is taken as people write it, with a country or in one', () => {
  for (const typed of ['+374 77 123456', '077 12-34-56', '(077) 123 456', '00374 77 123456', '٠٧٧ ١٢٣٤٥٦'])
    expect([typed, callable(typed, 'AM')]).toEqual([typed, '+37477123456']);
  expect(callable('+49 30 901820', 'AM')).toBe('+4930901820');
  expect(callable('+37477123456', undefined)).toBe('+37477123456');
});

test('what cannot be called is none: too short, no country, letters, an extension', () => {
  for (const typed of ['', '12', '077 12', '+374 77 1', 'call me', '+999 123456789', '+374 77 123456 ext. 5'])
    expect([typed, callable(typed, 'AM')]).toEqual([typed, undefined]);
  expect(callable('077123456', undefined)).toBeUndefined();
  expect(callable('077123456', 'XX')).toBeUndefined();
});
