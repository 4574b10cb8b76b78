// What other services may ask: transcripts, the inbox, a visitor's conversation, the desk. Each answer is limited to what the asking actor may see.

import { type Bus, handledUpTo, load, refuse, scan } from '@continuo/bus';
import type { ConversationEvent, Envelope, QueryAsk, QueryReply } from '@continuo/contracts';
import { isStoreOutage, type Store } from '@continuo/store';
import { summaryOf } from './domain/desk/state.ts';
import type { Domain } from './handle.ts';
import { latestOfVisitor, readEvents, readInbox } from './views/transcript-view.ts';

const PAGE_EVENTS = 500;
const PAGE_BYTES = 400_000;

export function queryHandlers(bus: Bus, store: Store, domain: Domain) {
  const isEmployee = ({ actor, site }: Envelope): boolean =>
    actor.kind === 'agent' && domain.settings.agent(site, actor.id) !== undefined;
  const employeesOnly = refuse('not-allowed' as const, 'Only employees of the site see this.');

  return {
    transcript: async (
      envelope: Envelope,
      { conversation, after }: QueryAsk<'transcript'>,
    ): Promise<QueryReply<'transcript'>> => {
      const { state, seq } = await domain.conversations.current(envelope.site, conversation);
      const head = state.head;
      const mayRead =
        head && (isEmployee(envelope) || (envelope.actor.kind === 'visitor' && head.visitor === envelope.actor.id));
      if (!head || !mayRead) return refuse('conversation-unknown', 'There is no such conversation.');
      if (after >= head.number) return { ok: true, events: [], head: head.number, more: false };
      const events = seq === 0 ? [] : await eventsAfter(envelope.site, conversation, after, head.number);
      const page = firstPage(events);
      return { ok: true, events: page, head: head.number, more: (page.at(-1)?.number ?? after) < head.number };
    },

    inbox: async (envelope: Envelope, { filter, before, limit }: QueryAsk<'inbox'>): Promise<QueryReply<'inbox'>> => {
      if (!isEmployee(envelope)) return employeesOnly;
      return { ok: true, ...(await readInbox(store, envelope.site, filter, envelope.actor.id, before, limit)) };
    },

    'visitor-conversation': async (
      { actor, site }: Envelope,
      { visitor }: QueryAsk<'visitor-conversation'>,
    ): Promise<QueryReply<'visitor-conversation'>> => {
      if (actor.kind === 'visitor' && actor.id !== visitor)
        return refuse('not-allowed', 'A visitor sees his own conversations.');
      const handled = await handledUpTo(bus, 'conversation-views');
      const shown = await latestOfVisitor(store, site, visitor);
      const begun = handled === undefined ? undefined : await latestBegun(site, visitor, handled);
      return { ok: true, number: 0, ...shown, ...begun };
    },

    desk: async ({ site }: Envelope): Promise<QueryReply<'desk'>> => ({
      ok: true,
      ...summaryOf((await domain.desks.current(site, '')).state),
    }),
  };

  /** What the visitor began after the sequence that the view has: a tab opened at once after the first message shows it, too. */
  async function latestBegun(
    site: string,
    visitor: string,
    afterSeq: number,
  ): Promise<{ conversation: string; number: number } | undefined> {
    let latest: { conversation: string; number: number } | undefined;
    for await (const page of scan(bus, afterSeq, site))
      for (const { key, number, data } of page)
        if (number === 1 && 'visitor' in data && data.visitor === visitor) latest = { conversation: key, number };
        else if (key === latest?.conversation) latest.number = number;
    return latest;
  }

  /** The view is the fast way; where it lags or MongoDB is away, the stream has everything. */
  async function eventsAfter(
    site: string,
    conversation: string,
    after: number,
    head: number,
  ): Promise<ConversationEvent[]> {
    let events: ConversationEvent[] = [];
    try {
      if (store.available())
        events = contiguous(await readEvents(store, site, conversation, after, PAGE_EVENTS), after);
    } catch (error) {
      if (!isStoreOutage(error)) throw error;
    }
    const last = events.at(-1);
    if ((last?.number ?? after) >= head || events.length === PAGE_EVENTS) return events;
    const rest = await load(bus, 'CONVERSATION', site, conversation, last?.seq ?? 0);
    return [...events, ...rest.events.filter(({ number }) => number > (last?.number ?? after))];
  }
}

function contiguous(events: ConversationEvent[], after: number): ConversationEvent[] {
  const end = events.findIndex(({ number }, index) => number !== after + index + 1);
  return end < 0 ? events : events.slice(0, end);
}

function firstPage(events: ConversationEvent[]): ConversationEvent[] {
  let bytes = 0;
  const page: ConversationEvent[] = [];
  for (const event of events.slice(0, PAGE_EVENTS)) {
    bytes += Buffer.byteLength(JSON.stringify(event));
    if (page.length > 0 && bytes > PAGE_BYTES) break;
    page.push(event);
  }
  return page;
}
