// npm run chaos -- --seed N --seconds S --messages M --faults F --visitors V: hurts every process while people write, then asks the checker.
//   --plant ack-before-write     acknowledges too early on purpose; the run must find it
import { parseArgs } from 'node:util';
import { releaseTestServers } from '@continuo/servers';
import { lacking, unseen } from './demands.ts';
import { replayOf } from './replay.ts';
import { isWhole, runChaos } from './run.ts';
import { rowsOf, table } from './table.ts';

process.setMaxListeners(0);
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '90' },
    messages: { type: 'string', default: '2000' },
    faults: { type: 'string', default: '24' },
    visitors: { type: 'string', default: '16' },
    plant: { type: 'string' },
  },
});
if (values.plant !== undefined && values.plant !== 'ack-before-write') {
  process.stderr.write('--plant knows ack-before-write\n');
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
const options = {
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  messages: Number(values.messages),
  faults: Number(values.faults),
  visitors: Number(values.visitors),
  plant: values.plant !== undefined,
};
try {
  const result = await runChaos(options);
  process.stdout.write(table([['seed', values.seed, ''], ...rowsOf(result)]));
  if (!isWhole(result.findings)) {
    process.stdout.write(`${replayOf('chaos', { ...values }, result.schedule, result.dir)}\n`);
    process.exitCode = 1;
  }
  const lacks = [...lacking(result, options), ...unseen(result.findings)];
  if (lacks.length > 0) {
    process.stdout.write(`This run proves too little: ${lacks.join('; ')}.\n`);
    process.exitCode = 1;
  }
} finally {
  await releaseTestServers();
}
