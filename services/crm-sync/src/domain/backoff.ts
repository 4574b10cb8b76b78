// When a failed write is tried again: later and later, never all at once, and not before the CRM allows it.
import type { CrmFailure } from '@continuo/contracts';

const FIRST_MS = 3_000;
export const LONGEST_MS = 2 * 3_600_000;
/** Faults of one record: trying again without a change rarely helps. */
const HOPELESS_AFTER: Partial<Record<CrmFailure, number>> = { invalid: 8, ambiguous: 8 };

/** @param random 0 ≤ random < 1 @returns milliseconds to wait, or undefined: only new events or a person bring it on again */
export function backoff(
  failure: CrmFailure,
  attempts: number,
  retryAfterMs: number | undefined,
  random: number,
): number | undefined {
  if (attempts >= (HOPELESS_AFTER[failure] ?? Number.POSITIVE_INFINITY)) return undefined;
  const doubled = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
  const wait = failure === 'refused-access' ? Math.max(doubled, 60_000) : doubled;
  return Math.round(Math.max(wait * (0.75 + random / 2), retryAfterMs ?? 0));
}
