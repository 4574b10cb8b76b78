// Why a CRM did not do what it was asked: a class that decides what happens next, and plain words for the administrator who has to act.
import type { CrmFailure } from '@continuo/contracts';

/** Beyond what an administrator sees: `note-gone` and `taken` are answered by the performer itself and never reach the journal. */
export type CrmFault = CrmFailure | 'note-gone' | 'taken';

export class CrmError extends Error {
  override name = 'CrmError';
  readonly fault: CrmFault;
  /** The CRM asked for this pause. */
  readonly retryAfterMs: number | undefined;
  /** The CRM may have done it all the same (time-out, broken connection, 5xx). */
  readonly outcomeUnknown: boolean;
  /** The CRM's own name of a field that the site fills and the CRM lacks. */
  readonly field: string | undefined;
  /** The routing key that no queue is bound for. */
  readonly unbound: string | undefined;

  constructor(
    fault: CrmFault,
    words: string,
    options: {
      retryAfterMs?: number | undefined;
      outcomeUnknown?: boolean;
      field?: string | undefined;
      unbound?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(words, options.cause === undefined ? {} : { cause: options.cause });
    this.fault = fault;
    this.retryAfterMs = options.retryAfterMs;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
    this.field = options.field;
    this.unbound = options.unbound;
  }
}

export const isCrmFault = (error: unknown, fault: CrmFault): error is CrmError =>
  error instanceof CrmError && error.fault === fault;
