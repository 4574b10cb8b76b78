// A message of the visitor, or of the agent who has the dialogue. Into a closed conversation it opens it again, where it stopped.
// Cards and surveys are the employees' alone, buttons the visitor's: by one he says its label, whatever his browser calls it. A survey goes out as the site
// has it at this moment.
import type { CommandData } from '@continuo/contracts';
import { decided, refused } from '../../decision.ts';
import { cleanedCard } from '../cards.ts';
import type { Decide } from '../decide.ts';
import { authorOf, cleaned, conversationUnknown, isEmployee, isItsVisitor, notAParticipant } from '../participants.ts';
import { cleanedSurvey } from '../surveys.ts';

export const sendMessage: Decide<CommandData<'send-message'>> = (
  { head, buttons },
  { text, files, card, survey, pressed, from },
  context,
) => {
  if (!head) return conversationUnknown;
  const visitor = isItsVisitor(head, context);
  if (!visitor && !isEmployee(context)) return context.actor.kind === 'visitor' ? conversationUnknown : notAParticipant;
  if (!visitor && !context.hasSlot && head.agent?.id !== context.actor.id) return notAParticipant;
  if (card && visitor) return refused('not-allowed', 'Only an employee sends cards.');
  if (survey && visitor) return refused('not-allowed', 'Only an employee sends surveys.');
  if (pressed && !visitor) return refused('not-allowed', 'Only the visitor presses a button.');
  const button = pressed && buttons.get(pressed.message)?.[pressed.button - 1];
  if (pressed && (!button || button.link !== undefined)) return refused('button-unknown', 'There is no such button.');
  const words = button?.label ?? cleaned(text);
  const shown = card && cleanedCard(card);
  if (card && (!words || !shown)) return refused('invalid', 'A card has words, and a title, a picture or buttons.');
  const kept = survey && context.site?.surveys?.find(({ id }) => id === survey);
  const asked = kept && cleanedSurvey(kept);
  if (survey && !asked) return refused('survey-unknown', 'The site has no such survey any more.');
  if (survey && !words) return refused('invalid', 'A survey has words beside it.');
  if (!words && !files) return refused('invalid', 'The message is empty.');
  return decided('message-sent', {
    author: authorOf(context, head.contact.name),
    text: words,
    ...(files && { files }),
    ...(shown && { card: shown }),
    ...(asked && { survey: asked }),
    ...(pressed && { pressed }),
    channel: from === 'mail' ? 'mail' : 'chat',
    ...(head.status === 'closed' && { reopens: visitor ? 'widget' : (from ?? 'console') }),
  });
};
