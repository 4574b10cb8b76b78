// The first message begins the conversation; both are one event. The id follows from the command, so a repeat meets its own event.
import type { CommandData } from '@continuo/contracts';
import { decided, nothing, refused } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, cleaned, cleanedName } from '../participants.ts';

export const startConversation: Decide<CommandData<'start-conversation'>> = (
  state,
  { text, files, language, page, name },
  context,
) => {
  if (state.head) return nothing(1);
  if (context.actor.kind !== 'visitor') return refused('not-allowed', 'Only a visitor begins a conversation.');
  const words = cleaned(text);
  const called = name === undefined ? '' : cleanedName(name);
  if (!words && !files) return refused('invalid', 'The message is empty.');
  return decided('conversation-started', {
    visitor: context.actor.id,
    author: authorOf(context, called || undefined),
    text: words,
    ...(files && { files }),
    language,
    channel: 'chat',
    ...(page && { page }),
    ...(called && { contact: { name: called } }),
  });
};
