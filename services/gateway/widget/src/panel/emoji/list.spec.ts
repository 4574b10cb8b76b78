import { expect, test } from '@jest/globals';
import { EMOJI } from './list.ts';

test('each sign is there once, and is one that the system draws as a picture', () => {
  const all = EMOJI.flat();
  expect(all.length).toBeGreaterThan(150);
  expect(all.length).toBeLessThanOrEqual(250);
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((one) => !/^\p{RGI_Emoji}$/v.test(one))).toEqual([]);
});
