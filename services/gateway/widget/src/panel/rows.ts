// What stands in the log, line by line: the folded dialogue, then what is still on the device. Pure, and each message keeps its key
// from the moment it is typed (the id of its command), so nothing flickers or doubles when its event comes back.
import type { AgentRef, Author } from '@continuo/contracts';
import type { Transcript, TranscriptItem, TranscriptMessage } from '@continuo/transcript';
import type { LocalFile, Parcel } from '../outbox.ts';
import { type Mark, markOf } from './marks.ts';

export interface MessageRow {
  kind: 'message';
  key: string;
  mine: boolean;
  text: string;
  /** As it is stored, with its files and its card. */
  item?: TranscriptMessage;
  /** A file that is still on this device; `way`: it is not at the gateway yet. */
  local?: LocalFile & { way: boolean };
  /** Why it was refused. */
  refusal?: string;
  /** By a button of a card: its words are not the visitor’s own. */
  pressed?: true;
  at: number;
  author?: string;
  /** Follows another message of the same person. */
  grouped: boolean;
  mark?: Mark;
}
export type Row =
  | MessageRow
  | { kind: 'day'; key: string; at: number }
  | { kind: 'here'; key: string; agent: AgentRef }
  | { kind: 'gone'; key: string; agent: AgentRef }
  | { kind: 'name'; key: string; author: Author }
  | { kind: 'read'; key: string }
  | { kind: 'closed'; key: string; at: number }
  | { kind: 'joint'; key: string; stoppedAt: number; at: number }
  | { kind: 'missed'; key: string }
  | { kind: 'call'; key: string; call: CallShown; at?: 'kept' | 'failed' }
  | { kind: 'answers-to'; key: string; email: string; offline: boolean };

type Unkeyed = Row extends infer Each ? (Each extends Row ? Omit<Each, 'key'> : never) : never;

/** A call that was asked for: when, where the visitor named a time. */
interface CallShown {
  phone: string;
  window?: { from: number; until: number } | undefined;
}

export function rowsOf(transcript: Transcript | undefined, parcels: readonly Parcel[], deliveredUpTo: number): Row[] {
  const rows: Row[] = [];
  let day = '';
  let voice: string | undefined;
  const onDay = (at: number) => {
    const key = dayOf(at);
    if (key !== day) rows.push({ kind: 'day', key: `day-${key}`, at });
    day = key;
  };
  const say = (row: Omit<MessageRow, 'kind' | 'grouped'>) => {
    onDay(row.at);
    const above = rows.at(-1);
    const grouped = above?.kind === 'message' && above.mine === row.mine && above.author === row.author;
    rows.push({ kind: 'message', grouped, ...row });
  };

  const put = (row: Unkeyed, { number }: TranscriptItem) => rows.push({ key: `${row.kind}-${number}`, ...row } as Row);
  const answersTo = (email: string, item: TranscriptItem, offline: boolean) =>
    put({ kind: 'answers-to', email, offline }, item);

  const items = transcript?.items ?? [];
  const sent = new Set<string>();
  items.forEach((item, index) => {
    if (item.kind === 'message') {
      sent.add(item.cause);
      const mine = item.author.kind === 'visitor';
      if (item.reopened) {
        onDay(item.at);
        const joint: Row = {
          kind: 'joint',
          key: `joint-${item.number}`,
          stoppedAt: item.reopened.closedAt,
          at: item.at,
        };
        // Whoever resumes has come just before his first word: the joint stands above both.
        rows.splice(rows.at(-1)?.kind === 'here' ? -1 : rows.length, 0, joint);
      }
      if (!mine && voice !== undefined && voice !== item.author.id) {
        onDay(item.at);
        put({ kind: 'name', author: item.author }, item);
      }
      if (!mine) voice = item.author.id;
      say({
        key: item.cause,
        mine,
        text: item.text,
        item,
        at: item.at,
        ...(item.author.name !== undefined && { author: item.author.name }),
        ...(mine && transcript && { mark: markOf(item.number, transcript, deliveredUpTo) }),
      });
      if (item.offline && transcript?.contact.email) answersTo(transcript.contact.email, item, true);
    } else if (item.kind === 'assigned' && voice !== item.agent.id) {
      voice = item.agent.id;
      onDay(item.at);
      put({ kind: 'here', agent: item.agent }, item);
    } else if (item.kind === 'released' && item.why === 'gone') {
      voice = undefined;
      // Where somebody else has taken over, that is what counts.
      if (items[index + 1]?.kind !== 'assigned') put({ kind: 'gone', agent: item.agent }, item);
    } else if (item.kind === 'closed' && !reopensNext(items, index)) {
      onDay(item.at);
      put({ kind: 'closed', at: item.at }, item);
    } else if (item.kind === 'conversation-missed' && item.data.cause !== 'visitor-left') {
      put({ kind: 'missed' }, item);
    } else if (item.kind === 'callback-requested') {
      onDay(item.at);
      put({ kind: 'call', call: item.data }, item);
    } else if (item.kind === 'identified' && item.contact.email) {
      answersTo(item.contact.email, item, false);
    }
  });
  placeRead(rows);

  for (const { id, at, refusal, ...parcel } of parcels) {
    if (parcel.kind === 'callback') {
      rows.push({ kind: 'call', key: id, call: parcel.call, at: refusal === undefined ? 'kept' : 'failed' });
      continue;
    }
    if (['email', 'rating', 'transcript', 'survey'].includes(parcel.kind) || sent.has(id)) continue;
    const file = 'file' in parcel ? parcel.file : undefined;
    say({
      key: id,
      mine: true,
      text: 'text' in parcel ? parcel.text : '',
      ...(file && { local: { ...file, way: parcel.kind === 'upload' } }),
      at,
      mark: refusal === undefined ? 'kept' : 'failed',
      ...(refusal !== undefined && { refusal }),
      ...('pressed' in parcel && parcel.pressed && { pressed: true }),
    });
  }
  return rows;
}

/** The word "Read" stands once, under the last message that was read. */
function placeRead(rows: Row[]): void {
  const index = rows.findLastIndex((row) => row.kind === 'message' && row.mine && row.mark === 'read');
  if (index >= 0) rows.splice(index + 1, 0, { kind: 'read', key: 'read' });
}

/** The joint tells of the end, too; the line "ended" would say it twice. */
function reopensNext(items: TranscriptItem[], index: number): boolean {
  const next = items.slice(index + 1).find((item): item is TranscriptMessage => item.kind === 'message');
  return next?.reopened !== undefined;
}

function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
