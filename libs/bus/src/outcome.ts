// What a handler says of a message. The consuming loop turns it into ack, nak with delay, or dead letter and term.
export type Outcome =
  | { kind: 'done' }
  | { kind: 'retry'; afterMs?: number }
  | { kind: 'park'; reason: string; words: string };

export const done: Outcome = { kind: 'done' };
/** Again, after so long (default: growing with the attempts). */
export const retry = (afterMs?: number): Outcome => ({ kind: 'retry', ...(afterMs !== undefined && { afterMs }) });
/** Set aside as a dead letter: `reason` is a code of a-z and "-", `words` tell an operator what to do. */
export const park = (reason: string, words: string): Outcome => ({ kind: 'park', reason, words });

/** Full jitter over an exponential: 1 s, 2 s, 4 s … at most a minute. `attempt` counts from 1. */
export const backOff = (attempt: number, { firstMs = 1_000, mostMs = 60_000 } = {}): number => {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 16));
  return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2);
};
