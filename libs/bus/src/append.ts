// The commit point: an event that JetStream has acknowledged has happened.
import {
  type Actor,
  type DataOf,
  type EventName,
  eventSubject,
  events,
  type NewEvent,
  newId,
  streams,
} from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import { carryTrace, count, inSpan } from '@continuo/telemetry';
import type { Bus } from './connect.ts';
import { ConflictError, isBusOutage, isConflict, isFull, StreamFullError, UnavailableError } from './errors.ts';
import { toHeaders } from './headers.ts';

export interface EventParts<K extends EventName> {
  site: string;
  key: string;
  actor: Actor;
  cause: string;
  data: DataOf<K>;
  number?: number;
  id?: string;
  time?: number;
}

/** An event of the catalogue with id, version and time filled in, its data checked. @throws {z.ZodError} when the data does not fit */
export function newEvent<K extends EventName>(
  type: K,
  { site, key, actor, cause, data, number = 0, id = newId(), time = clock.now() }: EventParts<K>,
): NewEvent<K> {
  return {
    type,
    v: events[type].v,
    id,
    time,
    actor,
    cause,
    site,
    key,
    number,
    data: events[type].data.parse(data),
  } as NewEvent<K>;
}

/**
 * Stores an event. `expected` is the last sequence on its subject (0: it is the first); `'any'` is for streams that do not count.
 * @throws {ConflictError} when another append came first, {StreamFullError}, {UnavailableError} when the outcome is unknown
 */
export async function append(
  bus: Bus,
  event: NewEvent,
  expected: number | 'any',
  options: { rollup?: boolean } = {},
): Promise<{ seq: number }> {
  const { type, number } = event;
  const { stream } = events[type];
  const name = `append ${streams[stream].subjects[0]}`;
  const fields = { 'continuo.event.type': type, 'continuo.event.number': number };
  return inSpan(name, { kind: 'producer', fields }, async (span) => {
    try {
      const stored = await publish(bus, event, expected, options);
      span.note({ 'continuo.sequence': stored.seq });
      count('continuo.append.events', { stream, type });
      return stored;
    } catch (error) {
      if (error instanceof ConflictError) count('continuo.append.conflicts', { stream });
      else if (error instanceof StreamFullError) count('continuo.append.failures', { stream, reason: 'full' });
      else if (error instanceof UnavailableError) count('continuo.append.failures', { stream, reason: 'unavailable' });
      throw error;
    }
  });
}

async function publish(
  bus: Bus,
  event: NewEvent,
  expected: number | 'any',
  { rollup = false }: { rollup?: boolean },
): Promise<{ seq: number }> {
  const subject = eventSubject(events[event.type].stream, event.site, event.key);
  const headers = toHeaders(event);
  if (rollup) headers.set('Nats-Rollup', 'sub');
  carryTrace((name, value) => headers.set(name, value));
  try {
    const { seq } = await bus.js.publish(subject, JSON.stringify(event.data), {
      headers,
      ...(expected !== 'any' && { expect: { lastSubjectSequence: expected } }),
    });
    return { seq };
  } catch (error) {
    if (isConflict(error))
      throw new ConflictError(`${event.type} on ${subject}: another append came after sequence ${expected}`, {
        cause: error,
      });
    if (isFull(error)) throw new StreamFullError(`${event.type} on ${subject}: the stream is full`, { cause: error });
    if (isBusOutage(error))
      throw new UnavailableError(`${event.type} on ${subject}: JetStream did not confirm the append`, { cause: error });
    throw error;
  }
}
