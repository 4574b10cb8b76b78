// The visitor asks for the dialogue by mail. Whoever was never answered could use it to mail strangers what he likes, so nobody gets one before an answer,
// and nobody many. Asked again for the same address while nothing new was said, it is the same mail.
import { type CommandData, email as emailSchema } from '@continuo/contracts';
import { decided, nothing, refused } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, conversationUnknown, isItsVisitor, notAParticipant } from '../participants.ts';

const MOST_A_DAY = 5;
const DAY = 86_400_000;

export const requestTranscript: Decide<CommandData<'request-transcript'>> = (
  { head, transcripts },
  { email },
  context,
) => {
  if (!head) return conversationUnknown;
  if (!isItsVisitor(head, context)) return context.actor.kind === 'visitor' ? conversationUnknown : notAParticipant;
  if (head.lastOf.agent === 0) return refused('not-answered', 'Nobody has answered yet.');
  const address = emailSchema.safeParse(email.trim());
  if (!address.success) return refused('invalid-email', 'This does not look like an e-mail.');
  const same = transcripts.findLast((one) => one.email === address.data);
  if (same && same.number > Math.max(head.lastOf.agent, head.lastOf.visitor)) return nothing(same.number);
  if (transcripts.filter(({ at }) => at > context.now - DAY).length >= MOST_A_DAY)
    return refused('enough-mails', 'The dialogue was mailed often enough today.');
  return decided('transcript-requested', { by: authorOf(context, head.contact.name), email: address.data });
};
