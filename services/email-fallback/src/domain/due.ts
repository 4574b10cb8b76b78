// Which answers has the visitor not seen, and are they to be mailed now? Decided from the whole transcript and the journal, every time anew:
// a timer is only a hint. An answer that is in a mail already, whatever became of it, is never mailed to the same address again.
import { messagesOf, type Transcript, type TranscriptMessage } from '@continuo/transcript';
import type { MailRecord } from './mail-record.ts';

export type Due =
  | { what: 'nothing' }
  | { what: 'wait'; until: number }
  | { what: 'mail'; to: string; ordinal: number; answers: [TranscriptMessage, ...TranscriptMessage[]]; upTo: number };

/** @param mails all of the conversation, by ordinal */
export function due(
  transcript: Transcript,
  mails: readonly MailRecord[],
  { delayMs, now }: { delayMs: number; now: number },
): Due {
  const to = transcript.contact.email;
  if (to === undefined) return { what: 'nothing' };
  const prepared = mails.find(({ state }) => state === 'prepared');
  const mailedUpTo = Math.max(0, ...mails.filter((mail) => settles(mail, to)).map(({ upTo }) => upTo));
  const seenUpTo = Math.max(transcript.read.visitor, mailedUpTo);
  const [oldest, ...others] = messagesOf(transcript).filter(
    ({ author, number }) => author.kind === 'agent' && number > seenUpTo,
  );
  if (!oldest) return { what: 'nothing' };
  const until = Math.max(oldest.at + delayMs, prepared?.notBefore ?? 0);
  if (until > now) return { what: 'wait', until };
  return {
    what: 'mail',
    to,
    ordinal: prepared?.ordinal ?? mails.length + 1,
    answers: [oldest, ...others],
    upTo: (others.at(-1) ?? oldest).number,
  };
}

/** A refusal of one address says nothing about another: an answer refused there may still go to the address known now. */
const settles = (mail: MailRecord, to: string): boolean =>
  mail.state !== 'prepared' && !(mail.state === 'failed' && mail.to !== to);
