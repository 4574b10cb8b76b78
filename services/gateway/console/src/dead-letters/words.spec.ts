// The page of what could not be handled names each reader in words.
import { consumers } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { en } from '../locales/en.ts';
import { ru } from '../locales/ru.ts';

test('whatever may park a record is named in words, in both languages', () => {
  for (const { parked } of [en, ru])
    expect(Object.keys(consumers).filter((name) => !parked.concerns[name])).toEqual([]);
});
