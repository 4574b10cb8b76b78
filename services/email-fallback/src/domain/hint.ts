// When is it worth looking at a conversation because of an event? Cheap and from the event alone; whether a mail is due is decided in due.ts.
import type { HeardBy, Stored } from '@continuo/contracts';

export type Watched = Stored<Exclude<HeardBy<'email-fallback'>, 'transcript-requested'>>;

/** @returns the time to look; undefined when the event can make no mail due */
export function hintAt(event: Watched, delayMs: number): number | undefined {
  switch (event.type) {
    case 'conversation-started':
    case 'message-sent':
      return event.data.author.kind === 'agent' ? event.time + delayMs : undefined;
    // Whoever has just told his e-mail is there: he has the delay to see the answers himself.
    case 'offline-message-left':
      return event.time + delayMs;
    case 'contact-identified':
      return event.data.contact.email === undefined ? undefined : event.time + delayMs;
    // Nothing is cancelled: the timer that stands may be that of a later answer, and it decides anew anyway.
    case 'messages-read':
      return undefined;
  }
}
