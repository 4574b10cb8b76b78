// A conversation's event as each side sees it. The table has a line for every event of the catalogue: a new one does not compile
// before it is decided what a visitor sees of it. Numbers are never left out, since a gap means loss to a client.
import type { ConversationEvent } from '@continuo/contracts';
import { encode } from './connection.ts';

export type Side = 'visitor' | 'agent';

const whole = <E>(event: E): E => event;
const toVisitor: {
  [K in ConversationEvent['type']]: (event: Extract<ConversationEvent, { type: K }>) => ConversationEvent;
} = {
  'conversation-started': whole,
  'message-sent': whole,
  'offline-message-left': whole,
  'messages-read': whole,
  'agent-assigned': whole,
  'agent-released': whole,
  // What others know of a person must not be readable by whoever names that person's e-mail.
  'contact-identified': (event) =>
    event.data.how === 'visitor-said' ? event : { ...event, data: { ...event.data, contact: {} } },
  'conversation-closed': whole,
  'callback-requested': whole,
  'conversation-missed': whole,
  'task-done': whole,
  'transcript-requested': whole,
  'rating-given': whole,
  'survey-answered': whole,
};

/** The event as this side may see it. */
export function shownTo(side: Side, event: ConversationEvent): ConversationEvent {
  if (side === 'agent') return event;
  return (toVisitor[event.type] as ((event: ConversationEvent) => ConversationEvent) | undefined)?.(event) ?? event;
}

/** A live event with its frames: each variant becomes bytes once, whatever the number of sockets. */
export interface LiveEvent {
  readonly number: number;
  readonly cause: string;
  bytesFor(side: Side): Buffer;
}

export function liveEvent(event: ConversationEvent): LiveEvent {
  const variant = shownTo('visitor', event);
  let whole: Buffer | undefined;
  let masked: Buffer | undefined;
  return {
    number: event.number,
    cause: event.cause,
    bytesFor(side) {
      if (side === 'agent' || variant === event) {
        whole ??= encode({ t: 'event', event });
        return whole;
      }
      masked ??= encode({ t: 'event', event: variant });
      return masked;
    },
  };
}
