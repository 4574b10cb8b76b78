// What is said of a report of npm audit, and of a registry that gives one or gives none.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../run-node.ts';
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

test.each<[output: string, words: string]>([
  ['', 'npm gave no report'],
  [
    JSON.stringify({ message: '405 Method Not Allowed - POST https://registry.test/x', error: {} }),
    '(405 Method Not Allowed)',
  ],
  [JSON.stringify({ error: { code: 'ENOTFOUND' } }), 'ENOTFOUND'],
])('a registry that gives no report is said plainly, and fails only where one is required', (output, words) => {
  expect(verdict(output)).toEqual({ failed: false, words: expect.stringContaining(words) });
  expect(verdict(output, true)).toEqual({ failed: true, words: expect.stringContaining(words) });
  expect(verdict(output).words).toMatch(/^NOT AUDITED/);
});

/** The command itself, at a registry of ours. */
async function audited(answer: RequestListener, ...words: string[]): Promise<{ code: number; said: string }> {
  const registry = createServer(answer);
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const cache = await mkdtemp(join(tmpdir(), 'continuo-audit-'));
  try {
    const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
    const env = { ...process.env, npm_config_registry: url, npm_config_cache: cache };
    return await new Promise((resolve) => {
      execFile(process.execPath, ['deploy/supply/audit.ts', ...words], { cwd: ROOT, env }, (error, _stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: stderr.trim() }),
      );
    });
  } finally {
    registry.closeAllConnections();
    registry.close();
    await rm(cache, { recursive: true, force: true });
  }
}

test('npm audit is asked of the registry, and what it knows fails by name', async () => {
  const url = 'https://example.com/advisory';
  const advisory = { id: 1, url, title: 'It leaks.', severity: 'critical', vulnerable_versions: '*' };
  const { code, said } = await audited((request, response) => {
    const asked = request.url?.endsWith('/advisories/bulk');
    response.writeHead(asked ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(asked ? { express: [advisory] } : {}));
  });
  expect(said).toContain('express (critical)');
  expect(code).toBe(1);
}, 120_000);

test('a registry that takes no audits is told without its address, and fails where an audit is required', async () => {
  const { code, said } = await audited((_request, response) => response.writeHead(405).end(), '--required');
  expect(said).toMatch(/^NOT AUDITED: the registry keeps no list of faults, or cannot be reached \([^/]+\)\.$/);
  expect(code).toBe(1);
}, 120_000);
