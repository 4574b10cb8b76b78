import { expect, test } from '@jest/globals';
import { drainSeconds, drainSignal, hanging, lacking, startDraining, vital } from './vitals.ts';

test('a loop hangs when it has not turned for longer than it may', () => {
  using loop = vital('loop', 1_000);
  expect(hanging()).toEqual([]);
  expect(hanging(performance.now() + 1_500)).toEqual(['loop hangs']);
  loop.tick();
  expect(hanging(performance.now() + 500)).toEqual([]);
});

test('what a loop lacks is told until it is found, and a loop that ended lacks nothing', () => {
  {
    using loop = vital('loop', 1_000);
    loop.lacks('its consumer is gone');
    expect(lacking()).toEqual(['loop: its consumer is gone']);
    loop.lacks(undefined);
    expect(lacking()).toEqual([]);
    loop.lacks('its consumer is gone');
  }
  expect(lacking()).toEqual([]);
  expect(hanging(Number.POSITIVE_INFINITY)).toEqual([]);
});

test('a process that drains is not ready any more, and its loops know it', () => {
  expect(drainSignal.aborted).toBe(false);
  expect(drainSeconds()).toBe(0);
  startDraining();
  expect(lacking()).toEqual(['it is draining']);
  expect(drainSignal.aborted).toBe(true);
  expect(drainSeconds()).toBeGreaterThan(0);
});
