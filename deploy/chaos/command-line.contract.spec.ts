// What is typed wrong ends each program at once with one sentence; who asks for help is told what there is.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

test.each([
  ['chaos.ts', ['--messages', 'abc'], '--messages is a whole number from 1 on, not "abc"\n'],
  ['../cluster/cluster.ts', ['--replicas', '2,x'], expect.stringMatching(/^--replicas are [^\n]*, not "2,x"\n$/)],
  ['../soak/soak.ts', ['--dialogues', 'abc'], '--dialogues is a whole number from 1 on, not "abc"\n'],
  ['../rebuild-views.ts', ['--dry-run'], expect.stringMatching(/^npm run rebuild-views takes no options: [^\n]*\n$/)],
  ['../soak/figures.ts', ['--minutes', '1'], '--minutes is unknown; there are --seconds, --samples\n'],
])('%s %j', (file, args, words) => {
  expect(ran(file, args)).toEqual({ status: 2, stderr: words, stdout: '' });
});

test('who asks for help is told what there is', () => {
  const parts = /^Options, with what is usual: --runs 3, --seconds 5, .*\n {2}fresh +Q9: /;
  expect(ran('../load/load.ts', ['--help'])).toEqual({ status: 0, stderr: '', stdout: expect.stringMatching(parts) });
  const stdout = 'Options, with what is usual: --seconds 60, --samples 40.\n';
  expect(ran('../soak/figures.ts', ['--help'])).toEqual({ status: 0, stderr: '', stdout });
});

function ran(file: string, args: readonly string[]) {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const { status, stderr, stdout } = spawnSync(process.execPath, [path, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stderr, stdout };
}
