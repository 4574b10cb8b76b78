// Ends the dialogue: its visitor, the agent who has it, or a supervisor. Ending an ended one is nothing to do.
import type { CommandData } from '@continuo/contracts';
import { decided, nothing } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, conversationUnknown, isEmployee, isItsVisitor, notAParticipant } from '../participants.ts';

export const close: Decide<CommandData<'close'>> = ({ head }, { reason }, context) => {
  if (!head) return conversationUnknown;
  const visitor = isItsVisitor(head, context);
  if (!visitor && !isEmployee(context)) return context.actor.kind === 'visitor' ? conversationUnknown : notAParticipant;
  if (head.status === 'closed') return nothing(head.number);
  const supervises = context.actor.role === 'supervisor' || context.actor.role === 'admin';
  if (!visitor && !supervises && !context.hasSlot && head.agent?.id !== context.actor.id) return notAParticipant;
  return decided('conversation-closed', {
    by: authorOf(context, head.contact.name),
    reason: visitor ? 'left' : reason,
  });
};
