import { expect, test } from '@jest/globals';
import { resealed, seal, unseal, unsealWith } from './sealed.ts';

const KEY = 'a1'.repeat(32);
const secrets = { token: 'bcrm_pat_of_the_shop' };

test('credentials come back as they were, and are not readable meanwhile', () => {
  const sealed = seal(KEY, 'site', secrets);
  expect(sealed).not.toContain('bcrm');
  expect(unseal(KEY, 'site', sealed)).toEqual(secrets);
});
test('sealing twice does not tell that it is the same secret', () => {
  expect(seal(KEY, 'site', secrets)).not.toBe(seal(KEY, 'site', secrets));
});
test('credentials of one site do not open for another, nor with another key, nor when changed', () => {
  const sealed = seal(KEY, 'site', secrets);
  expect(() => unseal(KEY, 'other', sealed)).toThrow(/CONTINUO_CREDENTIALS_KEY/);
  expect(() => unseal('b2'.repeat(32), 'site', sealed)).toThrow(/CONTINUO_CREDENTIALS_KEY/);
  expect(() => unseal(KEY, 'site', `${sealed.slice(0, -3)}abc`)).toThrow(/CONTINUO_CREDENTIALS_KEY/);
});
test('while a key is changed both open, and what the old one sealed is sealed anew', () => {
  const [old, fresh] = ['a1'.repeat(32), 'c3'.repeat(32)];
  const sealed = seal(old, 'site', secrets);
  expect(unsealWith([fresh, old], 'site', sealed)).toEqual(secrets);
  expect(unsealWith([old, fresh], 'site', seal(fresh, 'site', secrets))).toEqual(secrets);
  const anew = resealed([fresh, old], 'site', sealed) as string;
  expect(unseal(fresh, 'site', anew)).toEqual(secrets);
  expect(resealed([fresh, old], 'site', anew)).toBeUndefined();
  expect(() => resealed([fresh], 'site', sealed)).toThrow(/CONTINUO_CREDENTIALS_KEY/);
});
