// npm run load: what Continuo does beside the raw limit of this machine, taken in the same run on the same servers with the same sync setting.
// `--json FILE`, `--runs N` (medians of so many), `--seconds N`, `--sockets N`; `--only PART`: that part alone. Loopback only; nothing is kept.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, table, verdictOn } from './figures.ts';
import { overload } from './overload.ts';
import { PARTS, type Part, partsOf } from './parts.ts';
import { startReplicated } from './replicated.ts';
import { startAgain } from './second-start.ts';
import { holdSockets, startFresh, survivesStorm } from './sockets.ts';
import { startStand } from './stand.ts';
import { throughput, timeToScreen } from './throughput.ts';
import { claimShare } from './worker.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    sockets: { type: 'string', default: '10000' },
    only: { type: 'string' },
  },
});
const plan = { runs: Number(values.runs), seconds: Number(values.seconds), sockets: Number(values.sockets) };
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const parts = chosenParts();

const share = claimShare();
say(
  `${cpus().length} cores, ${share ? 'with the fair share asked for' : 'without a fair share: the neighbours are measured too'}`,
);
const figures: Figure[] = [];
async function take(part: Part, measure: () => Promise<Figure[]>): Promise<void> {
  if (!parts.has(part)) return;
  say(PARTS[part]);
  figures.push(...(await measure()));
}

if ([...parts].some((part) => part !== 'replicas' && part !== 'again')) await beforeOneServer();
await take('replicas', async () => {
  await using replicated = await startReplicated();
  const { figure } = await throughput(replicated, plan, {
    id: 'Q1b',
    what: 'the same with three NATS replicas ÷ raw limit with three replicas',
    batched: false,
    target: { must: 0.4, aim: 0.7, better: 'more' },
  });
  return [figure];
});
await take('again', async () => [await startAgain()]);
figures.sort((a, b) => (a.id < b.id ? -1 : 1));

const cpu = cpus()[0]?.model ?? 'unknown processor';
const machine = { cpu, cores: cpus().length, share, date: new Date().toISOString().slice(0, 10) };
process.stdout.write(`${table(figures)}\n`);
if (values.json) {
  const judged = figures.map((figure) => ({ ...figure, reached: verdictOn(figure.value, figure.target) }));
  writeFileSync(values.json, `${JSON.stringify({ machine, plan, figures: judged }, null, 2)}\n`);
}

async function beforeOneServer(): Promise<void> {
  await using stand = await startStand();
  claimShare();
  let maximum = Number.NaN;
  await take('fresh', () => startFresh(stand));
  await take('rate', async () => {
    const { figure, perSecond } = await throughput(stand, plan, {
      id: 'Q1a',
      what: 'durable messages/s as shipped ÷ raw limit, one append each',
      batched: false,
      target: { must: 0.7, aim: 0.9, better: 'more' },
    });
    maximum = perSecond;
    return [figure];
  });
  await take('screen', () => timeToScreen(stand, plan, maximum));
  await take('sockets', async () => [
    await holdSockets(stand, plan),
    await survivesStorm(stand, Math.min(5_000, plan.sockets)),
  ]);
  await take('overload', () => overload(stand, plan, maximum));
  await take('sync', async () => {
    await stand.syncByDefault();
    const { figure } = await throughput(stand, plan, {
      id: 'Q1c',
      what: 'the same with default sync ÷ raw limit batched everywhere',
      batched: true,
      target: { must: 0.25, aim: 0.5, better: 'more' },
    });
    return [figure];
  });
}

function chosenParts(): ReadonlySet<Part> {
  try {
    return partsOf(values.only);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}
