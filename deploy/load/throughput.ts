// Q1, Q2, Q3: how many messages, and how soon they are on the agent's screen, each beside the raw limit in turn.
import { type Figure, median, shown, type Target } from './figures.ts';
import type { LimitOptions, Reach } from './reach.ts';
import type { Measured } from './talk.ts';
import type { Worker } from './worker.ts';

const VISITORS = 200;
const ON_THE_WAY = 500;
const PER_SECOND = 50;

export interface Plan {
  runs: number;
  seconds: number;
  sockets: number;
}
interface Pair {
  ours: Measured[];
  limit: Measured[];
}

/** Both sides in turn, so that whatever else the machine does meets both. @throws when a message did not arrive, or twice: then there is no figure */
async function alternate({ runs }: Plan, crowd: Worker, question: string, args: Record<string, number>): Promise<Pair> {
  const pair: Pair = { ours: [], limit: [] };
  await crowd.ask(question, { ...args, seconds: 1, through: 'limit' });
  await crowd.ask(question, { ...args, seconds: 1, through: 'continuo' });
  for (let run = 0; run < runs; run++) {
    for (const [through, list] of [
      ['limit', pair.limit],
      ['continuo', pair.ours],
    ] as const) {
      const measured = await crowd.ask<Measured>(question, { ...args, through });
      const { lost, doubled } = measured;
      if (lost + doubled > 0)
        throw new Error(`${lost} messages through ${through} did not arrive, ${doubled} arrived twice`);
      list.push(measured);
    }
  }
  return pair;
}

async function prepared(stand: Reach, options: LimitOptions, measure: (crowd: Worker) => Promise<Pair>): Promise<Pair> {
  await using limit = await stand.rawLimit(options);
  await using crowd = await stand.crowd();
  await crowd.ask('limit', { port: limit.port, count: VISITORS });
  await crowd.ask('continuo', { place: stand.place(), count: VISITORS, cookie: await stand.login() });
  // Awaited here: what is used is disposed when this function returns.
  return await measure(crowd);
}

export async function throughput(
  stand: Reach,
  plan: Plan,
  { id, what, batched, target }: { id: string; what: string; batched: boolean; target: Target },
): Promise<{ figure: Figure; perSecond: number }> {
  const { ours, limit } = await prepared(stand, { batched, early: false }, (crowd) =>
    alternate(plan, crowd, 'saturated', { window: ON_THE_WAY, seconds: plan.seconds }),
  );
  const perSecond = median(ours.map((one) => one.perSecond));
  const most = median(limit.map((one) => one.perSecond));
  const detail = `${shown(perSecond)} ÷ ${shown(most)} messages/s`;
  return { figure: { id, what, value: perSecond / most, unit: '', detail, target }, perSecond };
}

export async function timeToScreen(stand: Reach, plan: Plan, maximum: number): Promise<Figure[]> {
  let busy = Number.NaN;
  const rate = Math.floor(maximum * 0.8);
  const { ours, limit } = await prepared(stand, { batched: false, early: true }, async (crowd) => {
    const pair = await alternate(plan, crowd, 'steady', { rate: PER_SECOND, seconds: plan.seconds });
    busy = (await crowd.ask<Measured>('steady', { rate, seconds: plan.seconds, through: 'continuo' })).p99;
    return pair;
  });
  const ratio = (part: 'p50' | 'p99', target: Target): Figure => {
    const here = median(ours.map((one) => one[part]));
    const there = median(limit.map((one) => one[part]));
    const what = `Enter → screen at ${PER_SECOND}/s, ${part} ÷ raw limit`;
    return { id: 'Q2', what, value: here / there, unit: '', detail: `${shown(here)} ÷ ${shown(there)} ms`, target };
  };
  return [
    ratio('p50', { must: 1.6, aim: 1.2, better: 'less' }),
    ratio('p99', { must: 2, aim: 1.5, better: 'less' }),
    {
      id: 'Q3',
      what: 'Enter → screen at 80 % of the maximum, p99',
      value: busy,
      unit: 'ms',
      detail: `${rate} messages/s`,
      target: { must: 100, aim: 50, better: 'less' },
    },
  ];
}
