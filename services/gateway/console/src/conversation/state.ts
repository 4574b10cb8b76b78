// One dialogue on the screen: its transcript by the common fold, who types, what the visitor's screen has. Pure.
// Events may come before the backfill that they follow; they wait here until their forerunners are there.
import type { ConversationEvent } from '@continuo/contracts';
import type { ToAgent, TypingFrame } from '@continuo/contracts/frames';
import { apply, GapError, type Transcript } from '@continuo/transcript';
import { againAfter } from '../session/protocol.ts';

export interface Typing {
  text?: string;
  until: number;
}
export interface Dialogue {
  transcript?: Transcript;
  /** The backfill has not reached the head yet. */
  loading: boolean;
  /** The server knows no such dialogue. */
  absent: boolean;
  early: ConversationEvent[];
  /** Number up to which the visitor's screen has everything. */
  delivered: number;
  visitorTyping?: Typing;
  /** Colleagues who write here at the moment, by id. */
  colleagues: Record<string, { name: string; until: number }>;
}

export const openedDialogue: Dialogue = { loading: true, absent: false, early: [], delivered: 0, colleagues: {} };

/** A preview without news is kept so long; a mere "is typing" shorter, since it is repeated while he types. */
const PREVIEW_MS = 60_000;
const TYPING_MS = 6000;

/** @param me the agent himself, whose typing on another screen says nothing new */
export function receiveInDialogue(dialogue: Dialogue, frame: ToAgent, now: number, me: string): Dialogue {
  switch (frame.t) {
    case 'transcript': {
      // More than there is: a copy of another time, e.g. from before a restore.
      if (numberOf(dialogue) > frame.head) return { ...openedDialogue, loading: false };
      const next = absorb(dialogue, frame.events);
      const number = next.transcript?.number ?? 0;
      return { ...next, loading: frame.more || number < frame.head, absent: frame.head === 0 && number === 0 };
    }
    case 'event':
      return absorb(dialogue, [frame.event]);
    case 'refused':
      return againAfter(frame) === undefined ? { ...dialogue, loading: false, absent: true } : dialogue;
    case 'presence':
      return frame.online || dialogue.transcript?.visitor !== frame.visitor ? dialogue : withoutPreview(dialogue);
    case 'typing':
      return typed(dialogue, frame, now, me);
    case 'delivered':
      return frame.to === 'visitor' ? { ...dialogue, delivered: Math.max(dialogue.delivered, frame.upTo) } : dialogue;
    default:
      return dialogue;
  }
}

/** Events came whose forerunners nobody is bringing, or the copy was dropped: ask for what follows `numberOf`. */
export const hasGap = ({ loading, absent, early, transcript }: Dialogue): boolean =>
  !loading && (early.length > 0 || (!absent && !transcript));
export const numberOf = (dialogue: Dialogue | undefined): number => dialogue?.transcript?.number ?? 0;

function absorb(dialogue: Dialogue, events: readonly ConversationEvent[]): Dialogue {
  const inOrder = [...dialogue.early, ...events].sort((one, other) => one.number - other.number);
  let transcript = dialogue.transcript;
  let done = 0;
  for (const event of inOrder) {
    try {
      transcript = apply(transcript, event);
      done++;
    } catch (error) {
      if (!(error instanceof GapError)) throw error;
      break;
    }
  }
  const next: Dialogue = { ...dialogue, early: inOrder.slice(done), ...(transcript && { transcript }) };
  return events.some(isVisitorsMessage) ? withoutPreview(next) : next;
}

const isVisitorsMessage = (event: ConversationEvent): boolean =>
  (event.type === 'message-sent' && event.data.author.kind === 'visitor') || event.type === 'offline-message-left';

function withoutPreview({ visitorTyping: _typing, ...dialogue }: Dialogue): Dialogue {
  return dialogue;
}

function typed(dialogue: Dialogue, { by, text }: TypingFrame, now: number, me: string): Dialogue {
  if (by.kind === 'agent') {
    if (by.id === me) return dialogue;
    const writer = { name: by.name ?? '', until: now + TYPING_MS };
    return { ...dialogue, colleagues: { ...dialogue.colleagues, [by.id]: writer } };
  }
  if (text === '') return withoutPreview(dialogue);
  const visitorTyping = {
    ...(text !== undefined && { text }),
    until: now + (text === undefined ? TYPING_MS : PREVIEW_MS),
  };
  return { ...dialogue, visitorTyping };
}
