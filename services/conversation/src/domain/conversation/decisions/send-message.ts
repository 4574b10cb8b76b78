// A message of the visitor, or of the agent who has the dialogue. Into a closed conversation it opens it again, where it stopped.
import type { CommandData } from '@continuo/contracts';
import { decided, refused } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, cleaned, conversationUnknown, isEmployee, isItsVisitor, notAParticipant } from '../participants.ts';

export const sendMessage: Decide<CommandData<'send-message'>> = ({ head }, { text, files, from }, context) => {
  if (!head) return conversationUnknown;
  const visitor = isItsVisitor(head, context);
  if (!visitor && !isEmployee(context)) return context.actor.kind === 'visitor' ? conversationUnknown : notAParticipant;
  if (!visitor && !context.hasSlot && head.agent?.id !== context.actor.id) return notAParticipant;
  const words = cleaned(text);
  if (!words && !files) return refused('invalid', 'The message is empty.');
  return decided('message-sent', {
    author: authorOf(context, head.contact.name),
    text: words,
    ...(files && { files }),
    channel: from === 'mail' ? 'mail' : 'chat',
    ...(head.status === 'closed' && { reopens: visitor ? 'widget' : (from ?? 'console') }),
  });
};
