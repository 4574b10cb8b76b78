// Three small seeds of `npm run chaos` on one installation, a rolling update of it, and the proof that the checker can find something. By hand any number of seeds
// and faults: docs/chaos.md.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICES, startNats } from '@continuo/servers';
import { hangUp } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rollingUpdate } from '../rolling/update.ts';
import { openWidgets, type Shown } from '../rolling/widgets.ts';
import { connectAs, leave } from './check-stream.ts';
import { lacking } from './demands.ts';
import { type Chaos, type SeedRun, startChaos } from './run.ts';
import type { Fault } from './schedule.ts';

const SMALL = { seconds: 6, messages: 100, faults: 4, visitors: 6 };
/** Together they hurt every process, and kill a gateway while NATS is away, as the planted run does. */
const SEEDS = [2, 4, 10];
const ENOUGH_MS = 300_000;
/** What the gateway kept for NATS to come back goes with it. Half of the people are on its first replica. */
const GATEWAY_KILLED_WITHOUT_NATS: Fault = {
  at: 2_000,
  target: 'nats-server',
  replica: 0,
  how: 'SIGKILL',
  holdMs: 2_000,
  meanwhile: { target: 'gateway', replica: 0 },
};
let chaos: Chaos;
const runs: SeedRun[] = [];
/** Ledgers, logs and data are kept for whoever looks for the cause. */
let whole = false;

beforeAll(async () => {
  chaos = await startChaos({ counts: Object.fromEntries(SERVICES.map((name) => [name, 2])) });
}, ENOUGH_MS);
afterAll(async () => {
  await chaos?.[Symbol.asyncDispose]();
  if (whole) await rm(chaos.dir, { recursive: true, force: true });
}, ENOUGH_MS);

test.each(SEEDS)(
  'people are answered on while processes are killed and paused: seed %i',
  async (seed) => {
    const run = await chaos.run({ ...SMALL, seed });
    runs.push(run);
    expect(lacking(run, SMALL)).toEqual([]);
  },
  ENOUGH_MS,
);

test('the seeds together killed whatever lies on the way of a command while commands were there', () => {
  const killed = runs
    .flatMap(({ hurts }) => hurts)
    .filter(({ how, inFlight = 0 }) => how === 'SIGKILL' && inFlight > 0);
  expect([...new Set(killed.map(({ target }) => target))].toSorted()).toEqual([
    'conversation',
    'gateway',
    'nats-server',
  ]);
});

test('whoever only looks on may leave at the moment a server hangs up, though something is still to be said', async () => {
  await using server = await startNats({ dir: join(chaos.dir, 'looked-at') });
  const connection = await connectAs({ url: server.url, user: 'anybody', password: '' });
  connection.status();
  let left: Promise<void> | undefined;
  await hangUp(connection, () => {
    connection.publish('still', 'something');
    left = leave(connection);
  });
  await left;
  expect(connection.isClosed()).toBe(true);
});

/** Another seed than those above. */
const UPDATE = 100;
const RUNS = [...SEEDS, UPDATE];

test(
  'both replicas of every service are replaced while people write, and no widget shows that anything happened',
  async () => {
    let shown: Shown | undefined;
    const run = await chaos.run({
      ...SMALL,
      seed: UPDATE,
      async instead(installation, company) {
        using stack = new DisposableStack();
        const widgets = stack.use(await openWidgets(6, company, installation.gateways));
        expect(await rollingUpdate(installation)).toEqual(SERVICES.map((name) => [name, [0, 0]]));
        await widgets.finish();
        ({ shown } = widgets);
        stack.move();
        return widgets;
      },
    });
    runs.push(run);
    expect(shown).toMatchObject({ failures: [], untold: [] });
    // Whoever is told to move is back with the next socket, before the panel has a word for it.
    expect(shown?.dials.filter((dials) => dials !== 1)).toEqual([]);
    // Each was on a gateway that went, and not all left at the same moment.
    expect(shown?.moves.length).toBeGreaterThanOrEqual(6);
    expect(Math.max(...(shown?.moves ?? [])) - Math.min(...(shown?.moves ?? []))).toBeGreaterThan(0);
  },
  ENOUGH_MS,
);

test(
  'nothing that was acknowledged meanwhile is lost or doubled, and everything else holds, too',
  async () => {
    const all = await Promise.all(runs.map(({ check }) => check()));
    // A desk of few events may never be rolled up: what one seed has nothing of, another must have.
    const found = (invariant: string) => all.flat().some((one) => one.invariant === invariant && one.looked > 0);
    for (const [index, findings] of all.entries())
      expect({
        seed: RUNS[index],
        broken: findings.filter(({ broken, invariant }) => broken.length > 0 || !found(invariant)),
        kept: chaos.dir,
      }).toEqual({ seed: RUNS[index], broken: [], kept: chaos.dir });
    whole = all.length === RUNS.length;
    expect(whole).toBe(true);
  },
  ENOUGH_MS,
);

test(
  'a gateway that acknowledges before the write is found out when it is killed',
  async () => {
    await chaos.plant();
    const { check } = await chaos.run({
      ...SMALL,
      seed: 4,
      schedule: [GATEWAY_KILLED_WITHOUT_NATS],
      instead: async () => ({
        writeScreens: async () => Promise.reject(new Error('a screen that agrees with nobody')),
        [Symbol.dispose]: () => {},
      }),
    });
    const findings = await check();
    const of = (name: string) => findings.find(({ invariant }) => invariant === name);
    expect(of('everything answered and shown')?.broken).toContain('a screen that agrees with nobody');
    const lost = of('nothing acknowledged lost');
    expect(lost?.broken.length).toBeGreaterThan(0);
    expect(lost?.broken[0]).toMatch(/was acknowledged in \w{22} as 0 and is not in the stream/);
  },
  ENOUGH_MS,
);
