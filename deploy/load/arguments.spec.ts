import { expect, test } from '@jest/globals';
import { askedFor } from './arguments.ts';

const faults = (...args: string[]): string[] => {
  try {
    askedFor(args);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

test('what is not named is as the README says, and a value may stand behind a space or a sign', () => {
  expect(askedFor([])).toMatchObject({ plan: { runs: 3, seconds: 5, sockets: 10_000 }, json: undefined });
  expect(askedFor(['--runs=1', '--seconds', '2', '--json', 'a.json', '--only', 'rate'])).toEqual({
    plan: { runs: 1, seconds: 2, sockets: 10_000 },
    json: 'a.json',
    parts: new Set(['rate']),
  });
});

test.each(['runs', 'seconds', 'sockets'])('--%s takes whole numbers from 1 on, nothing else', (name) => {
  for (const value of ['0', 'abc', '-1', '1.5', '', 'NaN', 'Infinity', '1e99', '99999999999999999999'])
    expect(faults(`--${name}`, value)).toEqual([`--${name} ${value}: this must be a whole number from 1 to 999999.`]);
});

test('an unknown option, a missing value and a stray word are named, each in a sentence', () => {
  expect(faults('--bogus')).toEqual(['--bogus: there is no such option.']);
  expect(faults('--toString', '3')).toEqual(['--toString: there is no such option.']);
  expect(faults('-r')).toEqual(['-r: there is no such option.']);
  expect(faults('--runs')).toEqual(['--runs: the value is missing.']);
  expect(faults('--json', '')).toEqual(['--json: the value is missing.']);
  expect(faults('fast')).toEqual(['fast: this word belongs to no option.']);
});

test('all faults are told at once', () => {
  expect(faults('fast', '--runs', '--seconds', '0', '--bogus=1')).toEqual([
    'fast: this word belongs to no option.',
    '--runs: the value is missing.',
    '--seconds 0: this must be a whole number from 1 to 999999.',
    '--bogus: there is no such option.',
  ]);
});
