// MongoDB's picture of the conversations: the fold of each, written whole, and its events, each under its own key. Events that arrive while one write is in
// flight share the next; order, redelivery and replicas do not matter.

import { type Bus, done, load, type Outcome } from '@continuo/bus';
import type { ConversationEvent, ConversationSummary, InboxFilter } from '@continuo/contracts';
import { insertAbsent, isStoreOutage, type Store, writeFolds } from '@continuo/store';
import { applyListed, GapError, isOpen, type Listed, summarise } from '@continuo/transcript';

/** Names of the two collections: a rebuild fills others beside these. */
export interface Collections {
  conversations: string;
  events: string;
}
export const LIVE: Collections = { conversations: 'conversations', events: 'conversation_events' };
const MOST_CACHED = 5_000;

interface HeadDocument {
  _id: string;
  number: number;
  view: Listed;
  site: string;
  visitor: string;
  agent: string | null;
  status: string;
  tasks: 'open' | 'done' | null;
  updatedAt: number;
}

export async function prepareTranscriptView({ connection }: Store, names = LIVE): Promise<void> {
  await connection
    .collection(names.conversations)
    .createIndexes([
      { key: { site: 1, updatedAt: -1 } },
      { key: { site: 1, status: 1, updatedAt: -1 } },
      { key: { site: 1, agent: 1, status: 1, updatedAt: -1 } },
      { key: { site: 1, visitor: 1, updatedAt: -1 } },
      { key: { site: 1, tasks: 1, updatedAt: -1 } },
    ]);
  await connection.collection(names.events).createIndexes([{ key: { conversation: 1, number: 1 } }]);
}

/** The handler for every event of a conversation. It resolves when the write that holds the event is durable. */
export function transcriptView(bus: Bus, { connection }: Store, names = LIVE) {
  const heads = new Map<string, Listed>();
  const waiting: { event: ConversationEvent; settle: (error?: unknown) => void }[] = [];
  let writing = false;

  async function headAfter(event: ConversationEvent): Promise<Listed> {
    const known = heads.get(event.key);
    try {
      const head = applyListed(known, event);
      return keep(head);
    } catch (error) {
      if (!(error instanceof GapError)) throw error;
      const { events } = await load(bus, 'CONVERSATION', event.site, event.key);
      let head: Listed | undefined;
      for (const one of events) head = applyListed(head, one);
      if (!head) throw error;
      return keep(head);
    }
  }

  function keep(head: Listed): Listed {
    heads.delete(head.conversation);
    heads.set(head.conversation, head);
    if (heads.size > MOST_CACHED) heads.delete(heads.keys().next().value as string);
    return head;
  }

  async function write(events: ConversationEvent[], after: ReadonlyMap<string, Listed>): Promise<void> {
    await insertAbsent(
      connection,
      names.events,
      events.map((event) => ({
        _id: `${event.key}:${event.number}`,
        conversation: event.key,
        site: event.site,
        number: event.number,
        event,
      })),
    );
    const folds = [...new Set(events.map(({ key }) => key))].map((key) => after.get(key) as Listed);
    await writeFolds(
      connection,
      names.conversations,
      folds.map((head) => ({
        id: head.conversation,
        number: head.number,
        view: head,
        indexed: {
          site: head.site,
          visitor: head.visitor,
          agent: head.agent?.id ?? null,
          status: head.status,
          tasks: tasksOf(head),
          updatedAt: head.updatedAt,
        },
      })),
    );
  }

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const latest = new Map<string, Listed>();
      const batch: typeof waiting = [];
      // An event that cannot be folded fails alone: the others of its batch are written.
      for (const one of waiting.splice(0))
        try {
          latest.set(one.event.key, await headAfter(one.event));
          batch.push(one);
        } catch (error) {
          one.settle(error);
        }
      const events = batch.map(({ event }) => event);
      try {
        await write(events, latest);
        for (const { settle } of batch) settle();
      } catch (error) {
        // So does one that MongoDB refuses; a MongoDB that is away refuses all alike.
        for (const { event, settle } of batch)
          if (batch.length === 1 || isStoreOutage(error)) settle(error);
          else await write([event], latest).then(() => settle(), settle);
      }
    }
    writing = false;
  }

  return (event: ConversationEvent): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      waiting.push({ event, settle: (error) => (error === undefined ? resolve(done) : reject(error)) });
      if (!writing) void writeAll();
    });
}

function tasksOf({ tasks }: Listed): HeadDocument['tasks'] {
  if (!tasks) return null;
  return tasks.some(isOpen) ? 'open' : 'done';
}

export async function readEvents(
  { connection }: Store,
  site: string,
  conversation: string,
  after: number,
  limit: number,
): Promise<ConversationEvent[]> {
  const documents = await connection
    .collection<{ event: ConversationEvent; site: string; conversation: string; number: number }>(LIVE.events)
    .find({ conversation, site, number: { $gt: after } }, { projection: { event: 1 } })
    .sort({ number: 1 })
    .limit(limit)
    .toArray();
  return documents.map(({ event }) => event);
}

/** A page of the inbox, latest first. The border itself is given again: several conversations may share its moment, and lists go by id. */
export async function readInbox(
  { connection }: Store,
  site: string,
  filter: InboxFilter,
  agent: string,
  before: number | undefined,
  limit: number,
): Promise<{ conversations: ConversationSummary[]; more: boolean }> {
  const which = {
    mine: { agent, status: { $in: ['waiting', 'open'] } },
    unassigned: { agent: null, status: 'waiting' },
    all: {},
    closed: { status: 'closed' },
    tasks: { tasks: 'open' as const },
    'tasks-done': { tasks: 'done' as const },
  }[filter];
  const documents = await connection
    .collection<HeadDocument>(LIVE.conversations)
    .find({ site, ...which, ...(before !== undefined && { updatedAt: { $lte: before } }) })
    .sort({ updatedAt: -1 })
    .limit(limit + 1)
    .toArray();
  return {
    conversations: documents.slice(0, limit).map(({ view }) => summarise(view)),
    more: documents.length > limit,
  };
}

export async function latestOfVisitor(
  { connection }: Store,
  site: string,
  visitor: string,
): Promise<{ conversation: string; number: number } | undefined> {
  const [document] = await connection
    .collection<HeadDocument>(LIVE.conversations)
    .find({ site, visitor })
    .sort({ updatedAt: -1 })
    .limit(1)
    .toArray();
  return document && { conversation: document._id, number: document.number };
}
