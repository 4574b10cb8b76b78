// What a run must have gone through before its findings prove anything: a checker that finds nothing after nothing happened is no news.
import type { Finding } from './judge.ts';
import type { SeedOptions, SeedRun } from './run.ts';

/** So many kills at the least fall while the killed process has commands that it has not answered; all that fall on the way of commands where there are fewer. */
const KILLS_IN_FLIGHT = 5;
/** A run of so many faults must have that many kills. */
const BIG = 20;

/** @returns what it lacks, in words */
export function lacking(
  { hurts, acknowledged }: Pick<SeedRun, 'hurts' | 'acknowledged'>,
  { faults, messages }: Pick<SeedOptions, 'faults' | 'messages'>,
): string[] {
  const kills = hurts.filter(({ how }) => how === 'SIGKILL');
  const { onTheWay, inFlight } = killsOnTheWay(hurts);
  const wanted = faults >= BIG ? KILLS_IN_FLIGHT : Math.min(KILLS_IN_FLIGHT, onTheWay);
  return [
    ...(hurts.length < faults ? [`${hurts.length} faults, not ${faults}`] : []),
    ...(kills.length === 0 ? ['nothing was killed'] : []),
    ...(kills.length > 0 && onTheWay === 0 ? ['no kill fell where commands pass'] : []),
    ...(inFlight < wanted ? [`${inFlight} kills with commands in flight, not ${wanted}`] : []),
    ...(acknowledged < messages ? [`${acknowledged} messages acknowledged, not ${messages}`] : []),
  ];
}

/** How many kills fell where commands pass, and how many of them took one with them. */
export function killsOnTheWay(hurts: SeedRun['hurts']): { onTheWay: number; inFlight: number } {
  const onTheWay = hurts.filter(({ how, inFlight }) => how === 'SIGKILL' && inFlight !== undefined);
  return { onTheWay: onTheWay.length, inFlight: onTheWay.filter(({ inFlight }) => inFlight !== 0).length };
}

/** @returns what the checker was to look at and did not, in words: that nothing is broken there says nothing */
export const unseen = (findings: readonly Finding[]): string[] =>
  findings.length === 0
    ? ['the checker said nothing']
    : findings.filter(({ looked }) => looked === 0).map(({ invariant }) => `nothing was looked at for "${invariant}"`);

export const isWhole = (findings: readonly Finding[]): boolean =>
  findings.length > 0 && findings.every(({ broken, looked }) => broken.length === 0 && looked > 0);
