import { afterEach, expect, jest, test } from '@jest/globals';
import SkipsReporter from './skips-reporter.mjs';

const before = process.env.CI;
afterEach(() => {
  jest.restoreAllMocks();
  if (before === undefined) delete process.env.CI;
  else process.env.CI = before;
});

test('a skipped test is named, and fails the run with CI=true only', () => {
  const { said, reporter } = report('pending');
  expect(said).toEqual(['skipped: the story (story.e2e.spec.ts)\n']);
  process.env.CI = 'true';
  expect(reporter.getLastError()?.message).toContain('1 tests were skipped');
  process.env.CI = '';
  expect(reporter.getLastError()).toBeUndefined();
});

test('a run in which every test ran is left alone', () => {
  process.env.CI = 'true';
  expect(report('passed').reporter.getLastError()).toBeUndefined();
});

test('a test that was left out by name does not count', () => {
  process.env.CI = 'true';
  expect(report('pending', 'another').reporter.getLastError()).toBeUndefined();
});

function report(status: 'pending' | 'passed', testNamePattern = '') {
  const said: string[] = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const reporter = new SkipsReporter({ testNamePattern } as never);
  const testResults = [{ testFilePath: 'story.e2e.spec.ts', testResults: [{ status, fullName: 'the story' }] }];
  reporter.onRunComplete(undefined, { testResults } as never);
  return { said, reporter };
}
