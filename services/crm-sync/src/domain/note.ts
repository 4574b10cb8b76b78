// The text of a CRM note: a heading for people, the dialogue, and a marker line at the very end by which the note is found again.
// Only a note whose last line is the marker is ours: what a visitor types never stands last, and a copy with an answer below it is not touched.
import type { Transcript } from '@continuo/transcript';
import { oneLine, type TextLanguage } from '@continuo/transcript';

/** Kept free in each note for heading and marker. */
export const HEADING_ROOM = 1000;
const MARKER_LENGTH = 60;

const WORDS = {
  en: { chat: 'Live chat', part: 'part', page: 'Page', open: 'Open the dialogue', moved: 'The dialogue goes on at' },
  ru: { chat: 'Чат на сайте', part: 'часть', page: 'Страница', open: 'Открыть диалог', moved: 'Диалог продолжается:' },
} as const;

export const partMarker = (conversation: string, part: number): string => `[continuo ${conversation} part ${part}]`;
/** @param number of the event that the task comes from */
export const taskMarker = (conversation: string, number: number): string => `[continuo ${conversation} task ${number}]`;
export const pointerMarker = (conversation: string): string => `[continuo ${conversation} moved]`;

export interface NoteContext {
  siteName: string;
  /** Opens the dialogue in the console, for any employee after login. */
  dialogueUrl: string;
  language: TextLanguage;
}

export function partNote(
  transcript: Transcript,
  { part, text, opens }: { part: number; text: string; opens: boolean },
  context: NoteContext,
): string {
  const words = WORDS[context.language];
  const lines = [`${words.chat} · ${oneLine(context.siteName)} · ${words.part} ${part}`];
  if (opens) {
    lines.push(`${words.open}: ${context.dialogueUrl}`);
    const { page } = transcript;
    if (page)
      lines.push(
        `${words.page}: ${[page.title, page.url]
          .filter(Boolean)
          .map((value) =>
            oneLine(value as string)
              .slice(0, 200)
              .toWellFormed(),
          )
          .join(' · ')}`,
      );
  }
  const heading = lines
    .join('\n')
    .slice(0, HEADING_ROOM - MARKER_LENGTH)
    .toWellFormed();
  return `${heading}\n\n${text}\n${partMarker(transcript.conversation, part)}`;
}

export function pointerNote(conversation: string, whereTo: string, context: NoteContext): string {
  const words = WORDS[context.language];
  return `${words.chat} · ${oneLine(context.siteName)}\n${words.moved} ${whereTo}\n${words.open}: ${context.dialogueUrl}\n\n${pointerMarker(conversation)}`;
}

/** @returns the marker of a note that Continuo wrote, else undefined */
export function markerOf(text: string): string | undefined {
  const last = text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return /^\[continuo [0-9a-z]{22} ((part|task) [1-9]\d*|moved)\]$/.test(last) ? last : undefined;
}

/** @returns which part of which conversation a note holds */
export function parsePartMarker(text: string): { conversation: string; part: number } | undefined {
  const match = /^\[continuo ([0-9a-z]{22}) part ([1-9]\d*)\]$/.exec(markerOf(text) ?? '');
  return match ? { conversation: match[1] as string, part: Number(match[2]) } : undefined;
}

/** The dialogue in a note, without heading and marker. */
export const dialogueOf = (note: string): string =>
  note.slice(note.indexOf('\n\n') + 2, note.lastIndexOf(`\n${markerOf(note) ?? ''}`));
