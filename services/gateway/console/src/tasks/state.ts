// What an employee has to do besides answering in a dialogue, in the order in which it is due. Pure. The tasks themselves come with each summary.
import type { Contact, ConversationSummary, DialogueTask } from '@continuo/contracts';
import { isOpen } from '@continuo/transcript';

export type TaskLine =
  | { kind: 'group'; group: 'to-do' | 'all-done' | 'done' }
  | { kind: 'task'; conversation: string; task: number };

interface Placed {
  conversation: string;
  task: DialogueTask;
}

/** Open ones first, who is due longest before the others; then what is done, the latest first. */
export function taskLines(summaries: readonly ConversationSummary[], search?: string): TaskLine[] {
  const placed = summaries.flatMap((summary) =>
    (summary.tasks ?? [])
      .filter((task) => matches(summary, task, search))
      .map((task): Placed => ({ conversation: summary.conversation, task })),
  );
  if (placed.length === 0) return [];
  const open = placed.filter(({ task }) => isOpen(task)).sort((one, other) => dueAt(one.task) - dueAt(other.task));
  const done = placed.filter(({ task }) => !isOpen(task)).sort((one, other) => doneAt(other.task) - doneAt(one.task));
  const line = ({ conversation, task }: Placed): TaskLine => ({ kind: 'task', conversation, task: task.number });
  return [
    { kind: 'group', group: open.length > 0 ? 'to-do' : 'all-done' },
    ...open.map(line),
    ...(open.length > 0 && done.length > 0 ? [{ kind: 'group', group: 'done' } as const] : []),
    ...done.map(line),
  ];
}

export const countOpen = (summaries: readonly ConversationSummary[]): number =>
  summaries.reduce((sum, { tasks = [] }) => sum + tasks.filter(isOpen).length, 0);

/** The number to be called, if there is any. */
export const phoneOf = (task: DialogueTask, contact: Contact): string | undefined => task.phone ?? contact.phone;

/** The time that the visitor wanted has passed, and nobody has called. */
export const isOver = (task: DialogueTask, now: number): boolean =>
  isOpen(task) && task.window !== undefined && task.window.until <= now;

/** A call that is wanted later does not wait yet. */
const dueAt = ({ at, window }: DialogueTask): number => Math.max(at, window?.from ?? 0);
const doneAt = ({ done }: DialogueTask): number => done?.at ?? 0;

function matches(summary: ConversationSummary, task: DialogueTask, search: string | undefined): boolean {
  const wanted = search?.trim().toLocaleLowerCase();
  if (!wanted) return true;
  const { contact, visitor, last } = summary;
  return [contact.name, contact.email, phoneOf(task, contact), visitor.slice(0, 4), task.topic, last?.text].some(
    (text) => text?.toLocaleLowerCase().includes(wanted),
  );
}
