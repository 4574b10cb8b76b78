import { expect, test } from '@jest/globals';
import { locales } from '../../locales/index.ts';
import { transcriptWords } from './words.ts';

test('every language of the panel has its own words, with the address in its place', () => {
  const languages = Object.keys(locales);
  const said = languages.map((language) => {
    const { goesTo, ...words } = transcriptWords(language);
    expect(goesTo('·one·')).toContain('·one·');
    return JSON.stringify(words);
  });
  expect(new Set(said).size).toBe(languages.length);
});
