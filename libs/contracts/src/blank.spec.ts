import { expect, test } from '@jest/globals';
import { isBlank } from './blank.ts';

test('a text that shows nothing is blank, one sign that is seen makes it none', () => {
  for (const text of ['', ' \n\t', '\u200b\u200b', '\u00ad\u2060\ufeff', '\u3164', '\u2800 \u1160'])
    expect(isBlank(text)).toBe(true);
  for (const text of ['.', '\u200bя', '👩‍🔧', '你', '\u0301', '٣']) expect(isBlank(text)).toBe(false);
});
