import { expect, test } from '@jest/globals';
import { locales } from '../../locales/index.ts';
import { surveyWords } from './words.ts';

test('a survey speaks every language of the panel, each in its own words', () => {
  const languages = Object.keys(locales);
  const said = languages.map((language) => {
    const { step, ...words } = surveyWords(language);
    expect([step(2, 3).includes('2'), step(2, 3).includes('3')]).toEqual([true, true]);
    return JSON.stringify(words);
  });
  expect(new Set(said).size).toBe(languages.length);
});
