// Plain text of a dialogue, for CRM notes and mails. Deterministic (no Intl dates: their wording changes with the platform), localised, well-formed;
// every item gives one block, so text only ever grows at its end. A line that begins with `[` and a date is ours: nobody can forge one by typing it.
// Times are by the clock of one time zone, which is named where a dialogue begins or is taken up again.
import { type AttachedFile, type Author, type DataOf, type SurveyAnswer, wallAt } from '@continuo/contracts';
import type { Transcript, TranscriptItem, TranscriptMessage } from './transcript.ts';
import { type TextLanguage, type TextWords, WORDS } from './words.ts';

export interface TextBlock {
  /** Of the item it shows. */
  number: number;
  /** Never empty; ends with a line feed. */
  text: string;
  /** The dialogue was resumed here. */
  resumes: boolean;
}

/** Where an employee opens a file of the dialogue; without it only its name and size are said. */
export type FileLink = (file: AttachedFile) => string;

export interface TextOptions {
  fileLink?: FileLink | undefined;
  /** Of all times: an IANA name. */
  timeZone?: string | undefined;
}
interface Way extends TextOptions {
  language: TextLanguage;
  timeZone: string;
}

/** One block per item that a reader of the transcript should see, oldest first. */
export function textBlocks(
  transcript: Pick<Transcript, 'items'>,
  language: TextLanguage,
  { fileLink, timeZone = 'UTC' }: TextOptions = {},
): TextBlock[] {
  const blocks: TextBlock[] = [];
  let closed = false;
  for (const item of transcript.items) {
    const line = lineOf(item, { language, fileLink, timeZone });
    const resumes = item.kind === 'message' && (closed || item.reopened !== undefined);
    if (item.kind === 'closed') closed = true;
    if (item.kind === 'message') closed = false;
    if (line === undefined) continue;
    const zone = blocks.length === 0 || resumes ? ` ${timeZone}` : '';
    blocks.push({ number: item.number, text: `[${stamp(item.at, language, timeZone)}${zone}] ${line}\n`, resumes });
  }
  return blocks;
}

export const toText = (transcript: Pick<Transcript, 'items'>, language: TextLanguage, options?: TextOptions): string =>
  textBlocks(transcript, language, options)
    .map(({ text }) => text)
    .join('');

function lineOf(item: TranscriptItem, { language, fileLink, timeZone }: Way): string | undefined {
  const words: TextWords = WORDS[language];
  switch (item.kind) {
    case 'message': {
      const remarks = remarksOf(item, language);
      const who = `${nameOf(item.author, language)}${remarks && ` (${remarks})`}`;
      const said = [...titleLines(item), ...(item.text === '' ? [] : [bodyText(item.text)])];
      const below = [
        ...fileLines(item, language, fileLink),
        ...cardLines(item, language),
        ...surveyLines(item, language),
      ];
      return `${who}: ${[...said, ...below].join('\n')}`;
    }
    case 'assigned':
      return mark(words.joined, oneLine(item.agent.name));
    case 'closed':
      return mark(words.closed, nameOf(item.by, language));
    case 'callback-requested': {
      const { author, phone, window, topic } = item.data;
      const when = window && spanOf(window, language, timeZone);
      const details = [phone, when, topic && oneLine(topic)].filter(Boolean).join(' · ');
      return mark(`${words.callback}: ${details}`, nameOf(author, language));
    }
    case 'conversation-missed':
      return mark(words.missed);
    // That a missed visitor has his answer is seen from the answer.
    case 'task-done':
      return item.data.kind === 'callback' ? mark(words.called, nameOf(item.data.by, language)) : undefined;
    case 'transcript-requested':
      return mark(`${words.transcript}: ${item.data.email}`, nameOf(item.data.by, language));
    case 'survey-answered': {
      const { by, title, answers } = item.data;
      const done = answers.length > 0 ? words.answered : words.declined;
      const line = mark(`${done}: “${oneLine(title)}”`, nameOf(by, language));
      return [line, ...answerLines(item.data)].join('\n');
    }
    case 'rated': {
      const line = mark(words.rated.replace('{score}', String(item.score)), nameOf(item.by, language));
      return item.comment === undefined ? line : `${line}\n${bodyText(item.comment)}`;
    }
    // Whose desk it left and what is known of the person stand elsewhere in the record.
    case 'released':
    case 'identified':
      return undefined;
  }
}

/** Each file on a line of its own: its name, its size and, for employees, where it is opened. */
export const fileLines = (
  { files = [] }: Pick<TranscriptMessage, 'files'>,
  language: TextLanguage,
  fileLink?: FileLink,
): string[] =>
  files.map((file) => {
    const parts = [`${WORDS[language].file}: ${oneLine(file.name)}`, sizeOf(file.bytes), fileLink?.(file)];
    return parts.filter(Boolean).join(' · ');
  });

/** The title of a card stands above the words. */
export const titleLines = ({ card }: Pick<TranscriptMessage, 'card'>): string[] =>
  card?.title === undefined ? [] : [bodyText(oneLine(card.title))];

/** Picture and buttons of a card, each on a line of its own below the words. */
export function cardLines({ card }: Pick<TranscriptMessage, 'card'>, language: TextLanguage): string[] {
  if (!card) return [];
  const words: TextWords = WORDS[language];
  const buttons = card.buttons?.map(({ label, link }) => [`“${oneLine(label)}”`, link].filter(Boolean).join(' '));
  return [
    ...(card.picture === undefined ? [] : [`${words.picture}: ${card.picture}`]),
    ...(buttons ? [`${words.buttons}: ${buttons.join(' · ')}`] : []),
  ];
}

/** The questions of a survey, each on a line of its own below the words. */
export function surveyLines({ survey }: Pick<TranscriptMessage, 'survey'>, language: TextLanguage): string[] {
  if (!survey) return [];
  return [
    `${WORDS[language].survey}: “${oneLine(survey.title)}”`,
    ...survey.questions.map((asked, index) => {
      const from = asked.kind === 'scale' ? '1–5' : asked.kind === 'choice' && asked.options.map(oneLine).join(' · ');
      return `${index + 1}. ${oneLine(asked.question)}${from ? ` (${from})` : ''}`;
    }),
  ];
}

/** Each answer of a survey with its question. */
export const answerLines = ({ answers }: Pick<DataOf<'survey-answered'>, 'answers'>): string[] =>
  answers.map((answer) => bodyText(`${oneLine(answer.question)} — ${answerOf(answer)}`));
const answerOf = (answer: SurveyAnswer): string =>
  answer.kind === 'scale' ? `${answer.score}/5` : answer.kind === 'choice' ? oneLine(answer.option) : answer.text;

const UNITS = ['B', 'KB', 'MB', 'GB'];
/** `1.2 MB`, the same in all languages: a note of a CRM is compared letter by letter. */
export function sizeOf(bytes: number): string {
  let unit = 0;
  let shown = bytes;
  for (; shown >= 1000 && unit < UNITS.length - 1; unit++) shown /= 1000;
  return `${unit === 0 ? shown : shown.toFixed(1)} ${UNITS[unit]}`;
}

/** Of a name only the place is ours: what stands in it is never read as ours. */
const mark = (words: string, name = ''): string => `— ${words.replace('{name}', () => name)} —`;

function remarksOf(message: TranscriptMessage, language: TextLanguage): string {
  const words = WORDS[language];
  return [message.offline && words.offline, message.channel === 'mail' && words.mail, message.pressed && words.pressed]
    .filter(Boolean)
    .join(', ');
}

function nameOf(author: Author, language: TextLanguage): string {
  const words = WORDS[language];
  const name = oneLine(author.name ?? '');
  return name === '' ? words[author.kind] : `${name} (${words.roles[author.kind]})`;
}

/** `2026-11-24 23:32`; in Russian `24.11.2026 23:32`. */
function stamp(at: number, language: TextLanguage, timeZone: string): string {
  const [date = '', time = ''] = new Date(wallAt(timeZone, at)).toISOString().split('T');
  const shown = language === 'ru' ? date.split('-').reverse().join('.') : date;
  return `${shown} ${time.slice(0, 5)}`;
}

/** `2026-11-25 11:00 – 2026-11-25 13:00`. */
export const spanOf = (
  { from, until }: { from: number; until: number },
  language: TextLanguage,
  timeZone: string,
): string => `${stamp(from, language, timeZone)} – ${stamp(until, language, timeZone)}`;

/** Every way to break a line becomes a line feed, so that what begins a line for a reader does so for us. */
const LINE_BREAKS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out here
const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f]/g;
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
/** A line in a message that looks like one of ours. */
const FORGED = /^(?=\[(?:continuo |\d{4}-\d\d-\d\d |\d\d\.\d\d\.\d{4} ))/gm;

/** What any store takes: no NUL or other control characters, no lone surrogate; line breaks are line feeds. */
export const cleanText = (text: string): string => text.replace(LINE_BREAKS, '\n').replace(CONTROLS, '').toWellFormed();

/** A name or title, fit for the middle of a line. */
export const oneLine = (text: string): string => cleanText(text).replace(BIDI_CONTROLS, '').replace(/\s+/g, ' ').trim();

const bodyText = (text: string): string => cleanText(text).replace(FORGED, '> ');
