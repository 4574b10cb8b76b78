// The dialogue as a mail that its visitor has asked for: who said what and when, as it stands in his window. Pure, as `compose`.
import { type Author, type SiteSettings, timeZoneOf } from '@continuo/contracts';
import { answerLines, type Transcript, type TranscriptItem } from '@continuo/transcript';
import { type Letter, type LetterView, nameIn, textIn, timeFormat, wayBack } from './compose.ts';
import { asHtml } from './mail-html.ts';
import type { MailRecord } from './mail-record.ts';
import { asText } from './mail-text.ts';
import { clip, initials, oneLine } from './text.ts';
import { ticketOf } from './thread.ts';
import { wordsFor } from './words.ts';

/** Characters of all messages together; a dialogue of months gives its latest ones. */
const MOST = 300_000;
const PREVIEW_LENGTH = 120;

export interface TranscriptLetterParts {
  transcript: Transcript;
  mail: Pick<MailRecord, 'to' | 'messageId'>;
  site: SiteSettings;
  /** For a site whose hours name none. */
  timeZone: string;
}

export function composeTranscript({ transcript, mail, site, timeZone }: TranscriptLetterParts): Letter {
  const words = wordsFor(transcript.language);
  const brand = oneLine(site.name);
  const time = timeFormat(words.lang, timeZoneOf(site, timeZone));
  const messages = transcript.items.flatMap((item) => {
    const { author, text } = saidBy(item, transcript.language) ?? {};
    if (!author || !text) return [];
    const own = author.kind === 'visitor';
    return [{ author: author.id, own, name: nameIn({ author }, words), when: time.format(item.at), text }];
  });
  const shown = latest(messages);
  const answers: LetterView['answers'] = [];
  let speaker: string | undefined;
  for (const { author, own, name, when, text } of shown) {
    if (author === speaker) answers.at(-1)?.texts.push(text);
    else answers.push({ name, initials: initials(name), when, texts: [text], own });
    speaker = author;
  }
  const link = wayBack(transcript.page?.url, site.origins);
  const view: LetterView = {
    words: { ...words, howToAnswer: shown.length < messages.length ? words.cut : '' },
    brand,
    accent: site.accent,
    preview: clip(oneLine(shown[0]?.text ?? ''), PREVIEW_LENGTH),
    answers,
    link,
    earlier: [],
    why: words.whyTranscript(mail.to, new URL(link).host),
    ticket: words.ticket(ticketOf(transcript.conversation)),
  };
  return {
    from: { name: brand, address: site.mail.fromAddress },
    to: mail.to,
    subject: `${words.transcript(brand)} [№ ${ticketOf(transcript.conversation)}]`,
    messageId: mail.messageId,
    references: [],
    html: asHtml(view),
    text: asText(view),
  };
}

/** Messages, and what a survey was answered by. */
function saidBy(item: TranscriptItem, language: string): { author: Author; text: string } | undefined {
  if (item.kind === 'message') return { author: item.author, text: textIn(item, language) };
  if (item.kind !== 'survey-answered' || item.data.answers.length === 0) return undefined;
  return { author: item.data.by, text: [item.data.title, ...answerLines(item.data)].join('\n') };
}

function latest<M extends { text: string }>(messages: readonly M[]): readonly M[] {
  let left = MOST;
  const from = messages.findLastIndex(({ text }) => {
    left -= text.length;
    return left < 0;
  });
  return messages.slice(from + 1);
}
