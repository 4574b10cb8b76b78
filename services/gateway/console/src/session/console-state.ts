// All that the console shows, in one value. Pure: each frame goes through the state of every screen that hears it.
import type { ToAgent } from '@continuo/contracts/frames';
import { type Dialogue, openedDialogue, receiveInDialogue } from '../conversation/state.ts';
import { type CrmsState, initialCrms, reported, saidSomething } from '../crm/connections.ts';
import { type InboxState, initialInbox, receiveInInbox } from '../inbox/state.ts';
import { type Cards, withFact, withPage } from '../visitor-card/state.ts';
import { type Outbox, settle } from './outbox.ts';
import { initialSession, receiveInSession, type SessionState } from './state.ts';

export interface ConsoleState {
  session: SessionState;
  inbox: InboxState;
  /** Dialogues on the screen or lately there, by conversation. */
  dialogues: Record<string, Dialogue>;
  cards: Cards;
  crms: CrmsState;
  outbox: Outbox;
  /** Dialogues that close at the given time unless the agent takes it back. */
  closing: Record<string, number>;
  /** The last thing worth saying that belongs to no place on the screen. */
  notice?: { key: number; refusal: string; words: string };
}

export const initialConsole: ConsoleState = {
  session: initialSession,
  inbox: initialInbox,
  dialogues: {},
  cards: {},
  crms: initialCrms,
  outbox: [],
  closing: {},
};

export function receive(state: ConsoleState, frame: ToAgent, now: number): ConsoleState {
  return {
    ...state,
    session: receiveInSession(state.session, frame, now),
    inbox: receiveInInbox(state.inbox, frame),
    dialogues: receiveInDialogues(state, frame, now),
    cards: receiveInCards(state.cards, frame),
    crms: receiveInCrms(state.crms, frame),
    outbox: settle(state.outbox, frame),
  };
}

function receiveInCards(cards: Cards, frame: ToAgent): Cards {
  if (frame.t === 'fact') return withFact(cards, frame);
  return frame.t === 'page' ? withPage(cards, frame) : cards;
}

function receiveInCrms(crms: CrmsState, frame: ToAgent): CrmsState {
  if (frame.t === 'report') return reported(crms, frame);
  return frame.t === 'event' ? saidSomething(crms, frame) : crms;
}

function receiveInDialogues(state: ConsoleState, frame: ToAgent, now: number): ConsoleState['dialogues'] {
  const me = state.session.me?.id ?? '';
  if (frame.t === 'presence') return mapped(state.dialogues, (one) => receiveInDialogue(one, frame, now, me));
  const id = conversationOf(frame);
  const dialogue = id === undefined ? undefined : state.dialogues[id];
  if (id === undefined || !dialogue) return state.dialogues;
  return { ...state.dialogues, [id]: receiveInDialogue(dialogue, frame, now, me) };
}

function mapped<Value>(record: Record<string, Value>, change: (value: Value) => Value): Record<string, Value> {
  const entries = Object.entries(record).map(([key, value]) => [key, change(value)] as const);
  return entries.some(([key, value]) => value !== record[key]) ? Object.fromEntries(entries) : record;
}

function conversationOf(frame: ToAgent): string | undefined {
  if (frame.t === 'event') return frame.event.key;
  // A dialogue that cannot be opened is refused under its own id.
  if (frame.t === 'refused') return frame.id;
  if (frame.t === 'transcript' || frame.t === 'typing' || frame.t === 'delivered') return frame.conversation;
  return undefined;
}

/** The dialogue is asked for, from the number known: its backfill is on the way. */
export const asked = (state: ConsoleState, conversation: string): ConsoleState => ({
  ...state,
  dialogues: {
    ...state.dialogues,
    [conversation]: { ...(state.dialogues[conversation] ?? openedDialogue), loading: true, absent: false },
  },
});

export const withoutKey = <Value>(record: Record<string, Value>, key: string): Record<string, Value> => {
  const { [key]: _gone, ...rest } = record;
  return rest;
};
