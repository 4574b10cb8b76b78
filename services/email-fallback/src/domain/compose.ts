// Makes the mail out of transcript and answers: the answers first, then the way back to the chat, then at most three earlier messages.
// Pure: the same input gives the same mail, byte for byte.
import { type SiteSettings, timeZoneOf } from '@continuo/contracts';
import {
  cardLines,
  fileLines,
  messagesOf,
  surveyLines,
  type Transcript,
  type TranscriptMessage,
  textLanguage,
  titleLines,
} from '@continuo/transcript';
import { asHtml } from './mail-html.ts';
import type { MailRecord } from './mail-record.ts';
import { asText } from './mail-text.ts';
import { clip, initials, oneLine } from './text.ts';
import { referencesOf, subjectOf, ticketOf } from './thread.ts';
import { type Words, wordsFor } from './words.ts';

const EARLIER_MESSAGES = 3;
const EARLIER_LENGTH = 280;
const PREVIEW_LENGTH = 120;

export interface Letter {
  from: { name: string; address: string };
  to: string;
  subject: string;
  messageId: string;
  /** Message-IDs of the earlier mails of the conversation, oldest first. */
  references: string[];
  html: string;
  text: string;
}

/** What the eye sees, before it becomes HTML or plain text. All texts are as people wrote them: not escaped. */
export interface LetterView {
  words: Words;
  brand: string;
  accent: string | undefined;
  preview: string;
  /** `own`: of the visitor himself, not of the brand. */
  answers: { name: string; initials: string; when: string; texts: string[]; own?: boolean }[];
  link: string;
  earlier: { name: string; when: string; text: string }[];
  why: string;
  ticket: string;
}

export interface LetterParts {
  transcript: Transcript;
  answers: readonly TranscriptMessage[];
  mail: Pick<MailRecord, 'to' | 'messageId'>;
  /** Earlier mails of the conversation. */
  thread: readonly MailRecord[];
  site: SiteSettings;
  /** For a site whose hours name none. */
  timeZone: string;
}

export function compose({ transcript, answers, mail, thread, site, timeZone }: LetterParts): Letter {
  const words = wordsFor(transcript.language);
  const when = (at: number): string => timeFormat(words.lang, timeZoneOf(site, timeZone)).format(at);
  const nameOf = (message: TranscriptMessage): string => nameIn(message, words);
  const textOf = (message: TranscriptMessage): string => textIn(message, transcript.language);
  const firstAnswer = answers[0]?.number ?? 0;
  const link = wayBack(transcript.page?.url, site.origins);
  const view: LetterView = {
    words,
    brand: oneLine(site.name),
    accent: site.accent,
    preview: clip(oneLine(answers.map(textOf).join(' ')), PREVIEW_LENGTH),
    answers: byAuthor(answers).map((group) => ({
      name: nameOf(group[0]),
      initials: initials(nameOf(group[0])),
      when: when(group[0].at),
      texts: group.map(textOf),
    })),
    link,
    earlier: messagesOf(transcript)
      .filter(({ number }) => number < firstAnswer)
      .slice(-EARLIER_MESSAGES)
      .map((message) => ({
        name: nameOf(message),
        when: when(message.at),
        text: clip(textOf(message), EARLIER_LENGTH),
      })),
    why: words.why(mail.to, new URL(link).host),
    ticket: words.ticket(ticketOf(transcript.conversation)),
  };
  const latest = view.answers.at(-1)?.name ?? words.team;
  return {
    from: { name: `${latest} (${view.brand})`, address: site.mail.fromAddress },
    to: mail.to,
    subject: subjectOf(transcript),
    messageId: mail.messageId,
    references: referencesOf(thread),
    html: asHtml(view),
    text: asText(view),
  };
}

/**
 * The page where the dialogue was. A page outside the site's own origins is not linked: its address came from a browser, and the mail
 * may go to somebody else.
 */
export function wayBack(page: string | undefined, origins: readonly string[]): string {
  const home = new URL('/', origins[0]).href;
  if (page === undefined || !URL.canParse(page)) return home;
  const url = new URL(page);
  return origins.some((origin) => URL.canParse(origin) && new URL(origin).origin === url.origin) ? url.href : home;
}

export const nameIn = ({ author }: Pick<TranscriptMessage, 'author'>, words: Words): string =>
  author.kind === 'visitor' ? words.you : oneLine(author.name ?? '') || words.team;

/** Words, files, card and survey. */
export function textIn(message: TranscriptMessage, language: string): string {
  const words = textLanguage(language);
  return [
    ...titleLines(message),
    message.text,
    ...fileLines(message, words),
    ...cardLines(message, words),
    ...surveyLines(message, words),
  ]
    .filter(Boolean)
    .join('\n');
}

type Group = [TranscriptMessage, ...TranscriptMessage[]];
function byAuthor(answers: readonly TranscriptMessage[]): Group[] {
  const groups: Group[] = [];
  for (const answer of answers) {
    const last = groups.at(-1);
    if (last?.[0].author.id === answer.author.id) last.push(answer);
    else groups.push([answer]);
  }
  return groups;
}

export const timeFormat = (language: string, timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  });
