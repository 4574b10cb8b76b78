// npm run chaos -- --seed N --seconds S --messages M --faults F --visitors V: hurts every process while people write, then asks the checker.
//   --schedule FILE              in place of --faults: one fault on each line, as a run that was not green prints them
//   --plant ack-before-write     acknowledges too early on purpose; the run must find it
import { releaseTestServers } from '@continuo/servers';
import { byHand, scheduleIn } from './by-hand.ts';
import { asked, numberOf, OptionFault, optionsOf } from './options.ts';
import { runChaos } from './run.ts';
import { scheduleOf } from './schedule.ts';
import { rowsOf } from './table.ts';

process.setMaxListeners(0);
const { given, wish } = await asked(async () => {
  const given = optionsOf(process.argv.slice(2), {
    seed: '1',
    seconds: '90',
    messages: '2000',
    faults: '24',
    visitors: '16',
    schedule: undefined,
    plant: undefined,
  });
  if (given.plant !== undefined && given.plant !== 'ack-before-write')
    throw new OptionFault('--plant knows ack-before-write');
  const seed = numberOf(given, 'seed', 0);
  const seconds = numberOf(given, 'seconds', 1);
  const faults = numberOf(given, 'faults', 1);
  const messages = numberOf(given, 'messages', 1);
  const visitors = numberOf(given, 'visitors', 1);
  const schedule = given.schedule ? await scheduleIn(given.schedule) : scheduleOf({ seed, faults, seconds });
  if (schedule.some(({ how }) => how === 'step-down'))
    throw new OptionFault('one MongoDB cannot step down: such a schedule is for npm run cluster');
  const plant = given.plant !== undefined;
  return { given, wish: { seed, seconds, messages, visitors, schedule, faults: schedule.length, plant } };
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
try {
  const rows: Parameters<typeof byHand>[3]['rows'] = (result) => [['seed', String(wish.seed), ''], ...rowsOf(result)];
  if (!(await byHand('chaos', given, wish, { rows, run: runChaos }))) process.exitCode = 1;
} finally {
  await releaseTestServers();
}
// What a run that broke off was still about to do is of no use any more.
process.exit();
