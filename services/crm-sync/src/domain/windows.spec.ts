import { expect, test } from '@jest/globals';
import { MARGIN_MS, newWindows } from './windows.ts';

test('what happens while a window is surely open needs none of its own', () => {
  const windows = newWindows();
  expect(windows.covers('one', 0)).toBe(false);
  windows.opened('one', 5_000, 0);
  expect(windows.covers('one', 3_900)).toBe(true);
  expect(windows.covers('another', 3_900)).toBe(false);
});

test('in its last moment it may have ended by another clock, and what happens then opens the next', () => {
  const windows = newWindows();
  windows.opened('one', 5_000, 0);
  expect(windows.covers('one', 5_000 - MARGIN_MS)).toBe(false);
  expect(windows.covers('one', 60_000)).toBe(false);
  windows.opened('one', 65_000, 60_000);
  expect(windows.covers('one', 61_000)).toBe(true);
});

test('a clock that was moved on ends them all', () => {
  const windows = newWindows();
  windows.opened('one', 5_000, 0);
  expect(windows.covers('one', 7 * 24 * 3_600_000)).toBe(false);
});

test('a dialogue in which something is said as soon as its window has ended is in full swing, until it falls silent', () => {
  const windows = newWindows();
  expect(windows.goesOn('one', 0, 5_000)).toBe(false);
  windows.opened('one', 5_000, 0);
  windows.opened('another', 5_500, 500);
  expect(windows.goesOn('one', 5_200, 5_000)).toBe(true);
  expect(windows.goesOn('one', 10_000, 5_000)).toBe(false);
  expect(windows.goesOn('third', 5_200, 5_000)).toBe(false);
});

test('what is long over is forgotten', () => {
  const windows = newWindows();
  for (let i = 0; i < 1_000; i++) windows.opened(`${i}`, i * 1_000 + 5_000, i * 1_000);
  expect(windows.size()).toBeLessThan(100);
});
