// What is generated is what the code says now.
import { expect, test } from '@jest/globals';
import { outdated } from './generate.ts';

test('generated pages, picture and lock are up to date (npm run generate)', async () => {
  expect(await outdated()).toEqual([]);
});
