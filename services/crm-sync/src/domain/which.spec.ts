// Keys of connections: none is another's, and those of data that stood before there could be several are what they were.
import { newId } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { keyOf, whichOf } from './which.ts';

test('the connection that was made without an id has the key that all data had, every other one its own', () => {
  const site = newId();
  expect(keyOf({ site, id: 'crm' })).toBe(site);
  const all = ['crm', 'hubspot', 'crm-2', 'a'].map((id) => ({ site, id }));
  expect(new Set(all.map(keyOf)).size).toBe(all.length);
  for (const which of all) expect(whichOf(keyOf(which))).toEqual(which);
});
