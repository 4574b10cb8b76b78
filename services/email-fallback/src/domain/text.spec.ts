// Texts are cut where a reader would cut them.
import { expect, test } from '@jest/globals';
import { clip, firstWords, initials, oneLine } from './text.ts';

test('a cut never breaks an emoji', () => {
  expect(clip('👩‍👩‍👧‍👧🇸🇪e\u0301x', 3)).toBe('👩‍👩‍👧‍👧🇸🇪e\u0301…');
  expect(clip('short', 5)).toBe('short');
});
test('the first words end where a word ends', () => {
  expect(firstWords('Есть ли с белыми ножками? И можно ли собрать в субботу?', 50)).toBe(
    'Есть ли с белыми ножками? И можно ли собрать в…',
  );
  expect(firstWords('a'.repeat(60), 50)).toBe(`${'a'.repeat(50)}…`);
});
test('nothing a person wrote starts a new line of a header', () => {
  expect(oneLine('Hello\r\nBcc: all@example.com\u2028\u0000x')).toBe('Hello Bcc: all@example.com x');
});
test('two letters stand for a name', () => {
  expect([initials('Анна Петрова'), initials('ivo'), initials('Ana María del Mar'), initials('')]).toEqual([
    'АП',
    'I',
    'AM',
    '',
  ]);
});
