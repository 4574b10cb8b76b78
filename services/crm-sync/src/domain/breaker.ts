// Whether a connection may be called now. A CRM that is down is left alone longer and longer, up to hours; one that refuses our key is not called again
// until a person has done something, because CRMs lock an address out that keeps knocking. One that answers some calls is not down: only failures without a
// success between them add up. Pure; shared by the replicas through gate.ts.
import type { CrmFailure } from '@continuo/contracts';

export interface GateReport {
  failure: CrmFailure;
  words: string;
  retryAfterMs?: number | undefined;
}
export interface Breaker {
  /** Of the CRM as a whole, since the last call that succeeded. */
  failures: number;
  /** How often it refused our key since something was last written. */
  refusals: number;
  pausedUntil: number;
  /** Only a person brings it on: new settings, a retry or a test. */
  stopped: boolean;
  /** While one call looks whether the CRM is back, nobody else does; it ends by itself, if the one who looks dies. */
  probeUntil: number;
  because?: GateReport;
}
export type Admission = { open: true; probe: boolean } | { open: false; waitMs: number | undefined };

export const CLOSED: Breaker = { failures: 0, refusals: 0, pausedUntil: 0, stopped: false, probeUntil: 0 };
export const LONGEST_PAUSE_MS = 2 * 3_600_000;
export const PROBE_MS = 60_000;
const BEFORE_PAUSE = 3;
const BEFORE_STOP = 3;
const FIRST_PAUSE_MS = 5_000;
/** Of a CRM that asks to slow down and does not say for how long: its limits are mostly of a second. */
const FIRST_THROTTLE_MS = 1_000;
const WHILE_PROBED_MS = 5_000;
/** Failures of the CRM as a whole; the others are about one record. */
const OF_THE_CRM = new Set<CrmFailure>(['unreachable', 'server-error', 'rate-limited', 'refused-access']);

export function admit(breaker: Breaker, now: number): { breaker: Breaker; admission: Admission } {
  const refused = (waitMs: number | undefined) => ({ breaker, admission: { open: false as const, waitMs } });
  if (breaker.stopped) return refused(undefined);
  if (breaker.pausedUntil > now) return refused(breaker.pausedUntil - now);
  // One at a time: after a pause, and as soon as a key was refused.
  if (!holdsBack(breaker)) return { breaker, admission: { open: true, probe: false } };
  if (breaker.probeUntil > now) return refused(WHILE_PROBED_MS);
  return { breaker: { ...breaker, probeUntil: now + PROBE_MS }, admission: { open: true, probe: true } };
}

/**
 * @param random 0 ≤ random < 1: replicas and sites that fail together do not come back together
 * @param lived an earlier call of the same run succeeded: its failure is the first one, unless others have found out meanwhile that the CRM went
 */
export function afterReport(
  breaker: Breaker,
  report: GateReport | 'success',
  now: number,
  random: number,
  lived = false,
): Breaker {
  if (report === 'success') return CLOSED;
  if (!OF_THE_CRM.has(report.failure)) return breaker;
  const failures = lived && !holdsBack(breaker) ? 1 : breaker.failures + 1;
  const refusals = breaker.refusals + (report.failure === 'refused-access' ? 1 : 0);
  return {
    failures,
    refusals,
    pausedUntil: Math.max(breaker.pausedUntil, now + pauseMs(report, failures, random)),
    stopped: breaker.stopped || refusals >= BEFORE_STOP,
    probeUntil: 0,
    because: report,
  };
}

/**
 * One call succeeded, whatever becomes of the others.
 * @param wrote a key that may only read is no key that works
 */
export function afterLife(breaker: Breaker, wrote: boolean): Breaker {
  const { stopped, pausedUntil, because } = breaker;
  const refusals = wrote ? 0 : breaker.refusals;
  if (stopped || (breaker.failures === 0 && refusals === breaker.refusals)) return breaker;
  const asked = because?.failure === 'rate-limited';
  return {
    ...CLOSED,
    refusals,
    ...(asked && { pausedUntil }),
    ...((asked || refusals > 0) && because && { because }),
    ...(refusals > 0 && { probeUntil: breaker.probeUntil }),
  };
}

/** Calls are held back, or only one at a time is let in. */
export const holdsBack = ({ failures, refusals, stopped }: Breaker): boolean =>
  stopped || failures >= BEFORE_PAUSE || refusals > 0;

/** The probe ended without a word on the CRM: the next one may look. */
export const afterNothing = (breaker: Breaker): Breaker => ({ ...breaker, probeUntil: 0 });

function pauseMs({ failure, retryAfterMs }: GateReport, failures: number, random: number): number {
  const doubled = (firstMs: number, times: number) =>
    Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** Math.min(times, 20)) * (0.75 + random / 4);
  if (failure === 'rate-limited') return retryAfterMs ?? doubled(FIRST_THROTTLE_MS, failures - 1);
  if (failures < BEFORE_PAUSE || failure === 'refused-access') return retryAfterMs ?? 0;
  return Math.max(retryAfterMs ?? 0, doubled(FIRST_PAUSE_MS, failures - BEFORE_PAUSE));
}
