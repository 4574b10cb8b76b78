// With nobody available a visitor leaves message and e-mail. While anybody is available there is never a form: then it is refused.
import { type CommandData, email as emailSchema } from '@continuo/contracts';
import { decided, nothing, refused } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, cleaned, conversationUnknown, isItsVisitor } from '../participants.ts';

export const leaveOfflineMessage: Decide<CommandData<'leave-offline-message'>> = (
  { head, commands },
  { conversation, text, email, phone, language, page },
  context,
) => {
  if (context.actor.kind !== 'visitor') return refused('not-allowed', 'Only a visitor leaves an offline message.');
  if (conversation !== undefined && !head) return conversationUnknown;
  if (head && !isItsVisitor(head, context)) return conversationUnknown;
  const before = commands.get(context.id);
  if (before !== undefined) return nothing(before);
  if (context.availability === 'free' || context.availability === 'busy')
    return refused('agent-available', 'Somebody is here now: just write.');
  const address = emailSchema.safeParse(email.trim());
  if (!address.success) return refused('invalid-email', 'This does not look like an e-mail.');
  const words = cleaned(text);
  if (!words) return refused('invalid', 'The message is empty.');
  return decided('offline-message-left', {
    visitor: context.actor.id,
    author: authorOf(context, head?.contact.name),
    text: words,
    email: address.data,
    ...(phone !== undefined && { phone }),
    language,
    ...(page && { page }),
    ...(head?.status === 'closed' && { reopens: 'widget' as const }),
  });
};
