import { expect, test } from '@jest/globals';
import { scheduleOf } from './hurt.ts';

const LEASE_MS = 20_000;

test('what is hurt follows from the seed, holds pauses longer than a lease and restarts the broker', () => {
  const blows = scheduleOf({ seed: 7, seconds: 300, everyMs: 9_000 });
  expect(scheduleOf({ seed: 7, seconds: 300, everyMs: 9_000 })).toEqual(blows);
  expect(scheduleOf({ seed: 8, seconds: 300, everyMs: 9_000 })).not.toEqual(blows);
  expect(new Set(blows.map(({ what, replica }) => `${what} ${replica}`)).size).toBe(5);
  for (const { what, holdMs } of blows) if (what === 'SIGSTOP') expect(holdMs).toBeGreaterThan(LEASE_MS);
  expect(blows.filter(({ what }) => what === 'broker').length).toBeGreaterThanOrEqual(2);
});
