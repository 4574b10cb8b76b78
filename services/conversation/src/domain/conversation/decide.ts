// decide(state, command, context) for every command of a conversation: one file a command, looked up by its catalogue name. Pure.
import type { Actor, AgentRef, Availability, CommandData, OnStream, SiteSettings } from '@continuo/contracts';
import { type Decision, nothing } from '../decision.ts';
import { answerSurvey } from './decisions/answer-survey.ts';
import { close } from './decisions/close.ts';
import { finishTask } from './decisions/finish-task.ts';
import { identifyContact } from './decisions/identify-contact.ts';
import { leaveOfflineMessage } from './decisions/leave-offline-message.ts';
import { markRead } from './decisions/mark-read.ts';
import { rate } from './decisions/rate.ts';
import { requestCallback } from './decisions/request-callback.ts';
import { requestTranscript } from './decisions/request-transcript.ts';
import { sendMessage } from './decisions/send-message.ts';
import { startConversation } from './decisions/start-conversation.ts';
import { conversationUnknown, isItsVisitor } from './participants.ts';
import type { ConversationState } from './state.ts';

export interface DecideContext {
  /** Id of the command. */
  id: string;
  actor: Actor;
  /** Who the actor is to others, when he is an agent of the site. */
  agent?: AgentRef | undefined;
  /** The desk holds the dialogue for the acting agent: it says so before the conversation does. */
  hasSlot: boolean;
  availability: Availability;
  site?: SiteSettings | undefined;
  now: number;
}
export type ConversationDecision = Decision<OnStream<'CONVERSATION'>>;
export type Decide<Data> = (state: ConversationState, data: Data, context: DecideContext) => ConversationDecision;

const decisions = {
  'start-conversation': startConversation,
  'send-message': sendMessage,
  'leave-offline-message': leaveOfflineMessage,
  'request-callback': requestCallback,
  'finish-task': finishTask,
  'mark-read': markRead,
  close,
  rate,
  'answer-survey': answerSurvey,
  'request-transcript': requestTranscript,
  'identify-contact': identifyContact,
} as const;
export type ConversationCommand = keyof typeof decisions;

/** A command whose id was seen before changes nothing and names the event it led to – to nobody but who may see the dialogue. */
export function decide<K extends ConversationCommand>(
  name: K,
  state: ConversationState,
  data: CommandData<K>,
  context: DecideContext,
): ConversationDecision {
  const before = state.commands.get(context.id);
  if (before !== undefined) {
    const stranger = context.actor.kind === 'visitor' && !(state.head && isItsVisitor(state.head, context));
    return stranger ? conversationUnknown : nothing(before);
  }
  return (decisions[name] as Decide<CommandData<K>>)(state, data, context);
}
