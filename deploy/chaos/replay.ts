// How a run that was not green is played again: the command and, to read along, the blows.
import type { Fault } from './schedule.ts';
import { inWords } from './schedule-file.ts';

export function replayOf(
  script: 'chaos' | 'cluster',
  given: Readonly<Record<string, string>>,
  schedule: readonly Fault[],
  { dir, file }: { dir: string; file: string },
): string {
  // The file says how many faults there are.
  const { faults: _, schedule: __, ...others } = given;
  const command = Object.entries({ ...others, schedule: file }).map(([name, value]) => `--${name} ${value}`);
  return [
    `# play it again (ledger, logs and data: ${dir}); lines may be struck out of the schedule`,
    `npm run ${script} -- ${command.join(' ')}`,
    ...schedule.map((fault) => `#   ${inWords(fault)}`),
  ].join('\n');
}
