import { expect, test } from '@jest/globals';
import { locales } from '../../locales/index.ts';
import { soundWords } from './words.ts';

test('every language of the panel has its own words', () => {
  const languages = Object.keys(locales);
  expect(new Set(languages.map(soundWords)).size).toBe(languages.length);
});
