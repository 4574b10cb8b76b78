// docs/events.md: the catalogue as a page for people. Generated, never edited.
import { commands, events, queries, signals, timers } from '../catalogue.ts';
import { consumers, streams } from '../streams.ts';

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const names = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(', ') || '–';

export function eventsPage(): string {
  const sections = [
    '# Events, commands, queries, signals, timers\n\nGenerated from `libs/contracts/src/catalogue.ts` by `npm run generate`; do not edit.',
    picture(),
    `## Streams\n\n${table(
      ['stream', 'subjects', 'kept', 'what'],
      Object.entries(streams).map(([name, line]) => [
        `\`${name}\``,
        names(line.subjects),
        line.maxAge === 0 ? 'for ever' : `${line.maxAge / 86_400_000} days`,
        line.says,
      ]),
    )}`,
    `## Durable consumers\n\n${table(
      ['consumer', 'stream', 'service', 'what'],
      Object.entries(consumers).map(([name, line]) => [`\`${name}\``, `\`${line.stream}\``, line.service, line.says]),
    )}`,
    `## Events\n\n${table(
      ['event', 'stream', 'v', 'heard by', 'says'],
      Object.entries(events).map(([name, line]) => [
        `\`${name}\``,
        `\`${line.stream}\``,
        String(line.v),
        names(line.heardBy),
        line.says,
      ]),
    )}`,
    `## Commands\n\nEvery command may also be refused as \`busy\`, \`invalid\` or \`not-allowed\`.\n\n${table(
      ['command', 'owner', 'sent by', 'refusals', 'says'],
      Object.entries(commands).map(([name, line]) => [
        `\`${name}\``,
        line.owner,
        names(line.sentBy),
        names(line.refusals),
        line.says,
      ]),
    )}`,
    `## Queries\n\n${table(
      ['query', 'owner', 'asked by', 'refusals', 'says'],
      Object.entries(queries).map(([name, line]) => [
        `\`${name}\``,
        line.owner,
        names(line.askedBy),
        names(line.refusals),
        line.says,
      ]),
    )}`,
    `## Signals\n\nCore NATS, never stored.\n\n${table(
      ['signal', 'says'],
      Object.entries(signals).map(([name, line]) => [`\`${name}\``, line.says]),
    )}`,
    `## Timers\n\n${table(
      ['timer', 'owner', 'says'],
      Object.entries(timers).map(([name, line]) => [`\`${name}\``, line.owner, line.says]),
    )}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Who writes which stream and who hears it: also the picture of the README. */
export function picture(): string {
  const lines = new Set<string>();
  for (const line of Object.values(events)) {
    lines.add(`  ${node(line.owner)} --> ${line.stream}[(${line.stream})]`);
    for (const listener of line.heardBy) lines.add(`  ${line.stream} --> ${node(serviceOf(listener))}`);
  }
  return [
    '```mermaid',
    'flowchart LR',
    '  visitor((visitor)) <--> gateway',
    '  agent((agent)) <--> gateway',
    '  gateway -- commands --> conversation',
    ...[...lines].sort(),
    '  crm_sync --> crm((CRM))',
    '  email_fallback --> mail((mail))',
    '```',
  ].join('\n');
}

const serviceOf = (listener: string): string =>
  (consumers as Record<string, { service: string }>)[listener]?.service ?? listener;
const node = (service: string): string => service.replaceAll('-', '_');
