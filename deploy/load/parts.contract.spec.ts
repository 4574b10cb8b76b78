import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { PARTS, type Part, partsOf } from './parts.ts';

const LOAD = fileURLToPath(new URL('load.ts', import.meta.url));

test('everything is taken when nothing is named, the named part alone otherwise', () => {
  const all = Object.keys(PARTS) as Part[];
  expect([...partsOf(undefined)]).toEqual(all);
  for (const part of all) expect([...partsOf(part)].at(-1)).toBe(part);
  expect([...partsOf('sockets')]).toEqual(['sockets']);
  expect([...partsOf('replicas')]).toEqual(['replicas']);
});

test('what is held against the maximum of the same run has that measured before', () => {
  expect([...partsOf('overload')]).toEqual(['rate', 'overload']);
  expect([...partsOf('screen')]).toEqual(['rate', 'screen']);
});

test.each(['everything', 'toString', ''])(
  'an unknown part is refused with the list before anything starts: "%s"',
  (only) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [LOAD, '--only', only], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`--only ${only}: there is no such part.`);
    for (const part of Object.keys(PARTS)) expect(stderr).toContain(`  ${part} `);
  },
);

test('every fault of the command line is told in a sentence, without a stack, before anything starts', () => {
  const args = ['fast', '--runs', '0', '--bogus', '--seconds'];
  const { status, stderr, stdout } = spawnSync(process.execPath, [LOAD, ...args], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr.trim().split('\n')).toEqual([
    'fast: this word belongs to no option.',
    '--runs 0: this must be a whole number from 1 to 999999.',
    '--bogus: there is no such option.',
    '--seconds: the value is missing.',
  ]);
});
