// When a failed write is tried again: later and later, never all at once, and not before the CRM allows it.
import type { CrmFailure } from '@continuo/contracts';

const FIRST_MS = 3_000;
export const LONGEST_MS = 2 * 3_600_000;
/** While the CRM works for others: it may be about to get well for this one, too. */
export const LONGEST_ALIVE_MS = 5 * 60_000;
/** Faults of one record: trying again without a change rarely helps. */
const HOPELESS_AFTER: Partial<Record<CrmFailure, number>> = { invalid: 8, ambiguous: 8 };

export interface Circumstances {
  /** 0 ≤ random < 1 */
  random: number;
  /** The connection shows signs of life: only a CRM that is dead is left alone for hours. */
  alive: boolean;
  /** The CRM asked for this pause. */
  retryAfterMs?: number | undefined;
}

/** @returns milliseconds to wait, or undefined: only new events or a person bring it on again */
export function backoff(
  failure: CrmFailure,
  attempts: number,
  { random, alive, retryAfterMs = 0 }: Circumstances,
): number | undefined {
  if (attempts >= (HOPELESS_AFTER[failure] ?? Number.POSITIVE_INFINITY)) return undefined;
  const longest = alive ? LONGEST_ALIVE_MS : LONGEST_MS;
  const doubled = Math.min(longest, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
  const wait = failure === 'refused-access' ? Math.max(doubled, 60_000) : doubled;
  return Math.round(Math.max(wait * (0.75 + random / 2), retryAfterMs));
}
