// Reading only moves forward, and not past what was written by the other side.
import type { CommandData } from '@continuo/contracts';
import { decided, nothing } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, conversationUnknown, isEmployee, isItsVisitor, notAParticipant } from '../participants.ts';

export const markRead: Decide<CommandData<'mark-read'>> = ({ head }, { upTo }, context) => {
  if (!head) return conversationUnknown;
  const visitor = isItsVisitor(head, context);
  if (!visitor && !isEmployee(context)) return context.actor.kind === 'visitor' ? conversationUnknown : notAParticipant;
  // A supervisor who looks in has not read it for the agent who has the dialogue.
  if (!visitor && head.agent?.id !== context.actor.id) return notAParticipant;
  const others = visitor ? head.lastOf.agent : head.lastOf.visitor;
  const reached = Math.min(upTo, others);
  if (reached <= head.read[visitor ? 'visitor' : 'agent']) return nothing(head.number);
  return decided('messages-read', { by: authorOf(context, head.contact.name), upTo: reached });
};
