// The kinds of message and the types derived from the catalogue: who hears what, what data it has, which refusals it knows.
// A handler table is typed by these, so a missing or undeclared listener does not compile.
import type { z } from 'zod';
import type { commands, events, queries, signals, timers } from './catalogue.ts';
import type { Actor } from './schemas/people.ts';
import type { StreamName } from './streams.ts';

export type ServiceName = 'gateway' | 'conversation' | 'visitor-tracking' | 'crm-sync' | 'email-fallback';

export interface EventLine<
  Stream extends StreamName = StreamName,
  Listener extends string = string,
  Data extends z.ZodType = z.ZodType,
> {
  kind: 'event';
  owner: ServiceName;
  stream: Stream;
  v: number;
  data: Data;
  heardBy: readonly Listener[];
  says: string;
}
export interface CommandLine<
  Owner extends ServiceName = ServiceName,
  Refusal extends string = string,
  Data extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  kind: 'command';
  owner: Owner;
  data: Data;
  answer: Answer;
  refusals: readonly Refusal[];
  sentBy: readonly (ServiceName | 'operator')[];
  says: string;
}
export interface QueryLine<
  Owner extends ServiceName = ServiceName,
  Refusal extends string = string,
  Ask extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  kind: 'query';
  owner: Owner;
  ask: Ask;
  answer: Answer;
  refusals: readonly Refusal[];
  askedBy: readonly (ServiceName | 'operator')[];
  says: string;
}
export interface SignalLine<Data extends z.ZodType = z.ZodType> {
  kind: 'signal';
  data: Data;
  says: string;
}
export interface TimerLine<Owner extends ServiceName = ServiceName, Data extends z.ZodType = z.ZodType> {
  kind: 'timer';
  owner: Owner;
  data: Data;
  says: string;
}

export const event = <Stream extends StreamName, const Listener extends string, Data extends z.ZodType>(
  owner: ServiceName,
  stream: Stream,
  v: number,
  data: Data,
  heardBy: readonly Listener[],
  says: string,
): EventLine<Stream, Listener, Data> => ({ kind: 'event', owner, stream, v, data, heardBy, says });

export const command = <
  Owner extends ServiceName,
  const Refusal extends string,
  Data extends z.ZodType,
  Answer extends z.ZodType,
>(
  owner: Owner,
  data: Data,
  answer: Answer,
  refusals: readonly Refusal[],
  sentBy: readonly (ServiceName | 'operator')[],
  says: string,
): CommandLine<Owner, Refusal, Data, Answer> => ({ kind: 'command', owner, data, answer, refusals, sentBy, says });

export const query = <
  Owner extends ServiceName,
  const Refusal extends string,
  Ask extends z.ZodType,
  Answer extends z.ZodType,
>(
  owner: Owner,
  ask: Ask,
  answer: Answer,
  refusals: readonly Refusal[],
  askedBy: readonly (ServiceName | 'operator')[],
  says: string,
): QueryLine<Owner, Refusal, Ask, Answer> => ({ kind: 'query', owner, ask, answer, refusals, askedBy, says });

export const signal = <Data extends z.ZodType>(data: Data, says: string): SignalLine<Data> => ({
  kind: 'signal',
  data,
  says,
});
export const timer = <Owner extends ServiceName, Data extends z.ZodType>(
  owner: Owner,
  data: Data,
  says: string,
): TimerLine<Owner, Data> => ({ kind: 'timer', owner, data, says });

export type EventName = keyof typeof events;
export type CommandName = keyof typeof commands;
export type QueryName = keyof typeof queries;
export type SignalName = keyof typeof signals;
export type TimerName = keyof typeof timers;

export type Listener = (typeof events)[EventName]['heardBy'][number];
export type HeardBy<L extends Listener> = {
  [K in EventName]: L extends (typeof events)[K]['heardBy'][number] ? K : never;
}[EventName];
export type OnStream<S extends StreamName> = {
  [K in EventName]: (typeof events)[K]['stream'] extends S ? K : never;
}[EventName];
export type TimersOf<S extends ServiceName> = {
  [K in TimerName]: (typeof timers)[K] extends { owner: S } ? K : never;
}[TimerName];

export type DataOf<K extends EventName> = z.infer<(typeof events)[K]['data']>;
export type CommandData<K extends CommandName> = z.infer<(typeof commands)[K]['data']>;
export type CommandAnswer<K extends CommandName> = z.infer<(typeof commands)[K]['answer']>;
/** Every command may also be refused as `busy` (too many conflicts: try again), `invalid` (does not fit its schema) or `not-allowed`. */
export type RefusalOf<K extends CommandName> = (typeof commands)[K]['refusals'][number] | CommonRefusal;
export type CommonRefusal = 'busy' | 'invalid' | 'not-allowed';
export type QueryAsk<K extends QueryName> = z.infer<(typeof queries)[K]['ask']>;
export type QueryAnswer<K extends QueryName> = z.infer<(typeof queries)[K]['answer']>;
export type QueryRefusal<K extends QueryName> = (typeof queries)[K]['refusals'][number] | CommonRefusal;
export type SignalData<K extends SignalName> = z.infer<(typeof signals)[K]['data']>;
export type TimerData<K extends TimerName> = z.infer<(typeof timers)[K]['data']>;

/** An event before it is stored. `key` is the last token of its subject: a conversation, a visitor, or '' on a desk. */
export type NewEvent<K extends EventName = EventName> = {
  [N in K]: {
    type: N;
    id: string;
    v: number;
    /** Milliseconds since 1970, by the product's clock. */
    time: number;
    actor: Actor;
    /** Id of the command or event that led here. */
    cause: string;
    site: string;
    key: string;
    /** 1, 2, 3 … without gaps in a conversation and on a desk; 0 on streams that do not count. */
    number: number;
    data: DataOf<N>;
  };
}[K];

/** An event as stored: with the sequence that JetStream gave it. */
export type Stored<K extends EventName = EventName> = { [N in K]: NewEvent<N> & { seq: number } }[K];
export type ConversationEvent = Stored<OnStream<'CONVERSATION'>>;
export type DeskEvent = Stored<OnStream<'DESK'>>;

/** An answer without fields adds none (its inferred type would forbid `ok`). */
type Fields<T> = T extends Record<string, never> ? unknown : T;

export type Reply<K extends CommandName> =
  | ({ ok: true } & Fields<CommandAnswer<K>>)
  | { ok: false; refusal: RefusalOf<K>; words: string };
export type QueryReply<K extends QueryName> =
  | ({ ok: true } & Fields<QueryAnswer<K>>)
  | { ok: false; refusal: QueryRefusal<K>; words: string };

/** What every command and query carries besides its data. */
export interface Envelope {
  /** Made by the sender before the first try; a repeat of the same id gets the first answer. */
  id: string;
  site: string;
  actor: Actor;
}
