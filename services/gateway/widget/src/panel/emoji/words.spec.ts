import { expect, test } from '@jest/globals';
import { locales } from '../../locales/index.ts';
import { EMOJI } from './list.ts';
import { groupNames } from './words.ts';

test('every language names each group, in its own words', () => {
  const names = Object.keys(locales).map(groupNames);
  for (const one of names) expect(one).toHaveLength(EMOJI.length + 1);
  const all = names.map((one) => one.join());
  expect(new Set(all).size).toBe(all.length);
});
