import { expect, test } from '@jest/globals';
import { forSecondTry } from './second-try.ts';

const report = (...files: [name: string, status: string][]) => ({
  testResults: files.map(([name, status]) => ({ name, status })),
});

test('the files that were red are tried again, the others are not', () => {
  expect(forSecondTry(report(['a.int.spec.ts', 'passed'], ['b.int.spec.ts', 'failed']))).toEqual(['b.int.spec.ts']);
});

test('many red files are no accident: nothing is tried again', () => {
  const red = (count: number) =>
    report(...Array.from({ length: count }, (_, n): [string, string] => [`${n}`, 'failed']));
  expect(forSecondTry(red(3))).toHaveLength(3);
  expect(forSecondTry(red(4))).toEqual([]);
});

test('a run that left no report, or is red though every file passed, stays red', () => {
  expect(forSecondTry(undefined)).toEqual([]);
  expect(forSecondTry(report(['a.int.spec.ts', 'passed']))).toEqual([]);
});
