// What a soak showed, for people.
import { type Row, table } from '../chaos/table.ts';
import type { SoakResult } from './run.ts';

export function tableOf(result: SoakResult): string {
  const { blows, targets, findings, exposed, spoiled, pressed } = result;
  const of = (what: string) => blows.filter((blow) => blow.what === what);
  const busy = blows.filter(({ what, inFlight }) => what !== 'broker' && inFlight > 0).length;
  const all = Object.values(spoiled).reduce((sum, one) => sum + one, 0);
  const rows: Row[] = [
    ['seed', String(result.seed), `${result.source} dialogues`],
    [
      'messages said',
      String(result.messages),
      `in ${result.seconds.spoiled} s, then ${result.seconds.toCatchUp} s to catch up`,
    ],
    ['SIGKILL of a replica', String(of('SIGKILL').length), ''],
    ['SIGSTOP longer than the lease', String(of('SIGSTOP').length), ''],
    ['of both with calls in flight', String(busy), ''],
    ...(of('broker').length > 0 ? [['restarts of the broker', String(of('broker').length), ''] as const] : []),
    [
      'requests while answers were spoiled',
      String(exposed),
      `${all} spoiled, ${Math.round((100 * all) / Math.max(1, exposed))} %`,
    ],
    ...Object.entries(spoiled).map(([name, times]): Row => [`· ${name}`, String(times), '']),
    ['the administrator tested a stopped connection', String(pressed.tested), 'until it worked'],
    ['the administrator pressed “try again”', String(pressed.again), 'in a pause over 10 s'],
    ...targets.map(
      ({ name, dialogues, requests, pushedExposed }): Row => [
        `${name}: dialogues`,
        String(dialogues),
        `${pushedExposed} written before the spoiling ended${requests > 0 ? `, ${requests} requests` : ''}`,
      ],
    ),
    ...findings.map(
      ({ target, invariant, looked, broken }): Row => [
        `${target}: ${invariant}`,
        String(looked),
        broken.length === 0 ? 'holds' : `BROKEN ${broken.length}: ${broken.slice(0, 3).join('; ')}`,
      ],
    ),
  ];
  return table(rows);
}
