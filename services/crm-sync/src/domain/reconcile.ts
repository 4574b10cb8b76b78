// What the CRM should hold, compared with what the link says it holds: the difference as actions, in order. Pure. The performer carries out the
// first one, writes down what came of it and plans again, so duplicates, reordering, crashes and replays all end in the same place.
import type { Contact } from '@continuo/contracts';
import { type FileLink, type TextBlock, type TextLanguage, type Transcript, textBlocks } from '@continuo/transcript';
import type { Link, LinkPart, Pointer, RecordRef } from './link.ts';
import { BEGINNING, fillPart, isBefore, type Position, textBetween } from './parts.ts';
import type { WantedTask } from './tasks.ts';

export type Action =
  /** No record is known: find the person, else make a lead, if the site’s rule allows it. */
  | { do: 'resolve' }
  /** More became known of the person on a lead of ours: he may exist already, else the lead is told. */
  | { do: 'identify' }
  /** Tell on the anonymous lead where the dialogue goes on. */
  | { do: 'point'; pointer: Pointer }
  /** Write or edit one note. */
  | { do: 'write'; part: LinkPart & { writing: Position }; text: string; opens: boolean }
  /** A person has to do something. */
  | { do: 'task'; task: WantedTask }
  /** The dialogue is worth one. */
  | { do: 'deal' }
  /** What the site wants in the fields of a lead of ours has changed. */
  | { do: 'fields'; fields: string };

export interface Limits {
  /** UTF-16 units of text in one note, heading and marker not counted. */
  room: number;
  language: TextLanguage;
  /** Stands below the end of a dialogue, as far as it was known there. */
  summary?: (upTo: number) => string;
  /** Where an employee opens a file of the dialogue. */
  fileLink?: FileLink;
  /** Of the site: in which its people read times. */
  timeZone?: string;
  tasks?: readonly WantedTask[];
  deal?: boolean;
  /** What the site wants in fields of a lead of ours, as one comparable string; empty: nothing. */
  fields?: string;
  /** The dialogue as text, from `blocksOf`, made once by whoever plans again and again. */
  blocks?: readonly TextBlock[];
  /** Who the visitor is has just been asked, and a person has to choose: not again in this run. */
  undecided?: boolean;
}

/** @returns all that is missing, as far as it can be known before the first of it is done; empty when the CRM is up to date */
export function plan(transcript: Transcript, link: Link, limits: Limits): Action[] {
  if (!link.record) return [{ do: 'resolve' }];
  const actions: Action[] = [];
  if (link.record.ours && link.record.told !== told(transcript.contact) && !limits.undecided)
    actions.push({ do: 'identify' });
  for (const pointer of link.pointers) if (pointer.state === 'writing') actions.push({ do: 'point', pointer });
  actions.push(...partsToWrite(limits.blocks ?? blocksOf(transcript, limits), link, link.record, limits.room));
  // What may be refused for its own reasons comes last: the transcript stands by then.
  for (const task of limits.tasks ?? [])
    if (link.tasks?.find(({ number }) => number === task.number)?.state !== 'done') actions.push({ do: 'task', task });
  if (limits.deal && link.deal?.state !== 'done') actions.push({ do: 'deal' });
  const { fields = '' } = limits;
  if (link.record.ours && fields !== '' && (link.record.fields ?? '') !== fields)
    actions.push({ do: 'fields', fields });
  return actions;
}

/** The dialogue as text; below an end stands what came of it. */
export function blocksOf(
  transcript: Transcript,
  { language, summary, fileLink, timeZone }: Pick<Limits, 'language' | 'summary' | 'fileLink' | 'timeZone'>,
): TextBlock[] {
  const blocks = textBlocks(transcript, language, { fileLink, timeZone });
  if (!summary) return blocks;
  const ends = new Set(transcript.items.flatMap((item) => (item.kind === 'closed' ? [item.number] : [])));
  return blocks.map((block) => {
    const lines = ends.has(block.number) ? summary(block.number).split('\n') : [];
    // Set off, so that none of them is taken for a line of the dialogue.
    const below = lines.flatMap((line) => (line.trim() === '' ? [] : [`  ${line}\n`])).join('');
    return { ...block, text: `${block.text}${below}` };
  });
}

function partsToWrite(blocks: readonly TextBlock[], link: Link, record: RecordRef, room: number): Action[] {
  const actions: Action[] = [];
  const write = (part: LinkPart & { writing: Position }, text: string, among = blocks) =>
    actions.push({ do: 'write', part, text, opens: opensSitting(blocks, part, among) });
  const last = link.parts.at(-1);
  let from = BEGINNING;
  if (last) {
    // A stale read of the stream: the CRM may hold more than we see, so nothing is written from it.
    if (isBefore({ after: blocks.at(-1)?.number ?? 0, offset: 0 }, last.writing ?? last.end)) return [];
    // Earlier parts are full and done: only the last one can have room, or have been interrupted.
    const filled = last.full ? undefined : fillPart(blocks, last.from, room);
    const upTo = filled?.end ?? last.writing ?? last.end;
    const full = filled?.full ?? last.full;
    // In other words than before (the site speaks another language now) less may fit: the note is written anew, and what it lost comes in the next.
    if (last.writing || isBefore(last.end, upTo) || isBefore(upTo, last.end))
      write({ ...last, writing: upTo, full }, filled?.text ?? textBetween(blocks, last.from, upTo));
    if (!full) return actions;
    from = upTo;
  }
  let left = blocks;
  for (let part = (last?.part ?? 0) + 1; ; part++) {
    // Of a very long dialogue what is before is not looked through again for each part.
    left = left.slice(left.findIndex(({ number }) => number > from.after));
    const filled = fillPart(left, from, room);
    if (!filled) return actions;
    const { id, kind } = record;
    write({ part, record: { kind, id }, from, end: from, writing: filled.end, full: filled.full }, filled.text, left);
    from = filled.end;
  }
}

/** A part that stands, as it should read. */
export function standingText(
  transcript: Transcript,
  part: LinkPart,
  limits: Limits,
): { part: number; text: string; opens: boolean } {
  const blocks = limits.blocks ?? blocksOf(transcript, limits);
  return { part: part.part, text: textBetween(blocks, part.from, part.end), opens: opensSitting(blocks, part) };
}

/**
 * The first part of a dialogue, or of a resumed one: its heading carries the link.
 * @param among those from where the part begins, or from further back
 */
function opensSitting(blocks: readonly TextBlock[], { from }: LinkPart, among = blocks): boolean {
  if (from.offset > 0) return false;
  const first = among.find(({ number }) => number > from.after);
  return first === undefined || first === blocks[0] || first.resumes;
}

/** What is known of a person, as one comparable string. */
export const told = ({ name, email, phone, externalId }: Contact): string =>
  JSON.stringify([name ?? '', email?.toLowerCase() ?? '', phone ?? '', externalId ?? '']);

export const isAnonymous = ({ email, phone, externalId }: Contact): boolean => !email && !phone && !externalId;
