// The arithmetic alone: no figure of a run is ever asserted.
import { expect, test } from '@jest/globals';
import { median, quantile, table, verdictOn } from './figures.ts';

const more = { must: 0.7, aim: 0.9, better: 'more' } as const;
const less = { must: 100, aim: 50, better: 'less' } as const;

test('a figure is held to its must and its aim in the direction that is better', () => {
  expect([0.95, 0.9, 0.7, 0.69].map((value) => verdictOn(value, more))).toEqual(['aim', 'aim', 'must', 'missed']);
  expect(verdictOn(20, { ...less, easier: true })).toBe('must');
  expect([20, 50, 51, 101].map((value) => verdictOn(value, less))).toEqual(['aim', 'aim', 'must', 'missed']);
});

test('what could not be measured is missed, whichever way is better', () => {
  expect([verdictOn(Number.NaN, more), verdictOn(Number.NaN, less)]).toEqual(['missed', 'missed']);
});

test('the median of an even number of runs lies between the middle two', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
});

test('a quantile is one of the values, and the last one at most', () => {
  expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 1)]).toEqual([3, 4]);
  expect(quantile([], 0.5)).toBeNaN();
});

test('the table says what was measured beside what was wanted', () => {
  expect(table([{ id: 'Q0', what: 'a rate', value: 0.8, unit: '', detail: '8 ÷ 10', target: more }])).toContain(
    '| Q0 | a rate | 0.8 | ≥ 0.7 | ≥ 0.9 | must | 8 ÷ 10 |',
  );
});
