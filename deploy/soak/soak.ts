// npm run soak -- --seed N --dialogues D --seconds S --blow-every MS --share 0.3 --targets bottlecrm,bottlecrm-mapping,amqp
// D dialogues to each target while crm-sync is killed and paused and the CRM's answers are spoiled; then asks the checker. Prints a table and a line of JSON.
import { parseArgs } from 'node:util';
import { releaseTestServers } from '@continuo/servers';
import { onlyWarnings } from '@continuo/telemetry';
import { runSoak } from './run.ts';
import { tableOf } from './table.ts';
import { TARGETS, type TargetName } from './targets.ts';

process.setMaxListeners(0);
onlyWarnings();
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    dialogues: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '600' },
    'blow-every': { type: 'string', default: '9000' },
    share: { type: 'string', default: '0.3' },
    targets: { type: 'string', default: TARGETS.join(',') },
  },
});
const unknown = values.targets.split(',').filter((name) => !TARGETS.some((known) => known === name));
if (unknown.length > 0) {
  process.stderr.write(`--targets knows ${TARGETS.join(', ')}\n`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
try {
  await using soak = await runSoak({
    seed: Number(values.seed),
    dialogues: Number(values.dialogues),
    seconds: Number(values.seconds),
    everyMs: Number(values['blow-every']),
    share: Number(values.share),
    targets: values.targets.split(',') as TargetName[],
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  const { result } = soak;
  process.stdout.write(tableOf(result));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (result.findings.some(({ broken }) => broken.length > 0)) {
    const options = Object.entries(values).map(([name, value]) => `--${name} ${value}`);
    process.stdout.write(
      `# play it again (ledger and what was consumed: ${result.dir})\nnpm run soak -- ${options.join(' ')}\n`,
    );
    process.exitCode = 1;
  }
} finally {
  await releaseTestServers();
}
