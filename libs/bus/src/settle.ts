// The other end of replay and discard: the service that parked a record reads it, runs its own handler once more, and marks it settled. Nothing is
// appended to the record's stream, and no other consumer hears of it.
import { deadLetterSubject } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import type { Msg } from '@nats-io/transport-node';
import { type Bus, inboxPrefix } from './connect.ts';
import {
  markSettled,
  type ParkedRecord,
  readDeadLetter,
  type Settled,
  type SettleRequest,
  unknown,
} from './dead-letter.ts';
import { isBusOutage } from './errors.ts';
import type { Outcome } from './outcome.ts';

const INBOX = inboxPrefix('');

/** @param handle runs the record through the consumer's handler, in its place among others of the same subject */
export function settleDeadLetters(
  bus: Bus,
  consumer: string,
  handle: (record: ParkedRecord['record']) => Promise<Outcome>,
  isOutage: (error: unknown) => boolean,
): AsyncDisposable {
  const log = logger('dead-letter', { consumer });
  const inHand = new Set<Promise<void>>();

  async function act(verb: 'replay' | 'discard', { id, by, site }: SettleRequest): Promise<Settled> {
    if (!id.startsWith(`parked.${consumer}.`)) return unknown;
    const found = await readDeadLetter(bus, id);
    if (!found || (site !== undefined && found.letter.site !== site)) return unknown;
    if (verb === 'replay') {
      const outcome = await handle(found.record);
      if (outcome.kind !== 'done')
        return {
          ok: false,
          refusal: 'failed-again',
          words: outcome.kind === 'park' ? outcome.words : 'The handler could not take it now. Replay it later.',
        };
    }
    await markSettled(bus, id, `${verb} by ${by}`);
    log.info({ id, by, verb }, 'A dead letter was settled.');
    return { ok: true };
  }

  async function answer(message: Msg): Promise<void> {
    let reply: Settled | { fault: string };
    try {
      const [, verb] = message.subject.split('.');
      if (verb !== 'replay' && verb !== 'discard') throw new TypeError('there is no such verb');
      reply = await act(verb, message.json<SettleRequest>());
    } catch (error) {
      log.error({ err: error }, 'A dead letter could not be settled.');
      reply =
        isOutage(error) || isBusOutage(error)
          ? { fault: 'a dependency of the service is away' }
          : {
              ok: false,
              refusal: 'failed-again',
              words: `The handler failed again: ${error instanceof Error ? error.name : 'unknown error'}. See the log of the service.`,
            };
    }
    message.respond(JSON.stringify(reply));
  }

  const subscription = bus.nc.subscribe(deadLetterSubject('*', consumer), {
    queue: consumer,
    callback: (error, message) => {
      if (error) return void log.error({ err: error }, 'A subscription failed.');
      if (!message.reply?.startsWith(INBOX)) return;
      const work: Promise<void> = answer(message).finally(() => void inHand.delete(work));
      inHand.add(work);
    },
  });
  return {
    [Symbol.asyncDispose]: async () => {
      if (!subscription.isClosed()) await subscription.drain();
      await Promise.all(inHand);
    },
  };
}
