// What a run showed, for people.
import { killsOnTheWay } from './demands.ts';
import type { Answer } from './ledger.ts';
import type { ChaosResult } from './run.ts';

export type Row = readonly [what: string, figure: string, remark: string];

export const table = (rows: readonly Row[]): string => rows.map((row) => `| ${row.join(' | ')} |\n`).join('');

export function rowsOf({ hurts, acknowledged, findings }: ChaosResult): Row[] {
  const kills = hurts.filter(({ how }) => how === 'SIGKILL');
  const pauses = hurts.filter(({ how }) => how === 'SIGSTOP');
  const { onTheWay, inFlight } = killsOnTheWay(hurts);
  const handedOver = hurts.length - kills.length - pauses.length;
  return [
    ['SIGKILL', String(kills.length), [...new Set(kills.map(({ target }) => target))].join(', ')],
    ['SIGSTOP', String(pauses.length), [...new Set(pauses.map(({ target }) => target))].join(', ')],
    ...(handedOver > 0 ? [['step-down', String(handedOver), 'mongod'] as const] : []),
    [
      'kills with commands in flight',
      String(inFlight),
      `of ${onTheWay} where commands pass: gateway, conversation, nats-server`,
    ],
    ['messages acknowledged', String(acknowledged), ''],
    ...findings.map(
      ({ invariant, looked, broken, notJudged = [] }): Row => [
        invariant,
        String(looked),
        broken.length > 0
          ? `BROKEN ${broken.length}: ${broken.slice(0, 3).join('; ')}`
          : notJudged.length > 0
            ? `not judged, since the stream is not whole: ${notJudged.length} differ`
            : 'holds',
      ],
    ),
  ];
}

/** How long people waited for their acknowledgements, in the whole and from each blow to the next. */
export function waitRows({ hurts, answers }: ChaosResult): Row[] {
  const ms = answers.map((answer) => answer.ms).toSorted((a, b) => a - b);
  const at = (share: number): string => `${Math.round(ms[Math.floor((ms.length - 1) * share)] ?? 0)} ms`;
  return [
    ['acknowledged after, p50', at(0.5), ''],
    ['acknowledged after, p99', at(0.99), ''],
    ['acknowledged after, slowest', at(1), ''],
    ...hurts.map(({ target, how, inFlight, at: began }, index): Row => {
      const until = hurts[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      return [
        `${how} ${target}`,
        `${slowest(answers, began, until)} ms`,
        `slowest then${inFlight === undefined ? '' : `; ${inFlight} in flight there`}`,
      ];
    }),
  ];
}

const slowest = (answers: readonly Answer[], from: number, until: number): number =>
  Math.round(Math.max(0, ...answers.filter(({ at, ms }) => at + ms >= from && at < until).map(({ ms }) => ms)));
