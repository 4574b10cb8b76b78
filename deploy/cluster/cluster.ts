// npm run cluster -- --seed N --seconds S --messages M --faults F --visitors V --replicas 2,4: three nats-servers, three mongods, and in turn so many
// replicas of gateway and conversation. Whoever leads is killed, paused or hands over while people write; the checker of deploy/chaos looks afterwards.
//   --schedule FILE              in place of --faults: one fault on each line, as a run that was not green prints them
import { releaseTestServers } from '@continuo/servers';
import { byHand, scheduleIn } from '../chaos/by-hand.ts';
import { asked, numberOf, OptionFault, optionsOf } from '../chaos/options.ts';
import { runChaos } from '../chaos/run.ts';
import { rowsOf, waitRows } from '../chaos/table.ts';
import { clusterScheduleOf } from './schedule.ts';
import { threeOfEach } from './servers.ts';

process.setMaxListeners(0);
const { given, wish, each } = await asked(async () => {
  const given = optionsOf(process.argv.slice(2), {
    seed: '1',
    seconds: '60',
    messages: '1000',
    faults: '6',
    visitors: '12',
    replicas: '2,4',
    schedule: undefined,
  });
  const seed = numberOf(given, 'seed', 0);
  const seconds = numberOf(given, 'seconds', 1);
  const faults = numberOf(given, 'faults', 1);
  const messages = numberOf(given, 'messages', 1);
  const visitors = numberOf(given, 'visitors', 1);
  const { replicas = '' } = given;
  if (!/^[1-9]\d?(,[1-9]\d?)*$/.test(replicas))
    throw new OptionFault(
      `--replicas are whole numbers from 1 to 99 with commas between, not ${JSON.stringify(replicas)}`,
    );
  const schedule = given.schedule ? await scheduleIn(given.schedule) : clusterScheduleOf({ seed, faults, seconds });
  return {
    given,
    wish: { seed, seconds, messages, visitors, schedule, faults: schedule.length, servers: threeOfEach },
    each: replicas.split(',').map(Number),
  };
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
try {
  for (const replicas of each) {
    const counts = { gateway: replicas, conversation: replicas, 'crm-sync': 2 };
    const again = { ...given, replicas: String(replicas) };
    const isGreen = await byHand(
      'cluster',
      again,
      { ...wish, counts },
      {
        run: runChaos,
        rows: (result) => [
          ['gateway, conversation', `${replicas} replicas each`, 'three nats-servers, three mongods'],
          ...rowsOf(result),
          ...waitRows(result),
        ],
      },
    );
    if (!isGreen) process.exitCode = 1;
  }
} finally {
  await releaseTestServers();
}
// What a run that broke off was still about to do is of no use any more.
process.exit();
