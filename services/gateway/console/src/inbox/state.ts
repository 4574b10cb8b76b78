// What the list of dialogues knows: a summary of each, kept by the same fold as everywhere. Pure.
// An event that does not fit yet (its forerunner is missing) waits here and tells that the list must be asked again.
import type { ConversationEvent, ConversationSummary, InboxFilter } from '@continuo/contracts';
import type { ToAgent } from '@continuo/contracts/frames';
import { applyListed, GapError, type Listed, summarise } from '@continuo/transcript';

export interface Page {
  /** There are older ones than those loaded. */
  more: boolean;
  /** `updatedAt` of the oldest one an answer gave; the next page is asked before it. */
  before?: number;
}
export interface InboxState {
  loaded: boolean;
  heads: Record<string, Listed>;
  /** Events whose forerunners are missing, by conversation. */
  early: Record<string, ConversationEvent[]>;
  pages: Record<InboxFilter, Page>;
  /** What visitors type at the moment, by conversation. */
  typing: Record<string, string>;
}

export const initialInbox: InboxState = {
  loaded: false,
  heads: {},
  early: {},
  pages: {
    mine: { more: true },
    unassigned: { more: true },
    all: { more: true },
    closed: { more: true },
    tasks: { more: true },
    'tasks-done': { more: true },
  },
  typing: {},
};

export function receiveInInbox(state: InboxState, frame: ToAgent): InboxState {
  // What changed while the connection was lost is among the newest; older pages stay as they were.
  if (frame.t === 'welcome')
    return { ...mergeSummaries({ ...state, early: {}, typing: {} }, frame.inbox), loaded: true };
  if (frame.t === 'event') return fold(state, frame.event);
  if (frame.t === 'transcript') return frame.events.reduce((next, event) => fold(next, event, 'known'), state);
  if (frame.t === 'typing' && frame.by.kind === 'visitor') return setTyping(state, frame.conversation, frame.text);
  if (frame.t === 'presence' && !frame.online)
    return Object.keys(state.typing)
      .filter((conversation) => state.heads[conversation]?.visitor === frame.visitor)
      .reduce((next, conversation) => setTyping(next, conversation, undefined), state);
  return state;
}

/** A page of an answer: what is newer here stays, the rest is taken over; events that waited follow. */
export function mergeSummaries(state: InboxState, summaries: readonly ConversationSummary[]): InboxState {
  const heads = { ...state.heads };
  let early = state.early;
  for (const summary of summaries) {
    const id = summary.conversation;
    if ((heads[id]?.number ?? 0) >= summary.number) continue;
    heads[id] = headOf(summary);
    const { [id]: waiting, ...others } = early;
    if (!waiting) continue;
    const { head, rest } = applyAll(heads[id], waiting);
    heads[id] = head;
    early = rest.length > 0 ? { ...others, [id]: rest } : others;
  }
  return { ...state, heads, early };
}

export function addPage(
  state: InboxState,
  filter: InboxFilter,
  answer: { conversations: ConversationSummary[]; more: boolean },
): InboxState {
  const oldest = answer.conversations.at(-1)?.updatedAt;
  const page: Page = { more: answer.more, ...(oldest !== undefined && { before: oldest }) };
  return { ...mergeSummaries(state, answer.conversations), pages: { ...state.pages, [filter]: page } };
}

/** Whether the list knows that it does not know something. */
export const hasGaps = (state: InboxState): boolean => Object.keys(state.early).length > 0;

/** @param trust `known`: events of a backfill may be older than all the list has, then they are no gap */
function fold(state: InboxState, event: ConversationEvent, trust: 'live' | 'known' = 'live'): InboxState {
  const id = event.key;
  const known = state.heads[id];
  if (known && event.number <= known.number) return state;
  const { [id]: waiting = [], ...others } = state.early;
  const { head, rest } = applyAll(known, [...waiting, event]);
  if (rest.length > 0 && trust === 'known') return state;
  const said = event.type === 'message-sent' && event.data.author.kind === 'visitor';
  const next = said ? setTyping(state, id, undefined) : state;
  return {
    ...next,
    heads: head ? { ...state.heads, [id]: head } : state.heads,
    early: rest.length > 0 ? { ...others, [id]: rest } : others,
  };
}

function applyAll<Head extends Listed | undefined>(
  start: Head,
  events: ConversationEvent[],
): { head: Head; rest: ConversationEvent[] } {
  const inOrder = events.toSorted((one, other) => one.number - other.number);
  let head: Listed | undefined = start;
  for (const [index, event] of inOrder.entries()) {
    try {
      head = applyListed(withSlotOf(head, event), event);
    } catch (error) {
      if (error instanceof GapError) return { head: head as Head, rest: inOrder.slice(index) };
      throw error;
    }
  }
  return { head: head as Head, rest: [] };
}

/** A summary does not tell the slot; a release of the agent it names is of that slot. */
function withSlotOf(head: Listed | undefined, event: ConversationEvent): Listed | undefined {
  if (event.type !== 'agent-released' || !head || head.slot !== undefined) return head;
  return head.agent?.id === event.data.agent.id ? { ...head, slot: event.data.slot } : head;
}

/** A head that goes on from a summary; what summaries leave out is not shown in lists. */
const headOf = (summary: ConversationSummary): Listed => {
  const unlisted = {
    site: '',
    participants: {},
    read: { visitor: 0, agent: 0 },
    lastOf: { visitor: 0, agent: 0 },
    messageCount: 0,
  };
  return { ...unlisted, ...(summary as Omit<Listed, keyof typeof unlisted>) };
};

function setTyping(state: InboxState, conversation: string, text: string | undefined): InboxState {
  if ((state.typing[conversation] ?? '') === (text ?? '')) return state;
  const { [conversation]: _old, ...others } = state.typing;
  return { ...state, typing: text ? { ...others, [conversation]: text } : others };
}

export const summariesOf = (state: InboxState): ConversationSummary[] => Object.values(state.heads).map(summarise);
