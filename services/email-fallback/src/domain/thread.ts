// What holds the mails of a conversation together in the visitor's mailbox: subject, Message-ID, References. All follow from the conversation,
// so a mail made twice has the same Message-ID and a receiver can drop the second.
import { messagesOf, type Transcript } from '@continuo/transcript';
import { type MailRecord, mayHaveArrived } from './mail-record.ts';
import { firstWords } from './text.ts';

const SUBJECT_LENGTH = 50;
/** The root and the latest: RFC 5322 lets a long chain be shortened in the middle. */
const MOST_REFERENCES = 20;

/** `<conversation>.<number of the last answer>@<domain of the sender>` */
export function messageIdOf(conversation: string, upTo: number | string, fromAddress: string): string {
  return `<${conversation}.${upTo}@${fromAddress.slice(fromAddress.lastIndexOf('@') + 1)}>`;
}

/** Of the mail with the dialogue that the event with this number asked for. */
export const transcriptIdOf = (conversation: string, number: number, fromAddress: string): string =>
  messageIdOf(conversation, `t${number}`, fromAddress);

/** Message-IDs of the earlier mails, oldest first. */
export function referencesOf(mails: readonly MailRecord[]): string[] {
  const [root, ...later] = mails.filter(mayHaveArrived).map(({ messageId }) => messageId);
  return root === undefined ? [] : [root, ...later.slice(-(MOST_REFERENCES - 1))];
}

/** `Re: Есть ли с белыми ножками? [№ 4K7Q-2M9X]`; the same for every mail of a conversation, since mailboxes thread by it too. */
export function subjectOf(transcript: Transcript): string {
  const first = messagesOf(transcript).find(({ author }) => author.kind === 'visitor');
  return ['Re:', firstWords(first?.text ?? '', SUBJECT_LENGTH), `[№ ${ticketOf(transcript.conversation)}]`]
    .filter((part) => part !== '')
    .join(' ');
}

/** What a person can read out over the telephone: the first eight characters of the conversation's id. */
export const ticketOf = (conversation: string): string =>
  `${conversation.slice(0, 4)}-${conversation.slice(4, 8)}`.toUpperCase();
