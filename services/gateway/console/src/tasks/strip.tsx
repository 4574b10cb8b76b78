// What is to be done in the dialogue on the screen, above its log; gone when all is done.
import { isOpen } from '@continuo/transcript';
import { useTexts } from '../locales/use-texts.ts';
import { visitorName } from '../parts/face.tsx';
import { useConsole, useNow } from '../session/use-workplace.ts';
import { CallLink, DoneButton } from './parts.tsx';
import { isOver, phoneOf } from './state.ts';
import { detailsOf } from './words.ts';

export function TaskStrip({ conversation }: { conversation: string }) {
  const spoken = useTexts();
  const { t, f } = spoken;
  const head = useConsole((state) => state.inbox.heads[conversation]);
  const now = useNow();
  const open = head?.tasks?.filter(isOpen) ?? [];
  if (!head || open.length === 0) return null;
  const name = visitorName(head.visitor, head.contact, t);
  return (
    <section className="k-tasks" aria-label={t.tasks.label}>
      {open.map((task) => {
        const phone = phoneOf(task, head.contact);
        return (
          <div key={task.number}>
            <p className="gr">
              <b>{t.tasks.kinds[task.kind]}</b>
              <bdi>{` · ${detailsOf(task, now, spoken)}`}</bdi>
              <span className={`num nw ${isOver(task, now) ? 'bad' : 'q2'}`}>
                {` · ${t.tasks.waits(f.short(now - task.at))}`}
              </span>
            </p>
            {phone && <CallLink phone={phone} />}
            <DoneButton conversation={conversation} task={task} name={name} focusAfter="log" />
          </div>
        );
      })}
    </section>
  );
}
