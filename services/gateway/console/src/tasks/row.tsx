// One task in the list: who, what, when it is wanted, how long it waits; his number, and the button that ends it. Done, it says who did it and when.
import { memo } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Face, visitorName } from '../parts/face.tsx';
import { conversationHref } from '../route.ts';
import { useConsole, useNow } from '../session/use-workplace.ts';
import { CallLink, DoneButton } from './parts.tsx';
import { isOver, phoneOf } from './state.ts';
import { detailsOf } from './words.ts';

export const TaskRow = memo(function TaskRow(props: { conversation: string; number: number; shown: boolean }) {
  const { conversation, number, shown } = props;
  const spoken = useTexts();
  const { t, f } = spoken;
  const head = useConsole((state) => state.inbox.heads[conversation]);
  const now = useNow();
  const task = head?.tasks?.find((one) => one.number === number);
  if (!head || !task) return null;
  const { visitor, contact } = head;
  const { done } = task;
  const name = visitorName(visitor, contact, t);
  const phone = phoneOf(task, contact);
  const over = isOver(task, now);
  // A call says itself what it is about.
  const said = task.kind === 'callback' ? undefined : head.last?.text;
  const details = [detailsOf(task, now, spoken), said && t.tasks.about(said)].filter(Boolean).join(' · ');

  return (
    <div className={`k-row task ${shown ? 'sel' : ''} ${done ? 'over' : 'un'}`}>
      <span className="av">
        <Face id={visitor} name={contact.name ?? contact.email} />
      </span>
      <div className="gr">
        <div className="l1">
          <a className="el go" href={conversationHref(conversation)} {...(shown && { 'aria-current': 'true' })}>
            {name}
          </a>
          {!done && <span className={`xs num nw ${over ? 'bad' : 'q2'}`}>{t.tasks.waits(f.short(now - task.at))}</span>}
        </div>
        <p className="l2">
          <span>
            <b>{t.tasks.kinds[task.kind]}</b>
            <bdi>{` · ${details}`}</bdi>
          </span>
        </p>
        {done ? (
          <p className="l3 xs q2">{t.tasks.doneBy(done.by.name ?? '', f.dayAndTime(done.at, now))}</p>
        ) : (
          <div className="l3">
            {phone && <CallLink phone={phone} />}
            <DoneButton conversation={conversation} task={task} name={name} focusAfter="inbox-lines" />
          </div>
        )}
      </div>
    </div>
  );
});
