import { expect, test } from '@jest/globals';
import { moved } from './moves.ts';

/** Three in a line, then a group of two, then one. */
const PLACES = [
  { left: 0, top: 0 },
  { left: 44, top: 0 },
  { left: 88, top: 0 },
  { left: 0, top: 70 },
  { left: 44, top: 70 },
  { left: 0, top: 140 },
];
const moves = (at: number, ...keys: string[]) => keys.map((key) => moved(key, at, PLACES, false));

test('arrows go along a line and into the next, to the nearest there, and stop at the ends', () => {
  expect(moves(1, 'ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp')).toEqual([2, 0, 4, 1]);
  expect(moves(2, 'ArrowRight', 'ArrowDown')).toEqual([3, 4]);
  expect(moves(4, 'ArrowUp', 'ArrowDown')).toEqual([1, 5]);
  expect(moves(5, 'ArrowRight', 'ArrowDown', 'ArrowUp')).toEqual([5, 5, 3]);
  expect(moves(0, 'ArrowLeft', 'End')).toEqual([0, 5]);
  expect(moves(4, 'Home', 'Tab', 'a')).toEqual([0, undefined, undefined]);
});

test('from right to left, left is forward', () => {
  const mirrored = (key: string) => moved(key, 1, PLACES, true);
  expect([mirrored('ArrowLeft'), mirrored('ArrowRight')]).toEqual([2, 0]);
});
