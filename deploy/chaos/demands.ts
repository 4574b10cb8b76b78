// What a run must have gone through before its findings prove anything: a checker that finds nothing after nothing happened is no news.
import type { Finding } from './check.ts';
import type { SeedOptions, SeedRun } from './run.ts';

/** So many kills at the least fall while somebody waits for an acknowledgement; all of them where there are fewer. */
const KILLS_IN_FLIGHT = 5;

/** @returns what it lacks, in words */
export function lacking(
  { hurts, acknowledged }: Pick<SeedRun, 'hurts' | 'acknowledged'>,
  { faults, messages }: Pick<SeedOptions, 'faults' | 'messages'>,
): string[] {
  const kills = hurts.filter(({ how }) => how === 'SIGKILL');
  const inFlight = kills.filter((kill) => kill.inFlight > 0);
  return [
    ...(hurts.length < faults ? [`${hurts.length} faults, not ${faults}`] : []),
    ...(kills.length === 0 ? ['nothing was killed'] : []),
    ...(inFlight.length < Math.min(KILLS_IN_FLIGHT, kills.length)
      ? [`${inFlight.length} kills with commands in flight, not ${Math.min(KILLS_IN_FLIGHT, kills.length)}`]
      : []),
    ...(acknowledged < messages ? [`${acknowledged} messages acknowledged, not ${messages}`] : []),
  ];
}

/** @returns what the checker was to look at and did not, in words: that nothing is broken there says nothing */
export const unseen = (findings: readonly Finding[]): string[] =>
  findings.length === 0
    ? ['the checker said nothing']
    : findings.filter(({ looked }) => looked === 0).map(({ invariant }) => `nothing was looked at for "${invariant}"`);
