import { expect, test } from '@jest/globals';
import { replayOf } from './replay.ts';

test('what is printed plays the run again, the planted fault too, and names the folder that is kept', () => {
  const printed = replayOf(
    'chaos',
    { seed: '7', seconds: '20', plant: 'ack-before-write' },
    [
      {
        at: 900,
        how: 'SIGSTOP',
        target: 'nats-server',
        replica: 3,
        holdMs: 500,
        meanwhile: { target: 'gateway', replica: 1 },
      },
    ],
    '/tmp/kept',
  );
  expect(printed.split('\n')).toEqual([
    '# play it again (ledger, logs and data: /tmp/kept)',
    'npm run chaos -- --seed 7 --seconds 20 --plant ack-before-write',
    '#   900 ms SIGSTOP nats-server 3 for 500 ms, meanwhile SIGKILL gateway 1',
  ]);
});
