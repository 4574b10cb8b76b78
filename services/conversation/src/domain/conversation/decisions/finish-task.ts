// An employee has done what the visitor waited for: called him, or looked after a chat that was missed. Any employee of the site may; once is enough.
import type { CommandData } from '@continuo/contracts';
import { decided, nothing, refused } from '../../decision.ts';
import type { Decide } from '../decide.ts';
import { authorOf, conversationUnknown, isEmployee, notAParticipant } from '../participants.ts';

export const finishTask: Decide<CommandData<'finish-task'>> = ({ head }, { task: number }, context) => {
  if (!head) return conversationUnknown;
  if (!isEmployee(context)) return context.actor.kind === 'visitor' ? conversationUnknown : notAParticipant;
  const task = head.tasks?.find((one) => one.number === number);
  if (!task) return refused('task-unknown', 'There is nothing of this kind to do.');
  if (task.done) return nothing(head.number);
  return decided('task-done', { task: number, kind: task.kind, by: authorOf(context) });
};
