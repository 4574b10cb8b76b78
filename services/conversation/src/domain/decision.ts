// What a decider says: an event to append, nothing to do, or a refusal. A refusal is a value; only outages and bugs throw.
import type { DataOf, EventName } from '@continuo/contracts';

export type EventDecision<K extends EventName = EventName> = {
  [N in K]: { kind: 'event'; type: N; data: DataOf<N> };
}[K];
export interface Nothing {
  kind: 'nothing';
  /** Number of the event that holds the answer: the first one of a repeated command. */
  number: number;
}
export interface Refusal {
  kind: 'refusal';
  refusal: string;
  words: string;
}
export type Decision<K extends EventName = EventName> = EventDecision<K> | Nothing | Refusal;

export const decided = <K extends EventName>(type: K, data: DataOf<K>): EventDecision<K> =>
  ({ kind: 'event', type, data }) as EventDecision<K>;
export const nothing = (number: number): Nothing => ({ kind: 'nothing', number });
export const refused = (refusal: string, words: string): Refusal => ({ kind: 'refusal', refusal, words });
