import { expect, test } from '@jest/globals';
import { clusterScheduleOf } from './schedule.ts';

test('the same seed gives the same blows, another seed others', () => {
  const wish = { seed: 7, faults: 12, seconds: 60 };
  expect(clusterScheduleOf(wish)).toEqual(clusterScheduleOf(wish));
  expect(clusterScheduleOf({ ...wish, seed: 8 })).not.toEqual(clusterScheduleOf(wish));
});

test.each([1, 2, 3])('even the smallest run kills a nats-server and has MongoDB hand over: seed %i', (seed) => {
  const blows = clusterScheduleOf({ seed, faults: 2, seconds: 10 }).map(({ target, how }) => `${how} ${target}`);
  expect(blows).toEqual(['SIGKILL nats-server', 'step-down mongod']);
});
