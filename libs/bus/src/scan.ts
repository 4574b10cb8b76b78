// A whole stream of conversations, page by page in the order of its sequences: for rebuilding what is derived from it, or for what a view lacks yet.
import { type ConsumerName, type ConversationEvent, consumers } from '@continuo/contracts';
import type { Bus } from './connect.ts';
import { isBusOutage, UnavailableError, UnknownMessageError, UnreadableMessageError } from './errors.ts';
import { toEvent } from './headers.ts';

const PAGE = 500;

/**
 * Up to which sequence a consumer has handled everything; undefined when nothing is left to it. Ask before reading the view that it writes.
 * @throws {UnavailableError}
 */
export async function handledUpTo(bus: Bus, name: ConsumerName): Promise<number | undefined> {
  try {
    const { ack_floor, num_ack_pending, num_pending } = await bus.jsm.consumers.info(consumers[name].stream, name);
    return num_pending + num_ack_pending === 0 ? undefined : ack_floor.stream_seq;
  } catch (error) {
    throw isBusOutage(error) ? new UnavailableError(`${name} could not be asked`, { cause: error }) : error;
  }
}

/**
 * Pages after `afterSeq`, up to what is stored when the last one is read; of one site, or of all. A record that is no event is left out, as its consumers park
 * it: `leftOut` is told of it.
 * @throws {UnavailableError}
 */
export async function* scan(
  bus: Bus,
  afterSeq = 0,
  site = '*',
  leftOut: (record: { subject: string; seq: number }) => void = () => {},
): AsyncGenerator<ConversationEvent[]> {
  for (let seq = afterSeq; ; ) {
    const page: ConversationEvent[] = [];
    let read = 0;
    try {
      const batch = await bus.jsm.direct.getBatch('CONVERSATION', {
        seq: seq + 1,
        batch: PAGE,
        next_by_subj: `conversation.${site}.*`,
      } as never);
      for await (const message of batch) {
        const { subject, header } = message;
        read += 1;
        seq = message.seq;
        try {
          page.push(toEvent({ subject, headers: header, seq, json: () => message.json() }) as ConversationEvent);
        } catch (error) {
          if (!(error instanceof UnreadableMessageError || error instanceof UnknownMessageError)) throw error;
          leftOut({ subject, seq });
        }
      }
    } catch (error) {
      if ((error as { code?: number }).code !== 404)
        throw isBusOutage(error) ? new UnavailableError('the stream could not be read', { cause: error }) : error;
    }
    if (page.length > 0) yield page;
    if (read < PAGE) return;
  }
}
