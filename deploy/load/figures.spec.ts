// The arithmetic alone: no figure of a run is ever asserted.
import { expect, test } from '@jest/globals';
import { type Figure, judged, median, quantile, quotient, table, type Verdict, verdictOn } from './figures.ts';

const more = { must: 0.7, aim: 0.9, better: 'more' } as const;
const less = { must: 100, aim: 50, better: 'less' } as const;
const figure: Figure = {
  id: 'Q0',
  what: 'a rate',
  ...quotient(8, 10, 'messages/s'),
  target: more,
  samples: { count: 80, of: 'messages' },
};
const verdicts = (values: number[], target: Figure['target'], over: Partial<Figure> = {}): Verdict[] =>
  values.map((value) => verdictOn({ ...figure, value, target, ...over }));

test('a figure is held to its must and its aim in the direction that is better', () => {
  expect(verdicts([0.95, 0.9, 0.7, 0.69], more)).toEqual(['aim', 'aim', 'must', 'missed']);
  expect(verdicts([20, 50, 51, 101], less)).toEqual(['aim', 'aim', 'must', 'missed']);
});

test('what was easier than a goal is for never reaches it, and misses it as ever', () => {
  expect(verdicts([20, 101], { ...less, easier: 'aim' })).toEqual(['must', 'missed']);
  expect(verdicts([20, 99, 101], { ...less, easier: 'must' })).toEqual(['easier', 'easier', 'missed']);
});

test('a run that lost something misses its goals, however quick it was', () => {
  expect(verdicts([20], less, { broken: true })).toEqual(['missed']);
});

test.each([
  ['nothing looked at', 0, 0, '0 messages were looked at'],
  ['no number', Number.NaN, 80, 'it comes to NaN'],
  ['without end', Number.POSITIVE_INFINITY, 80, 'it comes to Infinity'],
  ['no number of things', 0, Number.NaN, 'NaN messages were looked at'],
])('%s: nothing was measured, whichever way is better', (_what, value, count, reason) => {
  for (const target of [more, less, { must: 0, aim: 0, better: 'less' } as const]) {
    const nothing = { ...figure, value, target, samples: { count, of: 'messages' } };
    expect(verdictOn(nothing)).toBe('not measured');
    expect(judged(nothing)).toMatchObject({ value: null, reached: 'not measured', reason });
    expect(table([nothing])).toContain(`| – | ${target.better === 'more' ? '≥' : '≤'}`);
    expect(table([nothing])).toContain(`| not measured | ${reason}; 8 ÷ 10 messages/s |`);
  }
});

test('as data a ratio carries both of its sides, and what it was made of', () => {
  expect(judged(figure)).toMatchObject({
    value: 0.8,
    sides: { measured: 8, limit: 10, unit: 'messages/s' },
    samples: { count: 80, of: 'messages' },
    reached: 'must',
  });
  expect(judged(figure)).not.toHaveProperty('reason');
});

test('the median of an even number of runs lies between the middle two', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
});

test('a quantile is one of the values, and the last one at most', () => {
  expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 1)]).toEqual([3, 4]);
  expect(quantile([], 0.5)).toBeNaN();
});

test('the table says what was measured beside what was wanted', () => {
  expect(table([figure])).toContain('| Q0 | a rate | 0.8 | ≥ 0.7 | ≥ 0.9 | must | 8 ÷ 10 messages/s |');
});
