// What there is to say of a task besides its kind. Pure.
import type { CallbackWindow, DialogueTask } from '@continuo/contracts';
import type { Spoken } from '../locales/use-texts.ts';
import { isOver } from './state.ts';

type Language = Pick<Spoken, 't' | 'f'>;

export function detailsOf(task: DialogueTask, now: number, { t, f }: Language): string {
  if (task.kind === 'offline-message') return t.tasks.answer;
  if (task.kind === 'missed-chat') return task.cause ? t.tasks.causes[task.cause] : '';
  const when = wanted(task.window, now, { t, f });
  const over = isOver(task, now) && t.tasks.over;
  return joined([[when, over].filter(Boolean).join(', '), task.topic && t.tasks.about(task.topic)]);
}

/** A call as the log tells of it. */
export const callDetails = (
  { phone, window, topic }: { phone: string; window?: CallbackWindow; topic?: string },
  now: number,
  language: Language,
): string => joined([phone, wanted(window, now, language), topic && language.t.tasks.about(topic)]);

/** A visitor's zone is not known: he chose by his clock, the employee reads by his own. */
const wanted = (window: CallbackWindow | undefined, now: number, { t, f }: Language): string =>
  window ? t.tasks.yourTime(f.window(window, now)) : t.tasks.soon;

const joined = (parts: (string | undefined)[]): string => parts.filter(Boolean).join(' · ');
