// The raw reading of a stream: headers and JSON as they are stored, oldest first. Knows the wire, not the product's code.
import { setImmediate as turn } from 'node:timers/promises';
import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node';

export interface RawEvent {
  subject: string;
  seq: number;
  id: string;
  cause: string;
  type: string;
  number: number;
  time: number;
  // biome-ignore lint/suspicious/noExplicitAny: foreign data, looked at by whoever asks
  data: any;
}

/** Events in which somebody says something. */
export const SPOKEN = new Set(['conversation-started', 'message-sent', 'offline-message-left']);

export interface NatsAccess {
  url: string;
  user: string;
  password: string;
}

export const connectAs = ({ url, user, password }: NatsAccess, more: ConnectionOptions = {}): Promise<NatsConnection> =>
  connect({ servers: url.split(','), user, pass: password, inboxPrefix: `_INBOX_${user}`, ...more });
/** For who listens through a whole run, in which servers come and go. */
export const ALL_ALONG: ConnectionOptions = { maxReconnectAttempts: -1, reconnectTimeWait: 100 };

/**
 * In a turn of its own: where the server has just hung up, the client lets an error of its socket fall if it closes in the turn in which it wrote, and the
 * whole run ends of it.
 */
export async function leave(connection: NatsConnection): Promise<void> {
  await turn();
  await connection.close();
}

export async function readStream(access: NatsAccess, stream: string): Promise<RawEvent[]> {
  const connection = await connectAs(access);
  try {
    const { state } = await (await jetstreamManager(connection)).streams.info(stream);
    const events: RawEvent[] = [];
    if (state.messages === 0) return events;
    const consumer = await jetstream(connection).consumers.get(stream, {});
    for await (const message of await consumer.consume()) {
      events.push(rawEvent(message));
      if (message.seq >= state.last_seq) break;
    }
    return events;
  } finally {
    await leave(connection);
  }
}

export function rawEvent(message: JsMsg): RawEvent {
  const head = (name: string): string => message.headers?.get(`Continuo-${name}`) ?? '';
  return {
    subject: message.subject,
    seq: message.seq,
    id: head('Id'),
    cause: head('Cause'),
    type: head('Type'),
    number: Number(head('Number')),
    time: Number(head('Time')),
    data: message.json(),
  };
}
