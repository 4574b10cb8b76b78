// What both places that show tasks have in common: the number to be called, and the button that says that it is done.
import type { DialogueTask } from '@continuo/contracts';
import { useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useWorkplace } from '../session/use-workplace.ts';

export function CallLink({ phone }: { phone: string }) {
  const { t } = useTexts();
  return (
    <a className="k-btn sm ghost num call" href={`tel:${phone}`} aria-label={t.tasks.call(phone)}>
      <Icon name="phone" size="xs" />
      {phone}
    </a>
  );
}

/** @param focusAfter id of what takes the focus, since the button goes with the task */
export function DoneButton(props: { conversation: string; task: DialogueTask; name: string; focusAfter: string }) {
  const { conversation, task, name, focusAfter } = props;
  const { t } = useTexts();
  const workplace = useWorkplace();
  const [busy, setBusy] = useState(false);
  const finish = async (): Promise<void> => {
    setBusy(true);
    const { ok } = await workplace.command('finish-task', { conversation, task: task.number });
    setBusy(false);
    // Whoever has gone on meanwhile stays where he is.
    if (ok && document.activeElement === document.body) document.getElementById(focusAfter)?.focus();
  };
  return (
    <button
      type="button"
      className="k-btn sm out done"
      disabled={busy}
      aria-label={t.tasks.doneOf(t.tasks.kinds[task.kind], name)}
      onClick={() => void finish()}
    >
      <Icon name="check" size="xs" />
      {t.tasks.done}
    </button>
  );
}
