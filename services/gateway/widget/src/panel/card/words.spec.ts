import { expect, test } from '@jest/globals';
import { locales } from '../../locales/index.ts';
import { cardWords } from './words.ts';

test('a card speaks every language of the panel, each in its own words', () => {
  const languages = Object.keys(locales);
  const said = languages.map((language) => JSON.stringify(cardWords(language)));
  expect(new Set(said).size).toBe(languages.length);
});
