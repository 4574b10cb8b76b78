// What deciding about a conversation needs to know: the head of its fold, the commands it has seen and the slots it has followed.
import type { ConversationEvent } from '@continuo/contracts';
import { applyHead, type TranscriptHead } from '@continuo/transcript';

export interface ConversationState {
  head: TranscriptHead | undefined;
  /** Command or causing event → number of the event it led to. */
  commands: ReadonlyMap<string, number>;
}

export const unknownConversation: ConversationState = { head: undefined, commands: new Map() };

/** Folds any number of events at once, so that loading a long conversation copies its command ids once. */
export function evolve(state: ConversationState, ...events: ConversationEvent[]): ConversationState {
  let head = state.head;
  const commands = new Map(state.commands);
  for (const event of events) {
    head = applyHead(head, event);
    if (!commands.has(event.cause)) commands.set(event.cause, event.number);
  }
  return { head, commands };
}
