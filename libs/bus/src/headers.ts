// The envelope of a message as NATS headers, and back. The payload stays bare JSON.
import { type Actor, type EventName, events, type NewEvent, parseEventSubject, type Stored } from '@continuo/contracts';
import { carryTrace } from '@continuo/telemetry';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { UnknownMessageError, UnreadableMessageError } from './errors.ts';

const NAME = {
  id: 'Continuo-Id',
  type: 'Continuo-Type',
  v: 'Continuo-Version',
  time: 'Continuo-Time',
  actor: 'Continuo-Actor',
  cause: 'Continuo-Cause',
  number: 'Continuo-Number',
} as const;

export function toHeaders(event: Omit<NewEvent, 'data'>): MsgHdrs {
  const result = headers();
  result.set(NAME.id, event.id);
  result.set(NAME.type, event.type);
  result.set(NAME.v, String(event.v));
  result.set(NAME.time, String(event.time));
  result.set(NAME.actor, actorToText(event.actor));
  result.set(NAME.cause, event.cause);
  result.set(NAME.number, String(event.number));
  return result;
}

/** The running trace as headers of a request; undefined when there is none: a message with headers costs more. */
export function traceHeaders(): MsgHdrs | undefined {
  const result = headers();
  carryTrace((name, value) => result.set(name, value));
  return result.keys().length > 0 ? result : undefined;
}

export const actorToText = ({ kind, id, role }: Actor): string => (role ? `${kind}:${id}:${role}` : `${kind}:${id}`);
export function actorFromText(text: string): Actor {
  const [kind, id = '', role] = text.split(':');
  return { kind: kind as Actor['kind'], id, ...(role && { role: role as NonNullable<Actor['role']> }) };
}

interface Received {
  subject: string;
  headers?: MsgHdrs | undefined;
  seq: number;
  json(): unknown;
}

export const numberOf = (message: { headers?: MsgHdrs | undefined; header?: MsgHdrs | undefined }): number =>
  Number((message.headers ?? message.header)?.get(NAME.number) || 0);

/** What a stored message says it is; undefined where that is no name of a type. */
export function typeOf(head: MsgHdrs): string | undefined {
  const type = head.get(NAME.type);
  return /^[a-z-]{1,60}$/.test(type) ? type : undefined;
}

const isEvent = (type: string): type is EventName => Object.hasOwn(events, type);

/**
 * A stored message as an event of the catalogue.
 * @throws {UnknownMessageError} on a type or version that this code does not know, {UnreadableMessageError}
 */
export function toEvent(message: Received): Stored {
  const head = message.headers;
  const type = head && typeOf(head);
  if (!head || type === undefined)
    throw new UnreadableMessageError(
      `the record on ${message.subject} (sequence ${message.seq}) does not say what it is`,
    );
  if (!isEvent(type))
    throw new UnknownMessageError(
      `event ${type} on ${message.subject} (sequence ${message.seq}) is not in the catalogue`,
    );
  const line = events[type];
  const v = Number(head.get(NAME.v));
  if (v > line.v)
    throw new UnknownMessageError(
      `event ${type} version ${v} is newer than version ${line.v}, which this replica knows`,
    );
  return {
    type,
    v,
    id: head.get(NAME.id),
    time: Number(head.get(NAME.time)),
    actor: actorFromText(head.get(NAME.actor)),
    cause: head.get(NAME.cause),
    number: Number(head.get(NAME.number)),
    ...parseEventSubject(message.subject),
    seq: message.seq,
    data: jsonOf(message),
  } as Stored;
}

/** @throws {UnreadableMessageError}; what the parser says of it stays out: it quotes the record */
export function jsonOf(message: Pick<Received, 'subject' | 'seq' | 'json'>): unknown {
  try {
    return message.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UnreadableMessageError(`the record on ${message.subject} (sequence ${message.seq}) is not JSON`);
  }
}
