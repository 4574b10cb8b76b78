import { expect, test } from '@jest/globals';
import { HelpAsked, numberOf, OptionFault, optionsOf } from './options.ts';

const KNOWN = { seed: '1', faults: '24', schedule: undefined };
const fault = (ask: () => unknown): string => {
  try {
    ask();
  } catch (error) {
    if (error instanceof OptionFault) return error.message;
    throw error;
  }
  return 'accepted';
};

test('what is given takes the place of what is usual', () => {
  expect(optionsOf(['--seed', '7', '--faults=3'], KNOWN)).toEqual({ seed: '7', faults: '3' });
  expect(optionsOf([], KNOWN)).toEqual({ seed: '1', faults: '24' });
  expect(numberOf({ seed: '7' }, 'seed', 0)).toBe(7);
});

test.each([
  [['--sed', '7'], '--sed is unknown; there are --seed, --faults, --schedule'],
  [['-s'], '-s is unknown; there are --seed, --faults, --schedule'],
  [['--no-seed'], '--no-seed is unknown; there are --seed, --faults, --schedule'],
  [['7'], '7 belongs to no option; there are --seed, --faults, --schedule'],
  [['--seed'], '--seed needs a value'],
  [['--seed='], '--seed needs a value'],
])('%s is refused in one sentence', (given, words) => {
  expect(fault(() => optionsOf(given, KNOWN))).toBe(words);
});

test.each(['x', '', '-1', '1.5', '1e3', '0x10', 'NaN', '99999999999999999999'])('%j is no number', (value) => {
  expect(fault(() => numberOf({ faults: value }, 'faults', 0))).toBe(
    `--faults is a whole number from 0 on, not ${JSON.stringify(value)}`,
  );
});

test('a number below the least is refused', () => {
  expect(fault(() => numberOf({ faults: '0' }, 'faults', 1))).toBe('--faults is a whole number from 1 on, not "0"');
});

test.each([[['--help']], [['-h']], [['--seed', '7', '--help']]])(
  '%j is told what there is, with what is usual',
  (given) => {
    expect(() => optionsOf(given, KNOWN)).toThrow(
      new HelpAsked('Options, with what is usual: --seed 1, --faults 24, --schedule ….'),
    );
  },
);
