// Compares a dialogue with what its CRM record holds. Pure. A message counts as held when its beginning or its end stands in the notes:
// a long text may be cut between two notes, so not all of it need stand in one.
import { messagesOf, type Transcript, type TranscriptMessage } from '@continuo/transcript';

export interface Comparison {
  messages: { message: TranscriptMessage; held: boolean }[];
  missing: number;
}

const SAMPLE = 60;

export function compare(transcript: Transcript, notes: readonly { text: string }[]): Comparison {
  const held = squeeze(notes.map(({ text }) => text).join('\n'));
  const messages = messagesOf(transcript).map((message) => {
    const text = squeeze(message.text || (message.files?.[0]?.name ?? ''));
    return { message, held: held.includes(text.slice(0, SAMPLE)) || held.includes(text.slice(-SAMPLE)) };
  });
  return { messages, missing: messages.filter((one) => !one.held).length };
}

/** CRMs change white space and break lines as they like. */
const squeeze = (text: string): string => text.replace(/\s+/gu, ' ').trim();
