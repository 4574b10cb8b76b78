// How a run that found something is played again: the command and, to read along, the blows that follow from its seed.
import type { Fault } from './schedule.ts';

export function replayOf(
  script: 'chaos' | 'cluster',
  options: Record<string, string>,
  schedule: readonly Fault[],
  dir: string,
): string {
  const command = Object.entries(options).map(([name, value]) => `--${name} ${value}`);
  return [
    `# play it again (ledger, logs and data: ${dir})`,
    `npm run ${script} -- ${command.join(' ')}`,
    ...schedule.map(inWords),
  ].join('\n');
}

const inWords = ({ at, how, target, replica, holdMs, meanwhile }: Fault): string =>
  `#   ${at} ms ${how} ${target} ${replica} for ${holdMs} ms${
    meanwhile ? `, meanwhile SIGKILL ${meanwhile.target} ${meanwhile.replica}` : ''
  }`;
