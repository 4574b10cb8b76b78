// What an employee has to do besides answering in a dialogue: calls that were asked for, chats that were missed, messages left while nobody was there. Folded beside the head, for lists;
// the widget needs none of it. Pure.
import type { ConversationEvent, DialogueTask } from '@continuo/contracts';
import { applyHead } from './apply.ts';
import type { TranscriptHead } from './transcript.ts';

/** A dialogue as lists know it. */
export interface Listed extends TranscriptHead {
  /** Not there when there never was any. */
  tasks?: DialogueTask[];
}

/** As `applyHead`, with the tasks. */
export function applyListed<Head extends Listed>(listed: Head | undefined, event: ConversationEvent): Head {
  const head = applyHead(listed, event);
  if (head === listed) return listed;
  const tasks = tasksAfter(listed?.tasks ?? [], event);
  return tasks.length > 0 ? { ...head, tasks } : head;
}

function tasksAfter(tasks: DialogueTask[], event: ConversationEvent): DialogueTask[] {
  const { number, time: at } = event;
  switch (event.type) {
    case 'callback-requested': {
      const { phone, window, topic } = event.data;
      const details = { phone, ...(window && { window }), ...(topic !== undefined && { topic }) };
      return [...tasks, { kind: 'callback', number, at, ...details }];
    }
    case 'conversation-missed':
      return [...tasks, { kind: 'missed-chat', number, at, cause: event.data.cause }];
    case 'offline-message-left': {
      const { phone } = event.data;
      return [...tasks, { kind: 'offline-message', number, at, ...(phone !== undefined && { phone }) }];
    }
    // Whoever answers has not missed the visitor any longer; being written to is no call.
    case 'message-sent': {
      const { author } = event.data;
      if (author.kind !== 'agent') return tasks;
      return tasks.map((task) => (task.kind === 'callback' ? task : done(task, at, author)));
    }
    case 'task-done':
      return tasks.map((task) => (task.number === event.data.task ? done(task, at, event.data.by) : task));
    default:
      return tasks;
  }
}

const done = (task: DialogueTask, at: number, by: NonNullable<DialogueTask['done']>['by']): DialogueTask =>
  task.done ? task : { ...task, done: { at, by } };

export const isOpen = (task: DialogueTask): boolean => task.done === undefined;
