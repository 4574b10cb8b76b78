import { expect, test } from '@jest/globals';
import { givenStorage, SITE } from '../../given.ts';
import { openKeep } from '../../keep.ts';
import { chosen, recentIn } from './recent.ts';

test('the latest stands first, each once, and not more than sixteen; the next page of the device knows them', () => {
  const storage = givenStorage();
  const keep = openKeep(SITE, storage);
  expect(recentIn(keep)).toEqual([]);
  for (let index = 0; index < 20; index++) chosen(keep, `${index}`);
  chosen(keep, '7');
  const recent = recentIn(openKeep(SITE, storage));
  expect(recent).toHaveLength(16);
  expect(recent.slice(0, 3)).toEqual(['7', '19', '18']);
  expect(new Set(recent).size).toBe(16);
});

test('without storage they are known as long as the page is there', () => {
  const keep = openKeep(SITE, undefined);
  chosen(keep, '🎉');
  expect(recentIn(keep)).toEqual(['🎉']);
});
