// What deciding about a conversation needs to know: the head of its fold, the commands it has seen, the slots it has followed, whether a visitor waits, the buttons and surveys he was given, and where the dialogue was mailed.
import type { CardButton, ConversationEvent, Survey } from '@continuo/contracts';
import { applyListed, type Listed } from '@continuo/transcript';

/** A visitor waits for an answer to what he wrote into the chat. */
export interface Wait {
  /** Number of the first message that nobody answered. */
  since: number;
  at: number;
  /** He has ended the dialogue himself. */
  left?: true;
  /** It was said that this chat is missed. */
  missed?: true;
}

export interface ConversationState {
  head: Listed | undefined;
  /** Command or causing event → number of the event it led to. */
  commands: ReadonlyMap<string, number>;
  wait?: Wait | undefined;
  /** Number of a message with a card → its buttons. */
  buttons: ReadonlyMap<number, readonly CardButton[]>;
  /** Number of a message with a survey → its questions, until they are answered. */
  surveys: ReadonlyMap<number, Survey | 'answered'>;
  /** Where the dialogue was asked to be mailed to. */
  transcripts: readonly { number: number; email: string; at: number }[];
}

export const unknownConversation: ConversationState = {
  head: undefined,
  commands: new Map(),
  buttons: new Map(),
  surveys: new Map(),
  transcripts: [],
};

/** Folds any number of events at once, so that loading a long conversation copies its command ids once. */
export function evolve(state: ConversationState, ...events: ConversationEvent[]): ConversationState {
  let { head, wait, buttons, surveys, transcripts } = state;
  const commands = new Map(state.commands);
  for (const event of events) {
    head = applyListed(head, event);
    wait = waitAfter(wait, event);
    if (event.type === 'message-sent' && event.data.card?.buttons)
      buttons = new Map(buttons).set(event.number, event.data.card.buttons);
    if (event.type === 'message-sent' && event.data.survey)
      surveys = new Map(surveys).set(event.number, event.data.survey);
    if (event.type === 'survey-answered') surveys = new Map(surveys).set(event.data.message, 'answered');
    if (event.type === 'transcript-requested')
      transcripts = [...transcripts, { number: event.number, email: event.data.email, at: event.time }];
    if (!commands.has(event.cause)) commands.set(event.cause, event.number);
  }
  return { head, commands, wait, buttons, surveys, transcripts };
}

function waitAfter(wait: Wait | undefined, event: ConversationEvent): Wait | undefined {
  switch (event.type) {
    case 'conversation-started':
    case 'message-sent': {
      const { author, channel } = event.data;
      if (author.kind === 'agent') return undefined;
      // Whoever writes by mail does not sit and wait.
      if (author.kind !== 'visitor' || channel === 'mail') return wait;
      return wait && !wait.left ? wait : { since: event.number, at: event.time };
    }
    // He knows that he is answered, or called, later.
    case 'offline-message-left':
    case 'callback-requested':
      return undefined;
    case 'conversation-missed':
      return wait && { ...wait, missed: true };
    case 'conversation-closed':
      return event.data.by.kind === 'visitor' && wait ? { ...wait, left: true } : undefined;
    default:
      return wait;
  }
}
