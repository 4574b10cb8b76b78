import { expect, test } from '@jest/globals';
import { gather } from './gather.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what comes within one turn is done together, in its order, and once', async () => {
  const done: number[] = [];
  const gathered = gather((one: number) => done.push(one));
  gathered.push(1);
  await Promise.resolve();
  gathered.push(2);
  await Promise.resolve();
  expect(done).toEqual([]);
  await turn();
  expect(done).toEqual([1, 2]);
  gathered.push(3);
  gathered.flush();
  expect(done).toEqual([1, 2, 3]);
  await turn();
  expect(done).toEqual([1, 2, 3]);
  gathered.push(4);
  await turn();
  expect(done).toEqual([1, 2, 3, 4]);
});
