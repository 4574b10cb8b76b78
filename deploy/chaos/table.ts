// What a run showed, for people.
import { killsOnTheWay } from './demands.ts';
import type { Hurt } from './hurt.ts';
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

/** How long people waited for their acknowledgements, in the whole and for each blow. A message counts for one blow: the first that it met. */
export function waitRows({ hurts, answers }: Pick<ChaosResult, 'hurts' | 'answers'>): Row[] {
  const ms = answers.map((answer) => answer.ms).toSorted((a, b) => a - b);
  const at = (share: number): string => `${Math.round(ms[Math.floor((ms.length - 1) * share)] ?? 0)} ms`;
  const slowest = new Map<Hurt, number>();
  for (const answer of answers) {
    const blow = blowThatMet(answer, hurts);
    if (blow) slowest.set(blow, Math.max(answer.ms, slowest.get(blow) ?? 0));
  }
  return [
    ['acknowledged after, p50', at(0.5), ''],
    ['acknowledged after, p99', at(0.99), ''],
    ['acknowledged after, slowest', at(1), ''],
    ...hurts.map((blow): Row => {
      const { target, how, inFlight } = blow;
      const waited = slowest.get(blow);
      return [
        `${how} ${target}`,
        waited === undefined ? 'nobody waited' : `${Math.round(waited)} ms`,
        `slowest of those that met it first${inFlight === undefined ? '' : `; ${inFlight} in flight there`}`,
      ];
    }),
  ];
}

/** The first that was not over when the message was sent and fell before its answer; else the last one that was over: what follows a blow belongs to it. */
function blowThatMet({ at, ms }: Answer, hurts: readonly Hurt[]): Hurt | undefined {
  return hurts.find((blow) => blow.until >= at && blow.at <= at + ms) ?? hurts.findLast((blow) => blow.until < at);
}
