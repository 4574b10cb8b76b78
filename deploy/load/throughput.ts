// Q1, Q2, Q3: how many messages, and how soon they are on the agent's screen, each beside the raw limit in turn.
import type { Plan } from './arguments.ts';
import { type Figure, median, quotient, type Target } from './figures.ts';
import type { LimitOptions, Reach } from './reach.ts';
import type { Measured } from './talk.ts';
import type { Worker } from './worker.ts';

const VISITORS = 200;
const PER_SECOND = 50;

type Through = 'limit' | 'continuo';
type Pair = Record<Through, Measured[]>;

/** So many are on their way at once. A limit that shares its appends needs more of them to fill each: bench/limits/chain.mjs keeps 2,000. */
export const windowOf = (through: Through, batched: boolean): number => (through === 'limit' && batched ? 2_000 : 500);

/** @throws when a message did not arrive, or twice: then there is no figure */
export function whole(measured: Measured, through: Through): Measured {
  const { lost, doubled } = measured;
  if (lost + doubled > 0)
    throw new Error(`${lost} messages through ${through} did not arrive, ${doubled} arrived twice`);
  return measured;
}

/** Both sides in turn, so that whatever else the machine does meets both. @throws as `whole` does */
async function alternate(
  { runs, seconds }: Plan,
  crowd: Worker,
  question: string,
  args: (through: Through) => Record<string, number>,
): Promise<Pair> {
  const pair: Pair = { limit: [], continuo: [] };
  const sides = ['limit', 'continuo'] as const;
  for (const through of sides) await crowd.ask(question, { ...args(through), seconds: 1, through });
  for (let run = 0; run < runs; run++)
    for (const through of sides) {
      const measured = await crowd.ask<Measured>(question, { ...args(through), seconds, through });
      pair[through].push(whole(measured, through));
    }
  return pair;
}

async function prepared(stand: Reach, options: LimitOptions): Promise<Worker & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const limit = stack.use(await stand.rawLimit(options));
  const crowd = stack.use(await stand.crowd());
  await crowd.ask('limit', { port: limit.port, count: VISITORS });
  await crowd.ask('continuo', { place: stand.place(), count: VISITORS, cookie: await stand.login() });
  const owned = stack.move();
  return { ...crowd, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const messages = ({ continuo }: Pair): Figure['samples'] => ({
  count: continuo.reduce((sum, { seen }) => sum + seen, 0),
  of: 'messages',
});

export async function throughput(
  stand: Reach,
  plan: Plan,
  { id, what, batched, target }: { id: string; what: string; batched: boolean; target: Target },
): Promise<{ figure: Figure; perSecond: number }> {
  await using crowd = await prepared(stand, { batched, early: false });
  const pair = await alternate(plan, crowd, 'saturated', (through) => ({ window: windowOf(through, batched) }));
  const perSecond = median(pair.continuo.map((one) => one.perSecond));
  const ratio = quotient(perSecond, median(pair.limit.map((one) => one.perSecond)), 'messages/s');
  const detail = `${ratio.detail}, ${windowOf('continuo', batched)} and ${windowOf('limit', batched)} on the way at once`;
  return { figure: { id, what, ...ratio, detail, target, samples: messages(pair) }, perSecond };
}

/** @throws when there is none to hold anything against */
export function maximumOf(perSecond: number): number {
  if (!(perSecond > 0)) throw new Error('the maximum of this run was not measured');
  return perSecond;
}

/** Gives what it has before it goes on: Q2 stands without Q3. */
export async function* timeToScreen(stand: Reach, plan: Plan, maximum: number): AsyncGenerator<Figure> {
  await using crowd = await prepared(stand, { batched: false, early: true });
  const pair = await alternate(plan, crowd, 'steady', () => ({ rate: PER_SECOND }));
  const ratio = (part: 'p50' | 'p99', target: Target): Figure => {
    const [here, there] = [pair.continuo, pair.limit].map((list) => median(list.map((one) => one[part])));
    const what = `Enter → screen at ${PER_SECOND}/s, ${part} ÷ raw limit`;
    return { id: 'Q2', what, ...quotient(here as number, there as number, 'ms'), target, samples: messages(pair) };
  };
  yield ratio('p50', { must: 1.6, aim: 1.2, better: 'less' });
  yield ratio('p99', { must: 2, aim: 1.5, better: 'less' });
  const rate = Math.floor(maximumOf(maximum) * 0.8);
  yield busyFigure(await crowd.ask<Measured>('steady', { rate, seconds: plan.seconds, through: 'continuo' }), rate);
}

/** @throws as `whole` does */
export function busyFigure(measured: Measured, rate: number): Figure {
  const { p99, seen } = whole(measured, 'continuo');
  return {
    id: 'Q3',
    what: 'Enter → screen at 80 % of the maximum, p99',
    value: p99,
    unit: 'ms',
    detail: `${rate} messages/s`,
    target: { must: 100, aim: 50, better: 'less' },
    samples: { count: seen, of: 'messages' },
  };
}
