// Three small seeds of `npm run chaos`, and the proof that its checker can find something. By hand any number of seeds and faults: docs/chaos.md.
import { rm } from 'node:fs/promises';
import { afterAll, expect, test } from '@jest/globals';
import { runChaos } from './run.ts';
import type { Fault } from './schedule.ts';

const SMALL = { seconds: 6, messages: 100, faults: 4, visitors: 6 };
const ENOUGH_MS = 300_000;
/** What the gateway kept for NATS to come back goes with it. All people begin on its first replica. */
const GATEWAY_KILLED_WITHOUT_NATS: Fault = {
  at: 2_000,
  target: 'nats-server',
  replica: 0,
  how: 'SIGKILL',
  holdMs: 2_000,
  meanwhile: { target: 'gateway', replica: 0 },
};
const kept: string[] = [];

afterAll(async () => {
  for (const dir of kept) await rm(dir, { recursive: true, force: true });
});

// Together they hurt every process, and kill a gateway while NATS is away, as the planted run below does.
test.each([3, 4, 10])(
  'nothing acknowledged is lost or doubled while processes are killed and paused: seed %i',
  async (seed) => {
    const { findings, acknowledged, hurts, dir } = await runChaos({ ...SMALL, seed });
    expect({ broken: findings.filter(({ broken }) => broken.length > 0), kept: dir }).toEqual({
      broken: [],
      kept: dir,
    });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ looked }) => looked > 0)).toBe(true);
    expect(acknowledged).toBeGreaterThanOrEqual(SMALL.messages);
    expect(hurts.length).toBeGreaterThanOrEqual(SMALL.faults);
  },
  ENOUGH_MS,
);

test(
  'a gateway that acknowledges before the write is found out when it is killed',
  async () => {
    const { findings, dir } = await runChaos({
      ...SMALL,
      seed: 4,
      plant: true,
      schedule: [GATEWAY_KILLED_WITHOUT_NATS],
    });
    kept.push(dir);
    const lost = findings.find(({ invariant }) => invariant === 'nothing acknowledged lost');
    expect(lost?.broken.length).toBeGreaterThan(0);
    expect(lost?.broken[0]).toMatch(/was acknowledged in \w{22} as 0 and is not in the stream/);
  },
  ENOUGH_MS,
);
