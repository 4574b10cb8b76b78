// What is said of a report of npm audit.
import { expect, test } from '@jest/globals';
import { verdict } from './audit.ts';

const report = (...severities: string[]): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(severities.map((severity) => [severity, { name: `a-${severity}`, severity }])),
  });

test.each(['high', 'critical'])('a %s fault fails, by name', (severity) =>
  expect(verdict(report('low', severity))).toEqual({ failed: true, words: expect.stringContaining(`a-${severity}`) }),
);

test('lesser faults are counted and fail nothing', () =>
  expect(verdict(report('low', 'moderate'))).toEqual({ failed: false, words: expect.stringContaining('2 lesser') }));

test.each([
  ['', 'npm gave no report'],
  [
    JSON.stringify({ message: '405 Method Not Allowed - POST https://registry.test/x', error: {} }),
    '(405 Method Not Allowed)',
  ],
  [JSON.stringify({ error: { code: 'ENOTFOUND' } }), 'ENOTFOUND'],
])('a registry that gives no report is said plainly and fails nothing', (output, words) => {
  expect(verdict(output)).toEqual({ failed: false, words: expect.stringContaining(words) });
  expect(verdict(output).words).toMatch(/^NOT AUDITED/);
});
