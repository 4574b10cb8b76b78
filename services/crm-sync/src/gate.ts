// Stands before the calls of one connection: few at once, and none for a while when the CRM is down, refuses us or asks for patience.
// So a dead CRM costs its own site some waiting and every other site nothing. Times are the machine's.
import type { CrmFailure } from '@continuo/contracts';
import { LONGEST_MS } from './domain/backoff.ts';

export const AT_ONCE = 4;
const BEFORE_PAUSE = 3;
const FIRST_PAUSE_MS = 5_000;

export interface GateReport {
  failure: CrmFailure;
  words: string;
  retryAfterMs?: number | undefined;
}
export type Entry =
  | { open: true; leave(report: GateReport | 'success' | 'neither'): void }
  | { open: false; waitMs: number; because?: GateReport };

export interface Gate {
  enter(): Entry;
}
/** Failures of the CRM as a whole; the others are about one record. */
const OF_THE_CRM = new Set<CrmFailure>(['unreachable', 'server-error', 'rate-limited', 'refused-access']);

export function newGate(now: () => number = Date.now): Gate {
  let inside = 0;
  let failures = 0;
  let pausedUntil = 0;
  let because: GateReport | undefined;

  function left(report: GateReport | 'success' | 'neither'): void {
    inside -= 1;
    if (report === 'neither') return;
    if (report === 'success') {
      failures = 0;
      pausedUntil = 0;
      because = undefined;
      return;
    }
    if (!OF_THE_CRM.has(report.failure)) return;
    failures += 1;
    because = report;
    pausedUntil = Math.max(pausedUntil, now() + pause(report, failures));
  }
  return {
    enter() {
      const waitMs = pausedUntil - now();
      if (waitMs > 0) return { open: false, waitMs, ...(because && { because }) };
      // After a pause one goes first and looks.
      if (inside >= (failures >= BEFORE_PAUSE ? 1 : AT_ONCE)) return { open: false, waitMs: 1_000 };
      inside += 1;
      let gone = false;
      return {
        open: true,
        leave(report) {
          if (gone) return;
          gone = true;
          left(report);
        },
      };
    },
  };
}

function pause({ failure, retryAfterMs }: GateReport, failures: number): number {
  if (failure === 'rate-limited') return retryAfterMs ?? FIRST_PAUSE_MS;
  if (failures < BEFORE_PAUSE) return 0;
  // CRMs lock an address out that keeps knocking with a bad key.
  if (failure === 'refused-access') return LONGEST_MS;
  return Math.max(retryAfterMs ?? 0, Math.min(LONGEST_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - BEFORE_PAUSE, 16)));
}

/** Gates by connection; an old revision's gate is forgotten with its pause. */
export function newGates(): (site: string, revision: number) => Gate {
  const gates = new Map<string, { revision: number; gate: Gate }>();
  return (site, revision) => {
    const known = gates.get(site);
    if (known?.revision === revision) return known.gate;
    const gate = newGate();
    gates.set(site, { revision, gate });
    return gate;
  };
}
