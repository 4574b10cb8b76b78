// Records that a handler could not digest wait here with their reason, until an operator replays or discards them.
import { parkedSubject } from '@continuo/contracts';
import type { JsMsg } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { Bus } from './connect.ts';

/** Copies the message to DEAD_LETTERS; resolves when the stream has acknowledged it, so the original may be ended. */
export async function parkMessage(
  bus: Bus,
  consumer: string,
  message: JsMsg,
  reason: string,
  words: string,
): Promise<void> {
  const copy = headers();
  for (const [name, values] of message.headers ?? [])
    if (!name.startsWith('Nats-')) for (const value of values) copy.append(name, value);
  copy.set('Continuo-Parked-Subject', message.subject);
  copy.set('Continuo-Parked-Sequence', String(message.seq));
  copy.set('Continuo-Parked-Attempts', String(message.info.deliveryCount));
  copy.set('Continuo-Parked-Words', words.replace(/[\r\n]+/g, ' ').slice(0, 500));
  await bus.js.publish(parkedSubject(consumer, reason, message.subject.split('.').at(-1) ?? ''), message.data, {
    headers: copy,
  });
}
