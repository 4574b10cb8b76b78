// How a failed or held back write stands in the link record, and when it is tried again.
import type { CrmFailure } from '@continuo/contracts';
import type { Unusable } from './connections.ts';
import type { CrmError } from './connectors/crm-error.ts';
import { backoff, type Circumstances } from './domain/backoff.ts';
import type { GateReport } from './domain/breaker.ts';
import type { Choice } from './domain/choice.ts';
import { type Link, progressOf } from './domain/link.ts';

export interface Failed {
  link: Link;
  /** undefined: only something new or a person brings it on again. */
  retryInMs: number | undefined;
}

/** What it says of the CRM as a whole. */
export const reportOf = (error: CrmError): GateReport => ({
  failure: failureOf(error),
  words: error.message,
  retryAfterMs: error.retryAfterMs,
});

/** @param before what stood when this try began: one that got somewhere is the first of what comes next */
export function failed(
  link: Link,
  before: string,
  error: CrmError,
  { now, random, alive }: Omit<Circumstances, 'retryAfterMs'> & { now: number },
): Failed {
  const { failure, words, retryAfterMs } = reportOf(error);
  const attempts = progressOf(link) === before ? (link.failure?.attempts ?? 0) + 1 : 1;
  const retryInMs = backoff(failure, attempts, { random, alive, retryAfterMs });
  return {
    link: {
      ...link,
      failure: {
        failure,
        words,
        at: now,
        attempts,
        ...(retryInMs !== undefined && { retryAt: now + retryInMs }),
        ...(error.field !== undefined && { field: error.field }),
        ...(error.unbound !== undefined && { unbound: error.unbound }),
      },
    },
    retryInMs,
  };
}

/** Nothing was tried: the CRM failed others of the same site and is left alone for a while, or until a person comes. */
export const heldBack = (
  link: Link,
  { failure, words, sealed }: Unusable,
  waitMs: number | undefined,
  now: number,
): Link => ({
  ...link,
  failure: {
    failure,
    words,
    at: link.failure?.at ?? now,
    attempts: link.failure?.attempts ?? 0,
    ...(sealed && { sealed }),
    ...(waitMs !== undefined && { retryAt: now + waitMs }),
  },
});

/** What the performer answers itself is a fault of the record when it comes up here all the same. */
export function failureOf({ fault }: CrmError): CrmFailure {
  if (fault === 'note-gone') return 'record-gone';
  return fault === 'taken' ? 'ambiguous' : fault;
}

/** The CRM did nothing wrong, but a person has to choose: set aside, with who fits. */
export const undecided = (link: Link, choice: Choice, crm: string): Link => ({
  ...link,
  failure: {
    failure: 'ambiguous',
    words: `${choice.candidates.length} people in ${crm} fit this visitor equally well. Choose one of them in the journal, or merge them in ${crm} and try again. Without that a new lead is made.`,
    at: choice.since,
    attempts: 1,
    retryAt: choice.until,
  },
});
