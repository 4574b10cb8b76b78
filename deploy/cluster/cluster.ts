// npm run cluster -- --seed N --seconds S --messages M --faults F --visitors V --replicas 2,4: three nats-servers, three mongods, and in turn so many
// replicas of gateway and conversation. Whoever leads is killed, paused or hands over while people write; the checker of deploy/chaos looks afterwards.
import { parseArgs } from 'node:util';
import { releaseTestServers } from '@continuo/servers';
import { lacking, unseen } from '../chaos/demands.ts';
import { replayOf } from '../chaos/replay.ts';
import { isWhole, runChaos } from '../chaos/run.ts';
import { rowsOf, table, waitRows } from '../chaos/table.ts';
import { clusterScheduleOf } from './schedule.ts';
import { threeOfEach } from './servers.ts';

process.setMaxListeners(0);
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    messages: { type: 'string', default: '1000' },
    faults: { type: 'string', default: '6' },
    visitors: { type: 'string', default: '12' },
    replicas: { type: 'string', default: '2,4' },
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
const [seed, seconds, messages, faults, visitors] = [
  values.seed,
  values.seconds,
  values.messages,
  values.faults,
  values.visitors,
].map(Number) as [number, number, number, number, number];
const schedule = clusterScheduleOf({ seed, faults, seconds });
try {
  for (const replicas of values.replicas.split(',').map(Number)) {
    const counts = { gateway: replicas, conversation: replicas, 'crm-sync': 2 };
    const wish = { seed, seconds, messages, faults, visitors, schedule, counts, servers: threeOfEach };
    const result = await runChaos(wish);
    process.stdout.write(
      table([
        ['gateway, conversation', `${replicas} replicas each`, 'three nats-servers, three mongods'],
        ...rowsOf(result),
        ...waitRows(result),
      ]),
    );
    const lacks = [...lacking(result, wish), ...unseen(result.findings)];
    if (lacks.length > 0) {
      process.stdout.write(`This run proves too little: ${lacks.join('; ')}.\n`);
      process.exitCode = 1;
    }
    if (isWhole(result.findings)) continue;
    const again = { ...values, replicas: String(replicas) };
    process.stdout.write(`${replayOf('cluster', again, result.schedule, result.dir)}\n`);
    process.exitCode = 1;
  }
} finally {
  await releaseTestServers();
}
