// Which tasks a dialogue asks for: each has the number of the event that it comes from, so it is the same whenever it is worked out. Pure.
import type { Contact, CrmTaskKind, DataOf } from '@continuo/contracts';
import { namesOf, oneLine, spanOf, type Transcript, type TranscriptItem } from '@continuo/transcript';
import { type Context, valuesOf } from './context.ts';
import { short } from './facts.ts';
import { taskMarker } from './note.ts';
import { fill } from './template.ts';
import { SUBJECTS } from './words.ts';

/** Something that a person has to do, on the record of whom it is about. */
export interface Task {
  kind: CrmTaskKind;
  conversation: string;
  /** Of the event that it comes from: with the conversation it names the task for ever. */
  number: number;
  /** One line, without the marker. */
  subject: string;
  /** The marker is its last line. */
  text: string;
  /** Finds the task again: where the CRM cannot search the text, the connector puts it into the subject as well. */
  marker: string;
  /** By when, in milliseconds since 1970. */
  due: number;
}

export interface WantedTask {
  number: number;
  kind: CrmTaskKind;
  /** By when. */
  due: number;
  /** When it was asked for. */
  at: number;
  item: TranscriptItem;
  contact: Contact;
}

const HOUR_MS = 3_600_000;
const DUE_MS: Record<CrmTaskKind, number> = {
  callback: HOUR_MS,
  'missed-chat': HOUR_MS,
  'offline-message': 24 * HOUR_MS,
};
/** A CRM that is joined later is not flooded with what is long past. */
export const TOO_OLD_MS = 7 * 24 * HOUR_MS;

/** What still has to be done at `now`: not what an employee has answered or done since, nor what is history. */
export function tasksOf(
  { items, contact }: Pick<Transcript, 'items' | 'contact'>,
  kinds: readonly CrmTaskKind[],
  now: number,
): WantedTask[] {
  const answeredAt = items.findLast((item) => item.kind === 'message' && item.author.kind === 'agent')?.number ?? 0;
  // He waits for the call, and somebody has it to do.
  const waitsForCallSince = kinds.includes('callback')
    ? (items.findLast(({ kind }) => kind === 'callback-requested')?.number ?? 0)
    : 0;
  const done = new Set(items.map((item) => (item.kind === 'task-done' ? item.data.task : 0)));
  return items.flatMap((item) => {
    const kind = done.has(item.number) ? undefined : kindOf(item);
    if (!kind || !kinds.includes(kind) || now - item.at > TOO_OLD_MS) return [];
    // Being written to is no call.
    if (kind !== 'callback' && answeredAt > item.number) return [];
    if (item.kind === 'conversation-missed' && waitsForCallSince > item.data.since) return [];
    const due = (item.kind === 'callback-requested' ? item.data.window?.until : undefined) ?? item.at + DUE_MS[kind];
    return [{ number: item.number, kind, due, at: item.at, item, contact }];
  });
}

function kindOf(item: TranscriptItem): CrmTaskKind | undefined {
  if (item.kind === 'callback-requested') return 'callback';
  if (item.kind === 'conversation-missed') return 'missed-chat';
  return item.kind === 'message' && item.offline ? 'offline-message' : undefined;
}

/** The task in the words of the site. */
export function taskOf(
  transcript: Transcript,
  { number, kind, due, item, contact }: WantedTask,
  context: Context,
): Task {
  const { conversation } = transcript;
  const { words, language, timeZone } = context;
  const marker = taskMarker(conversation, number);
  const wanted: Partial<DataOf<'callback-requested'>> = item.kind === 'callback-requested' ? item.data : {};
  const { phone, window, topic } = wanted;
  const values = valuesOf({ ...transcript, contact: { ...contact, ...(phone !== undefined && { phone }) } }, context, {
    window: window && `${spanOf(window, language, timeZone)} ${timeZone}`,
    topic: topic && short(topic),
    cause: item.kind === 'conversation-missed' ? words.causes[item.data.cause] : undefined,
    message: messageOf(transcript, item),
  });
  return {
    kind,
    conversation,
    number,
    subject: oneLine(fill(words[SUBJECTS[kind]], values)) || conversation,
    text: `${fill(words.taskText, values)}\n${marker}`,
    marker,
    due,
  };
}

const LONGEST_MESSAGE = 1_000;

function messageOf({ items }: Pick<Transcript, 'items'>, item: TranscriptItem): string | undefined {
  const said =
    item.kind === 'conversation-missed'
      ? items.find((one) => one.kind === 'message' && one.number >= item.data.since)
      : item;
  return said?.kind === 'message' ? short(said.text || namesOf(said.files), LONGEST_MESSAGE) : undefined;
}
