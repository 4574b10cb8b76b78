// Q4, Q5, Q9: what idle visitors and fresh services weigh, and how long it takes until everybody is back.
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '@continuo/servers';
import type { Plan } from './arguments.ts';
import { type Figure, shown } from './figures.ts';
import type { Stand } from './stand.ts';
import { needSockets } from './taking.ts';
import { claimShare, pssKiB } from './worker.ts';

/** Until what a burst left behind has been collected. */
const CALM_MS = 3_000;
/** So many are to be held at once for its must and for its aim. */
const HELD = { must: 10_000, aim: 30_000 };
/** So many are to be dropped at once. */
const DROPPED = 5_000;
const WRITERS_IN_STORM = 200;

/** Ends all services and starts them again beside servers that run. */
export async function startFresh({ world }: Stand): Promise<Figure[]> {
  for (const name of [...SERVICES].reverse()) await world.drain(name);
  const start = performance.now();
  await Promise.all(SERVICES.map((name) => world.start(name)));
  const seconds = (performance.now() - start) / 1000;
  claimShare();
  await sleep(CALM_MS);
  const weights = SERVICES.map((name) => pssKiB(world.running(name)[0]?.pid as number) / 1024);
  const mebibytes = weights.reduce((sum, weight) => sum + weight, 0);
  const detail = SERVICES.map((name, index) => `${name} ${shown(weights[index] as number)}`).join(', ');
  return [
    {
      id: 'Q9',
      what: 'memory of the five services, fresh (PSS)',
      value: mebibytes,
      unit: 'MiB',
      detail,
      target: { must: 600, aim: 400, better: 'less' },
      samples: { count: weights.length, of: 'services' },
    },
    {
      id: 'Q9',
      what: 'start of the five services, servers up',
      value: seconds,
      unit: 's',
      detail: 'all at once',
      target: { must: 3, aim: 1.5, better: 'less' },
      samples: { count: weights.length, of: 'services' },
    },
  ];
}

export async function holdSockets(stand: Stand, { sockets: count }: Plan): Promise<Figure> {
  needSockets(count);
  await using limit = await stand.rawLimit({ batched: false, early: false });
  await using crowd = await stand.crowd();
  const grows = async (pid: number, hold: () => Promise<unknown>): Promise<number> => {
    const before = pssKiB(pid);
    await hold();
    await sleep(CALM_MS);
    return pssKiB(pid) - before;
  };
  // A gateway that was busy before has room in its heap, and would seem to need less.
  await stand.world.drain('gateway');
  const { pid: gateway } = await stand.world.start('gateway');
  await sleep(CALM_MS);
  const bare = await grows(limit.gatewayPid, () => crowd.ask('holdBare', { port: limit.port, count }));
  await crowd.ask('release');
  const ours = await grows(gateway, () => crowd.ask('holdVisitors', { place: stand.place(), count }));
  const held = await crowd.ask<number>('held');
  return idleFigure({ ours: ours / held, bare: bare / count, held });
}

/** `ours`, `bare`: KiB a socket. */
export function idleFigure({ ours, bare, held }: { ours: number; bare: number; held: number }): Figure {
  return {
    id: 'Q4',
    what: `memory per idle visitor, ${held} held at once`,
    value: ours,
    unit: 'KiB',
    detail: `bare socket ${shown(bare)} KiB`,
    target: {
      must: 24,
      aim: 12,
      better: 'less',
      ...(held < HELD.must ? { easier: 'must' } : held < HELD.aim && { easier: 'aim' }),
    },
    samples: { count: held, of: 'sockets' },
  };
}

export interface Storm {
  seconds: number;
  /** Sockets that did not come again. */
  missing: number;
  /** Messages lost or doubled, of those written at that moment. */
  lost: number;
  written: number;
  /** Sockets that were open. */
  dropped: number;
}

export async function survivesStorm(stand: Stand, { sockets }: Plan): Promise<Figure> {
  const count = Math.min(DROPPED, sockets);
  // The gateway may hear of those who come again before it knows that they are gone.
  needSockets(2 * count);
  await using crowd = await stand.crowd();
  const place = stand.place();
  await crowd.ask('holdVisitors', { place, count });
  return stormFigure(await crowd.ask<Storm>('storm', { place, writing: WRITERS_IN_STORM }));
}

export function stormFigure({ seconds, missing, lost, written, dropped }: Storm): Figure {
  return {
    id: 'Q5',
    what: `${dropped} sockets dropped at once are back`,
    value: seconds,
    unit: 's',
    detail: `${missing} missing, ${lost} of ${written} messages written at that moment lost or doubled`,
    target: { must: 30, aim: 10, better: 'less', ...(dropped < DROPPED && { easier: 'must' }) },
    samples: written === 0 ? { count: 0, of: 'messages' } : { count: dropped, of: 'sockets' },
    broken: missing + lost > 0,
  };
}
