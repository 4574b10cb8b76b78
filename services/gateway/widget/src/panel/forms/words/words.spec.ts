// That a language has every text, the compiler sees; here: that none was left in English, and that what is put into a text is in it.
import { expect, test } from '@jest/globals';
import { locales } from '../../../locales/index.ts';
import type { FormTexts } from './forms-en.ts';
import { formWords } from './index.ts';

const FILLED = '·one·';
const flat = (words: FormTexts): [string, string, boolean][] =>
  Object.entries(words).map(([name, value]: [string, string | ((given: string) => string)]) =>
    typeof value === 'string' ? [name, value, false] : [name, value(FILLED), true],
  );

test('the forms speak every language of the panel, each in its own words', () => {
  expect(Object.keys(formWords).sort()).toEqual(Object.keys(locales).sort());
  const english = new Map(flat(formWords['en'] as FormTexts).map(([name, text]) => [name, text]));
  for (const [language, words] of Object.entries(formWords))
    for (const [name, text, filled] of flat(words)) {
      expect(text.trim()).toBe(text);
      expect(text).not.toMatch(/[{}$]/);
      if (filled) expect({ language, name, text }).toMatchObject({ text: expect.stringContaining(FILLED) });
      if (language !== 'en') expect({ language, name, text }).not.toMatchObject({ text: english.get(name) });
    }
});
