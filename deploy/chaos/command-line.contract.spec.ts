// What is typed wrong ends both programs at once with one sentence.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

test.each([
  ['chaos.ts', ['--messages', 'abc'], '--messages is a whole number from 1 on, not "abc"\n'],
  ['../cluster/cluster.ts', ['--replicas', '2,x'], expect.stringMatching(/^--replicas are [^\n]*, not "2,x"\n$/)],
])('%s %j', (file, args, words) => {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const { status, stderr, stdout } = spawnSync(process.execPath, [path, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({ status, stderr, stdout }).toEqual({ status: 2, stderr: words, stdout: '' });
});
