// One message to a topic exchange: persistent, mandatory, confirmed. It counts as delivered when the broker has it in a queue for good, and not before.
import { CrmError } from '../crm-error.ts';
import type { PushMessage } from '../push/messages.ts';
import { type BrokerAddress, type OpenBroker, withBroker } from './broker.ts';

const WAIT_MS = 15_000;

/** `lead.changed.<site>`: a company binds `lead.changed.*`. */
export const routingKey = ({ type, site }: PushMessage): string => `${type.replaceAll('-', '.')}.${site}`;

export interface Publishing {
  /** Whether a message that no queue takes comes back; a test of the connection need not be taken. */
  mandatory: boolean;
  signal?: AbortSignal | undefined;
  waitMs?: number | undefined;
}

/** @throws {CrmError} */
export function publish(address: BrokerAddress, message: PushMessage, options: Publishing): Promise<void> {
  return withBroker(address, async (broker) => {
    const key = routingKey(message);
    await confirmed(broker, address.exchange, key, message, options);
    if (broker.returned.delete(message.id))
      throw new CrmError(
        'invalid',
        `No queue takes messages with the key “${key}”: bind one to the exchange “${address.exchange}”, then try again here.`,
        { unbound: key },
      );
  });
}

function confirmed(
  { channel, onBlocked, discard }: OpenBroker,
  exchange: string,
  key: string,
  message: PushMessage,
  { mandatory, signal, waitMs = WAIT_MS }: Publishing,
): Promise<void> {
  const late = AbortSignal.timeout(waitMs);
  const ends = signal ? AbortSignal.any([late, signal]) : late;
  const unknown = (words: string): CrmError => new CrmError('unreachable', words, { outcomeUnknown: true });
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      // A connection that does not answer is not given the next message.
      if (late.aborted) void discard();
      reject(unknown('The broker did not confirm in time. It is tried again.'));
    };
    if (ends.aborted) return giveUp();
    ends.addEventListener('abort', giveUp, { once: true });
    const lost = (): void => reject(unknown('The connection to the broker broke. It is tried again.'));
    channel.once('close', lost);
    const listenNoMore = onBlocked((reason) => {
      reject(unknown(`The broker takes nothing now: it is out of memory or disk (${reason}). It is tried again.`));
      void discard();
    });
    const settle = (refused: unknown): void => {
      ends.removeEventListener('abort', giveUp);
      channel.off('close', lost);
      listenNoMore();
      // Refused by the broker, or forgotten with its channel.
      if (refused) reject(unknown('The broker did not take the message. It is tried again.'));
      else resolve();
    };
    try {
      channel.publish(
        exchange,
        key,
        Buffer.from(JSON.stringify(message)),
        {
          persistent: true,
          mandatory,
          messageId: message.id,
          type: message.type,
          contentType: 'application/json',
          contentEncoding: 'utf-8',
          appId: 'continuo',
        },
        settle,
      );
    } catch {
      // Closed a moment ago.
      lost();
    }
  });
}
