// npm run load: what Continuo does beside the raw limit of this machine, taken in the same run on the same servers with the same sync setting.
// `--json FILE`, `--runs N` (medians of so many), `--seconds N`, `--sockets N`; `--only overload`: the maximum, and twice of it. Loopback only; nothing is kept.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { table } from './figures.ts';
import { overload } from './overload.ts';
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

await using stand = await startStand();
const share = claimShare();
say(
  `${cpus().length} cores, ${share ? 'with the fair share asked for' : 'without a fair share: the neighbours are measured too'}`,
);

const figures = [];
const everything = values.only !== 'overload';
if (everything) {
  say('Q9: fresh services');
  figures.push(...(await startFresh(stand)));
}
say('Q1a: durable messages as shipped');
const shipped = await throughput(stand, plan, {
  id: 'Q1a',
  what: 'durable messages/s as shipped ÷ raw limit, one append each',
  batched: false,
  target: { must: 0.7, aim: 0.9, better: 'more' },
});
figures.push(shipped.figure);
if (everything) {
  say('Q2, Q3: time to the screen');
  figures.push(...(await timeToScreen(stand, plan, shipped.perSecond)));
  say('Q4, Q5: sockets');
  figures.push(await holdSockets(stand, plan));
  figures.push(await survivesStorm(stand, Math.min(5_000, plan.sockets)));
}
say('P4: twice the maximum');
figures.push(...(await overload(stand, plan, shipped.perSecond)));
if (everything) {
  say('Q1c: durable messages with the default sync');
  await stand.syncByDefault();
  const relaxed = await throughput(stand, plan, {
    id: 'Q1c',
    what: 'the same with default sync ÷ raw limit batched everywhere',
    batched: true,
    target: { must: 0.25, aim: 0.5, better: 'more' },
  });
  figures.push(relaxed.figure);
}
figures.sort((a, b) => (a.id < b.id ? -1 : 1));

const cpu = cpus()[0]?.model ?? 'unknown processor';
const machine = { cpu, cores: cpus().length, share, date: new Date().toISOString().slice(0, 10) };
process.stdout.write(`${table(figures)}\n\nQ1b (three NATS replicas) is not taken by this run.\n`);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, plan, figures }, null, 2)}\n`);
