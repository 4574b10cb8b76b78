import { expect, test } from '@jest/globals';
import { scheduleOf, TARGETS } from './schedule.ts';

test('the same seed gives the same faults, another seed others', () => {
  const wish = { seed: 7, faults: 21, seconds: 60 };
  expect(scheduleOf(wish)).toEqual(scheduleOf(wish));
  expect(scheduleOf({ ...wish, seed: 8 })).not.toEqual(scheduleOf(wish));
});

test('every process gets its turn, one fault after the other', () => {
  const faults = scheduleOf({ seed: 3, faults: TARGETS.length * 2, seconds: 60 });
  for (const target of TARGETS) expect(faults.filter((fault) => fault.target === target)).toHaveLength(2);
  expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).toSorted((a, b) => a - b));
});
