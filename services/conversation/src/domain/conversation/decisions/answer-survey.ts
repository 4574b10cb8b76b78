// The visitor answers the questions on a message: once, all or some of them, also after the end; a dialogue that is over stays so.
import type { CommandData } from '@continuo/contracts';
import { decided, refused } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, conversationUnknown, isItsVisitor, notAParticipant } from '../participants.ts';
import { answersTo } from '../surveys.ts';

export const answerSurvey: Decide<CommandData<'answer-survey'>> = (
  { head, surveys },
  { message, answers },
  context,
) => {
  if (!head) return conversationUnknown;
  if (!isItsVisitor(head, context)) return context.actor.kind === 'visitor' ? conversationUnknown : notAParticipant;
  const survey = surveys.get(message);
  if (!survey) return refused('survey-unknown', 'There is no survey on this message.');
  if (survey === 'answered')
    return refused('already-answered', 'This survey has been answered already. What was said first counts.');
  const said = answersTo(survey, answers);
  if (!said) return refused('invalid', 'An answer does not fit its question.');
  return decided('survey-answered', {
    by: authorOf(context, head.contact.name),
    message,
    title: survey.title,
    answers: said,
  });
};
