// What the log shows of a transcript: days, who speaks, bubbles, joints and marks, in the order of reading. Pure.
import type {
  AgentRef,
  Author,
  CallbackWindow,
  DialogueTask,
  MissedCause,
  ResumedFrom,
  SurveyAnswer,
} from '@continuo/contracts';
import type { Transcript, TranscriptItem, TranscriptMessage } from '@continuo/transcript';
import type { Outgoing } from '../session/outbox.ts';

/** How far a message of ours has come; only the last one read carries the word. */
export type Progress = 'unsent' | 'refused' | 'stored' | 'delivered';

export type LogEntry =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'speaker'; key: string; author: Author; at: number; ours: boolean; read: boolean }
  | { kind: 'message'; key: string; message: TranscriptMessage; ours: boolean; progress: Progress }
  | { kind: 'outgoing'; key: string; outgoing: Outgoing }
  | { kind: 'joint'; key: string; from: ResumedFrom; stoppedAt: number; at: number; by: Author }
  | { kind: 'assigned' | 'released'; key: string; agent: AgentRef; at: number }
  | { kind: 'closed'; key: string; by: Author; at: number }
  | { kind: 'callback'; key: string; phone: string; window?: CallbackWindow; topic?: string; at: number }
  | { kind: 'missed'; key: string; cause: MissedCause; at: number }
  | { kind: 'task-done'; key: string; task: DialogueTask['kind']; by: Author; at: number }
  | { kind: 'identified'; key: string; text: string; at: number }
  | { kind: 'answers'; key: string; title: string; answers: readonly SurveyAnswer[]; at: number }
  | { kind: 'transcript'; key: string; email: string; at: number }
  | { kind: 'rated'; key: string; score: number; comment: string | undefined; at: number };

/** A run of messages of one speaker breaks after so long a silence, so that each pause shows its time. */
const RUN_MS = 5 * 60_000;

export interface LogOptions {
  outgoing: readonly Outgoing[];
  me: Author;
  delivered: number;
  /** Whether two moments are on one calendar day of the reader. */
  sameDay: (one: number, other: number) => boolean;
}

export function logEntries(transcript: Transcript, options: LogOptions): LogEntry[] {
  const entries: LogEntry[] = [];
  const lastRead = lastReadByVisitor(transcript);
  let day: number | undefined;
  let run: { author: string; at: number } | undefined;
  let speaker: Extract<LogEntry, { kind: 'speaker' }> | undefined;

  const speak = (author: Author, at: number, key: string): void => {
    if (run?.author !== author.id || at - run.at > RUN_MS) {
      speaker = { kind: 'speaker', key: `who-${key}`, author, at, ours: author.kind !== 'visitor', read: false };
      entries.push(speaker);
    }
    run = { author: author.id, at };
  };
  const turnPage = (at: number): void => {
    if (day !== undefined && options.sameDay(day, at)) return;
    entries.push({ kind: 'day', key: `day-${at}`, at });
    day = at;
    run = undefined;
  };

  // Between an end and the resume the joint says all else: who was given the dialogue then is told by who resumed it.
  let ended = false;
  for (const [index, item] of transcript.items.entries()) {
    if (item.kind === 'message') {
      ended = false;
      if (item.reopened) {
        entries.push(jointOf(item, item.reopened));
        day = item.at;
        run = undefined;
      } else turnPage(item.at);
      speak(item.author, item.at, item.id);
      const ours = item.author.kind !== 'visitor';
      const reached = Math.max(options.delivered, transcript.read.visitor) >= item.number;
      entries.push({
        kind: 'message',
        key: item.cause,
        message: item,
        ours,
        progress: reached ? 'delivered' : 'stored',
      });
      if (speaker && item.number === lastRead) speaker.read = true;
      continue;
    }
    const mark = ended && !AFTER_END.has(item.kind) ? undefined : markOf(item, transcript.items, index);
    if (item.kind === 'closed') ended = true;
    if (opensByCall(item)) ended = false;
    if (!mark) continue;
    turnPage(item.at);
    entries.push(mark);
    run = undefined;
  }
  const stored = new Set(entries.map(({ key }) => key));
  for (const outgoing of options.outgoing) {
    // Its event is here already, the acknowledgement comes with the same frame.
    if (stored.has(outgoing.id)) continue;
    turnPage(outgoing.at);
    speak(options.me, outgoing.at, outgoing.id);
    entries.push({ kind: 'outgoing', key: outgoing.id, outgoing });
  }
  return entries;
}

/** What the end of a dialogue does not settle. */
const AFTER_END: ReadonlySet<TranscriptItem['kind']> = new Set([
  'rated',
  'survey-answered',
  'transcript-requested',
  'callback-requested',
  'conversation-missed',
  'task-done',
]);
/** Asking for a call opens an ended dialogue again, without a word. */
const opensByCall = (item: TranscriptItem): boolean =>
  item.kind === 'callback-requested' && item.data.reopens !== undefined;

function lastReadByVisitor({ items, read }: Transcript): number | undefined {
  return items.findLast(
    (item) => item.kind === 'message' && item.author.kind === 'agent' && item.number <= read.visitor,
  )?.number;
}

const jointOf = (message: TranscriptMessage, reopened: NonNullable<TranscriptMessage['reopened']>): LogEntry => ({
  kind: 'joint',
  key: `joint-${message.number}`,
  from: reopened.from,
  stoppedAt: reopened.closedAt,
  at: message.at,
  by: message.author,
});

/** An end that was followed by a resume is shown by the joint; who was let go because of an end, by the end. */
function markOf(
  item: Exclude<TranscriptItem, TranscriptMessage>,
  items: readonly TranscriptItem[],
  index: number,
): LogEntry | undefined {
  const key = `mark-${item.number}`;
  const { at } = item;
  switch (item.kind) {
    case 'assigned':
      return { kind: 'assigned', key, agent: item.agent, at };
    case 'released':
      return item.why === 'closed' ? undefined : { kind: 'released', key, agent: item.agent, at };
    case 'closed': {
      const next = items.find((one, place) => place > index && (one.kind === 'message' || opensByCall(one)));
      return next?.kind === 'message' ? undefined : { kind: 'closed', key, by: item.by, at };
    }
    case 'transcript-requested':
      return { kind: 'transcript', key, email: item.data.email, at };
    case 'survey-answered':
      return { kind: 'answers', key, title: item.data.title, answers: item.data.answers, at };
    case 'rated':
      return { kind: 'rated', key, score: item.score, comment: item.comment, at };
    case 'identified': {
      const { name, email, phone } = item.contact;
      return { kind: 'identified', key, text: [name, email, phone].filter(Boolean).join(', '), at };
    }
    case 'callback-requested': {
      const { phone, window, topic } = item.data;
      return { kind: 'callback', key, phone, ...(window && { window }), ...(topic && { topic }), at };
    }
    case 'conversation-missed':
      return { kind: 'missed', key, cause: item.data.cause, at };
    case 'task-done':
      return { kind: 'task-done', key, task: item.data.kind, by: item.data.by, at };
  }
}
