import { expect, test } from '@jest/globals';
import { killsOnTheWay, lacking, unseen } from './demands.ts';
import type { Hurt } from './hurt.ts';

const blows = (how: Hurt['how'], count: number, inFlight: number | undefined): Hurt[] =>
  Array.from({ length: count }, (_, at) => ({ at, until: at, target: 'gateway', how, inFlight }));
const wanted = { faults: 6, messages: 100 };

test('a run that went through what was asked for lacks nothing', () => {
  expect(lacking({ hurts: [...blows('SIGKILL', 5, 1), ...blows('SIGSTOP', 3, 0)], acknowledged: 100 }, wanted)).toEqual(
    [],
  );
  // A small one has fewer kills than a big one needs.
  const hurts = [...blows('SIGKILL', 1, 2), ...blows('step-down', 1, 0)];
  expect(lacking({ hurts, acknowledged: 1 }, { faults: 2, messages: 1 })).toEqual([]);
});

test('where no command passes, a kill is none with commands in flight, and a small run needs none', () => {
  const hurts = [...blows('SIGKILL', 3, undefined), ...blows('SIGKILL', 1, 2)];
  expect(killsOnTheWay(hurts)).toEqual({ onTheWay: 1, inFlight: 1 });
  expect(lacking({ hurts, acknowledged: 1 }, { faults: 4, messages: 1 })).toEqual([]);
  const big = [...blows('SIGKILL', 20, undefined), ...blows('SIGKILL', 4, 2)];
  expect(lacking({ hurts: big, acknowledged: 1 }, { faults: 24, messages: 1 })).toEqual([
    '4 kills with commands in flight, not 5',
  ]);
});

test('a checker that looked at nothing proves nothing', () => {
  const finding = (invariant: string, looked: number) => ({ invariant, looked, broken: [] });
  expect(unseen([])).toEqual(['the checker said nothing']);
  expect(unseen([finding('CRM = transcript', 3), finding('one mail where due', 0)])).toEqual([
    'nothing was looked at for "one mail where due"',
  ]);
});

test.each([
  [
    'kills that fell while nobody waited',
    [...blows('SIGKILL', 9, 0), ...blows('SIGKILL', 4, 1)],
    100,
    '4 kills with commands in flight, not 5',
  ],
  [
    'one kill while nobody waited',
    [...blows('SIGKILL', 1, 0), ...blows('SIGSTOP', 6, 1)],
    100,
    '0 kills with commands in flight, not 1',
  ],
  [
    'kills where no command passes',
    [...blows('SIGKILL', 3, undefined), ...blows('SIGSTOP', 3, 0)],
    100,
    'no kill fell where commands pass',
  ],
  ['no kill', blows('SIGSTOP', 6, 1), 100, 'nothing was killed'],
  ['too few faults', blows('SIGKILL', 5, 1), 100, '5 faults, not 6'],
  ['too few messages', blows('SIGKILL', 6, 1), 99, '99 messages acknowledged, not 100'],
])('%s are not enough', (_what, hurts, acknowledged, words) => {
  expect(lacking({ hurts, acknowledged }, wanted)).toEqual([words]);
});
