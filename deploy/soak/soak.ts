// npm run soak -- --seed N --dialogues D --seconds S --blow-every MS --share 0.3 --targets bottlecrm,bottlecrm-mapping,amqp
// D dialogues to each target while crm-sync is killed and paused and the CRM's answers are spoiled; then asks the checker. Prints a table and a line of JSON.
import { releaseTestServers } from '@continuo/servers';
import { onlyWarnings } from '@continuo/telemetry';
import { asked, numberOf, OptionFault, optionsOf } from '../chaos/options.ts';
import { runSoak } from './run.ts';
import { tableOf } from './table.ts';
import { TARGETS, type TargetName } from './targets.ts';

process.setMaxListeners(0);
onlyWarnings();
const { given, wish } = await asked(() => {
  const given = optionsOf(process.argv.slice(2), {
    seed: '1',
    dialogues: '500',
    seconds: '600',
    'blow-every': '9000',
    share: '0.3',
    targets: TARGETS.join(','),
  });
  const { share = '', targets = '' } = given;
  if (!/^(0(\.\d+)?|1)$/.test(share)) throw new OptionFault(`--share is a part of one, as 0.3, not "${share}"`);
  const unknown = targets.split(',').filter((name) => !TARGETS.some((known) => known === name));
  if (unknown.length > 0) throw new OptionFault(`--targets are ${TARGETS.join(', ')}, not "${unknown.join(',')}"`);
  return {
    given,
    wish: {
      seed: numberOf(given, 'seed', 0),
      dialogues: numberOf(given, 'dialogues', 1),
      seconds: numberOf(given, 'seconds', 1),
      everyMs: numberOf(given, 'blow-every', 1),
      share: Number(share),
      targets: targets.split(',') as TargetName[],
    },
  };
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
try {
  await using soak = await runSoak({
    ...wish,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  const { result } = soak;
  process.stdout.write(tableOf(result));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (result.findings.some(({ broken }) => broken.length > 0)) {
    const options = Object.entries(given).map(([name, value]) => `--${name} ${value}`);
    process.stdout.write(
      `# play it again (ledger and what was consumed: ${result.dir})\nnpm run soak -- ${options.join(' ')}\n`,
    );
    process.exitCode = 1;
  }
} finally {
  await releaseTestServers();
}
