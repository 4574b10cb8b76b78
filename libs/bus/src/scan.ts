// A whole stream of conversations, page by page in the order of its sequences: for rebuilding what is derived from it.
import type { ConversationEvent } from '@continuo/contracts';
import type { Bus } from './connect.ts';
import { isBusOutage, UnavailableError } from './errors.ts';
import { toEvent } from './headers.ts';

const PAGE = 500;

/** Pages after `afterSeq`, up to what is stored when the last one is read. @throws {UnavailableError}, {UnknownMessageError} */
export async function* scan(bus: Bus, afterSeq = 0): AsyncGenerator<ConversationEvent[]> {
  for (let seq = afterSeq; ; ) {
    const page: ConversationEvent[] = [];
    try {
      const batch = await bus.jsm.direct.getBatch('CONVERSATION', {
        seq: seq + 1,
        batch: PAGE,
        next_by_subj: 'conversation.>',
      } as never);
      for await (const message of batch) {
        const { subject, header } = message;
        page.push(
          toEvent({ subject, headers: header, seq: message.seq, json: () => message.json() }) as ConversationEvent,
        );
      }
    } catch (error) {
      if ((error as { code?: number }).code !== 404)
        throw isBusOutage(error) ? new UnavailableError('the stream could not be read', { cause: error }) : error;
    }
    if (page.length > 0) yield page;
    seq = page.at(-1)?.seq ?? seq;
    if (page.length < PAGE) return;
  }
}
