// The visitor says how well he was helped: while he talks or after it, as often as he likes; what he said last counts.
import type { CommandData } from '@continuo/contracts';
import { decided, nothing, refused } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, cleaned, conversationUnknown, isItsVisitor, notAParticipant } from '../participants.ts';

export const rate: Decide<CommandData<'rate'>> = ({ head }, { score, comment = '' }, context) => {
  if (!head) return conversationUnknown;
  if (!isItsVisitor(head, context)) return context.actor.kind === 'visitor' ? conversationUnknown : notAParticipant;
  if (head.lastOf.agent === 0) return refused('not-answered', 'Nobody has answered yet.');
  const words = cleaned(comment);
  if (head.rating?.score === score && (head.rating.comment ?? '') === words) return nothing(head.rating.number);
  return decided('rating-given', {
    by: authorOf(context, head.contact.name),
    score,
    ...(words && { comment: words }),
  });
};
