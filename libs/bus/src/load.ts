// All events of one subject, in order, straight from the stream.
import { type EventName, eventSubject, type OnStream, type Stored } from '@continuo/contracts';
import { carriedTrace, type Origin } from '@continuo/telemetry';
import { JetStreamApiCodes } from '@nats-io/jetstream';
import type { Bus } from './connect.ts';
import { isBusOutage, UnavailableError } from './errors.ts';
import { numberOf, toEvent } from './headers.ts';

const PAGE = 500;

type EventStream = 'CONVERSATION' | 'DESK';
export interface Loaded<K extends EventName> {
  events: Stored<K>[];
  /** Of each event the trace in which it was appended, where it is known. */
  origins: (Origin | undefined)[];
  lastSeq: number;
}

/** Events after `afterSeq` (0: all) and the last sequence seen. May lag behind an append of a moment ago in a cluster: see `lastOf`. */
export async function load<S extends EventStream>(
  bus: Bus,
  stream: S,
  site: string,
  key: string,
  afterSeq = 0,
): Promise<Loaded<Extract<EventName, OnStream<S>>>> {
  const subject = eventSubject(stream, site, key);
  const events: Stored[] = [];
  const origins: Loaded<EventName>['origins'] = [];
  let lastSeq = afterSeq;
  for (;;) {
    const before = events.length;
    try {
      const batch = await bus.jsm.direct.getBatch(stream, {
        seq: lastSeq + 1,
        batch: PAGE,
        next_by_subj: subject,
      } as never);
      for await (const message of batch) {
        events.push(
          toEvent({ subject: message.subject, headers: message.header, seq: message.seq, json: () => message.json() }),
        );
        origins.push(carriedTrace((name) => message.header?.get(name)));
        lastSeq = message.seq;
      }
    } catch (error) {
      if (!nothingThere(error))
        throw isBusOutage(error) ? new UnavailableError(`${subject} could not be read`, { cause: error }) : error;
    }
    if (events.length - before < PAGE) return { events: events as never, origins, lastSeq };
  }
}

/** Last sequence and number on a subject, asked from the stream's leader; undefined when there is nothing. */
export async function lastOf(
  bus: Bus,
  stream: EventStream,
  site: string,
  key: string,
): Promise<{ seq: number; number: number } | undefined> {
  const subject = eventSubject(stream, site, key);
  try {
    const message = await bus.jsm.streams.getMessage(stream, { last_by_subj: subject });
    return message ? { seq: message.seq, number: numberOf({ headers: message.header }) } : undefined;
  } catch (error) {
    if (nothingThere(error)) return undefined;
    throw isBusOutage(error) ? new UnavailableError(`${subject}: the leader did not answer`, { cause: error }) : error;
  }
}

/** Direct reads answer with the status 404, the leader with an API error: both mean that the subject has no (further) message. */
const nothingThere = (error: unknown): boolean => {
  const code = (error as { code?: number }).code;
  return code === 404 || code === JetStreamApiCodes.NoMessageFound;
};
