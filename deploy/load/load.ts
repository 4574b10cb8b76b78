// npm run load: what Continuo does beside the raw limit of this machine, taken in the same run on the same servers with the same sync setting.
// `--json FILE`, `--runs N` (medians of so many), `--seconds N`, `--sockets N`; `--only PART`: that part alone. Loopback only; nothing is kept.
// A part that fails costs no other its figures. Exit code: 0 when everything was measured (whatever was reached), 1 when not, 2 when the command line is wrong.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Asked, askedFor, HELP } from './arguments.ts';
import { overload } from './overload.ts';
import type { Part } from './parts.ts';
import { startReplicated } from './replicated.ts';
import { startAgain } from './second-start.ts';
import { holdSockets, startFresh, survivesStorm } from './sockets.ts';
import { startStand } from './stand.ts';
import { startTaking, told } from './taking.ts';
import { throughput, timeToScreen } from './throughput.ts';
import { claimShare } from './worker.ts';

const ON_ONE_SERVER: readonly Part[] = ['fresh', 'rate', 'screen', 'sockets', 'overload', 'sync'];
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { plan, json, parts } = asked();

const share = claimShare();
say(
  `${cpus().length} cores, ${share ? 'with the fair share asked for' : 'without a fair share: the neighbours are measured too'}`,
);
const { taken, take, without } = startTaking(parts, say);
// What nobody waits for breaks outside of every part.
process.once('uncaughtException', (error) => {
  without([...parts], error);
  finish();
  process.exit();
});

if (ON_ONE_SERVER.some((part) => parts.has(part)))
  await beforeOneServer().catch((error) => without(ON_ONE_SERVER, error));
await take('replicas', async function* () {
  await using replicated = await startReplicated();
  const { figure } = await throughput(replicated, plan, {
    id: 'Q1b',
    what: 'the same with three NATS replicas ÷ raw limit with three replicas',
    batched: false,
    target: { must: 0.4, aim: 0.7, better: 'more' },
  });
  yield figure;
});
await take('again', async function* () {
  yield await startAgain();
});
finish();

function finish(): void {
  const cpu = cpus()[0]?.model ?? 'unknown processor';
  const machine = { cpu, cores: cpus().length, share, date: new Date().toISOString().slice(0, 10) };
  const { text, data, exitCode } = told(taken);
  process.exitCode = exitCode;
  process.stdout.write(`${text}\n`);
  if (json === undefined) return;
  try {
    writeFileSync(json, `${JSON.stringify({ machine, plan, ...data }, null, 2)}\n`);
  } catch (error) {
    say(`--json ${json}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

async function beforeOneServer(): Promise<void> {
  await using stand = await startStand();
  claimShare();
  let maximum = Number.NaN;
  await take('fresh', async function* () {
    yield* await startFresh(stand);
  });
  await take('rate', async function* () {
    const { figure, perSecond } = await throughput(stand, plan, {
      id: 'Q1a',
      what: 'durable messages/s as shipped ÷ raw limit, one append each',
      batched: false,
      target: { must: 0.7, aim: 0.9, better: 'more' },
    });
    maximum = perSecond;
    yield figure;
  });
  await take('screen', () => timeToScreen(stand, plan, maximum));
  await take('sockets', async function* () {
    yield await holdSockets(stand, plan);
    yield await survivesStorm(stand, plan);
  });
  await take('overload', async function* () {
    yield* await overload(stand, plan, maximum);
  });
  await take('sync', async function* () {
    await stand.syncByDefault();
    const { figure } = await throughput(stand, plan, {
      id: 'Q1c',
      what: 'the same with default sync ÷ raw limit batched everywhere',
      batched: true,
      target: { must: 0.25, aim: 0.5, better: 'more' },
    });
    yield figure;
  });
}

function asked(): Asked {
  const args = process.argv.slice(2);
  if (args.some((word) => ['--help', '-h'].includes(word))) {
    process.stdout.write(`${HELP}\n`);
    process.exit();
  }
  try {
    return askedFor(args);
  } catch (error) {
    say((error as Error).message);
    process.exit(2);
  }
}
