import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { byHand, scheduleIn } from './by-hand.ts';
import type { Hurt } from './hurt.ts';
import { BrokenOffError } from './outside.ts';
import type { ChaosResult } from './run.ts';
import { scheduleOf } from './schedule.ts';
import { inWords, scheduleFrom } from './schedule-file.ts';

const schedule = scheduleOf({ seed: 7, faults: 2, seconds: 20 });
const options = { seed: 7, seconds: 20, messages: 100, faults: 2, visitors: 6, schedule };
const given = { seed: '7', seconds: '20', faults: '2', plant: 'ack-before-write' };
const blow: Hurt = { at: 1, until: 2, target: 'gateway', how: 'SIGKILL', inFlight: 1 };
const green: Omit<ChaosResult, 'dir'> = {
  schedule,
  hurts: [blow, blow],
  acknowledged: 100,
  answers: [],
  findings: [{ invariant: 'nothing twice', looked: 3, broken: [] }],
};

/** What is printed and kept by a run that ends so. */
async function playing(ends: () => Omit<ChaosResult, 'dir'>) {
  let printed = '';
  let dir = '';
  const isGreen = await byHand('chaos', given, options, {
    rows: () => [],
    print: (text) => {
      printed += text;
    },
    run: async ({ dir: made }) => {
      dir = made as string;
      return { ...ends(), dir };
    },
  });
  const kept = existsSync(dir);
  const file = join(dir, 'schedule.txt');
  const lines = kept ? readFileSync(file, 'utf8') : '';
  rmSync(dir, { recursive: true, force: true });
  return { isGreen, printed, kept, dir, file, lines };
}

test('a green run keeps nothing and prints no way to play it again', async () => {
  expect(await playing(() => green)).toMatchObject({ isGreen: true, printed: '', kept: false });
});

test.each<[string, () => Omit<ChaosResult, 'dir'>, string]>([
  [
    'finds something',
    () => ({ ...green, findings: [{ invariant: 'nothing twice', looked: 3, broken: ['event e stands twice'] }] }),
    '',
  ],
  ['proves too little', () => ({ ...green, acknowledged: 99 }), 'This run proves too little: 99 messages acknowledged'],
  [
    'has nothing to look at',
    () => ({ ...green, findings: [{ invariant: 'nothing twice', looked: 0, broken: [] }] }),
    'This run proves too little: nothing was looked at for "nothing twice"',
  ],
  [
    'throws',
    () => {
      throw new Error('nats-server did not start');
    },
    'nats-server did not start',
  ],
])('a run that %s is red, keeps its data and says how it is played again', async (_what, ends, words) => {
  const { isGreen, printed, kept, dir, file, lines } = await playing(ends);
  expect({ isGreen, kept }).toEqual({ isGreen: false, kept: true });
  expect(printed).toContain(words);
  expect(printed.split('\n').slice(-5)).toEqual([
    `# play it again (ledger, logs and data: ${dir}); lines may be struck out of the schedule`,
    `npm run chaos -- --seed 7 --seconds 20 --plant ack-before-write --schedule ${file}`,
    ...schedule.map((fault) => `#   ${inWords(fault)}`),
    '',
  ]);
  expect(scheduleFrom(lines)).toEqual(schedule);
});

test('a server that somebody else ended is told in one sentence, without where in the code that was seen', async () => {
  const { printed, kept } = await playing(() => {
    throw new BrokenOffError('nats-server (process 7) ended with SIGKILL, and this run did not do it');
  });
  const [first, second] = printed.split('\n');
  expect(first).toBe(
    'This run did not come to its end: nats-server (process 7) ended with SIGKILL, and this run did not do it.',
  );
  expect(second).toMatch(/^# play it again/);
  expect(kept).toBe(true);
});

test('a schedule that cannot be read is refused', async () => {
  await expect(scheduleIn('no-such-file')).rejects.toThrow(/^--schedule cannot be read: ENOENT/);
});
