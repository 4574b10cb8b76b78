// The text of a CRM note: a heading for people, the dialogue, and a marker line at the very end by which the note is found again.
// Only a note whose last line is the marker is ours: what a visitor types never stands last, and a copy with an answer below it is not touched.
import type { Transcript } from '@continuo/transcript';
import { type Context, valuesOf } from './context.ts';
import { fill } from './template.ts';

/** Kept free in each note for heading and marker. */
export const HEADING_ROOM = 1000;
const MARKER_LENGTH = 60;

/** What is left for the dialogue in a note of a CRM that takes so much. */
export const roomIn = (noteLimit: number): number => noteLimit - HEADING_ROOM;

export const partMarker = (conversation: string, part: number): string => `[continuo ${conversation} part ${part}]`;
/** @param number of the event that the task comes from */
export const taskMarker = (conversation: string, number: number): string => `[continuo ${conversation} task ${number}]`;
export const dealMarker = (conversation: string): string => `[continuo ${conversation} deal]`;
export const pointerMarker = (conversation: string): string => `[continuo ${conversation} moved]`;

export function partNote(
  transcript: Transcript,
  { part, text, opens }: { part: number; text: string; opens: boolean },
  context: Context,
): string {
  const values = valuesOf(transcript, context, { part: String(part) });
  const lines = fill(context.words.noteHeading, values)
    .split('\n')
    // What follows an empty line is the dialogue.
    .filter((line) => line.trim() !== '')
    .slice(0, opens ? undefined : 1);
  const heading = lines
    .join('\n')
    .slice(0, HEADING_ROOM - MARKER_LENGTH)
    .toWellFormed();
  return `${heading}\n\n${text}\n${partMarker(transcript.conversation, part)}`;
}

export function pointerNote(transcript: Transcript, movedTo: string, context: Context): string {
  const text = fill(context.words.moved, valuesOf(transcript, context, { movedTo }));
  return `${text}\n\n${pointerMarker(transcript.conversation)}`;
}

/** @returns the marker of a note that Continuo wrote, else undefined */
export function markerOf(text: string): string | undefined {
  const last = text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return /^\[continuo [0-9a-z]{22} ((part|task) [1-9]\d*|moved|deal)\]$/.test(last) ? last : undefined;
}

/** @returns which part of which conversation a note holds */
export function parsePartMarker(text: string): { conversation: string; part: number } | undefined {
  const match = /^\[continuo ([0-9a-z]{22}) part ([1-9]\d*)\]$/.exec(markerOf(text) ?? '');
  return match ? { conversation: match[1] as string, part: Number(match[2]) } : undefined;
}

/**
 * Whether each line of a text stands in a note. Letters and digits count alone: CRMs keep mark-up and space as they like, and what people write beside it is
 * theirs.
 */
export function holdsAll(note: string, text: string): boolean {
  const held = lettersOf(note);
  return text.split('\n').every((line) => held.includes(lettersOf(line)));
}
const lettersOf = (text: string): string => text.normalize('NFC').replaceAll(/[^\p{L}\p{N}]+/gu, '');

/** The dialogue in a note, without heading and marker. */
export const dialogueOf = (note: string): string =>
  note.slice(note.indexOf('\n\n') + 2, note.lastIndexOf(`\n${markerOf(note) ?? ''}`));
