// What cannot go by itself: each dialogue with what happened, what is safe and what to do.
import type { JournalRow } from '@continuo/contracts';
import { useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useHandsFocusOn } from '../parts/modal.ts';
import { hrefOf } from '../route.ts';
import { useConsole, useNow } from '../session/use-workplace.ts';
import { ChooseDialog } from './choose-dialog.tsx';
import { failureWords } from './failure-words.ts';
import { useCrm, useCrmDesk, useWhich } from './shown.ts';
import { type CrmState, runsTheCrm, setAside } from './state.ts';

const SHOWN = 20;

export function NeedsPerson({ crm, name }: { crm: CrmState; name: string }) {
  const { t, f } = useTexts();
  const desk = useCrmDesk();
  const mine = useConsole(({ session }) => runsTheCrm(session.me?.role));
  const [all, setAll] = useState(false);
  const failed = setAside(crm);
  const goesOn = crm.connection?.state === 'works' || crm.connection?.state === 'waiting';
  if (failed.length === 0) return null;
  return (
    <section className="k-card needs" aria-labelledby="crm-needs">
      <div className="fx top">
        <h2 id="crm-needs">
          {capital(t.crm.needsPerson)}{' '}
          <span className="q">{goesOn ? t.crm.setAside(failed.length) : f.number(failed.length)}</span>
        </h2>
        <span className="gr" />
        {mine && (
          <button type="button" className="k-btn sm out" onClick={() => desk.retry()}>
            <Icon name="retry" size="xs" />
            {t.crm.retryAll}
          </button>
        )}
      </div>
      {failed.slice(0, all ? failed.length : SHOWN).map((row) => (
        <Failure key={row.conversation} row={row} crm={name} mine={mine} />
      ))}
      {!all && failed.length > SHOWN && (
        <button type="button" className="k-btn ghost older" onClick={() => setAll(true)}>
          {t.crm.showAll(failed.length)}
        </button>
      )}
    </section>
  );
}

function Failure({ row, crm, mine }: { row: JournalRow; crm: string; mine: boolean }) {
  const { t, f } = useTexts();
  const desk = useCrmDesk();
  const makesFields = useCrm(({ connection }) => connection?.makesFields ?? false);
  const now = useNow();
  const which = useWhich();
  const [said, setSaid] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const line = useHandsFocusOn<HTMLDivElement>();
  const { failure, choice } = row;
  if (!failure) return null;
  const { title, advice } = failureWords(failure, crm, { t }, { choice, makesFields });
  const next = failure.retryAt;
  const makes = mine && makesFields && failure.field !== undefined;
  return (
    <div ref={line} className="dl">
      <span className="bad">
        <Icon name="warning" />
      </span>
      <div className="gr">
        <h3>{title}</h3>
        <p>
          <b>{row.contact ?? t.inbox.visitor(row.conversation.slice(0, 4))}</b>. {advice}{' '}
          <span className="q">
            {choice
              ? next && t.crm.choose.until(f.dayAndTime(next, now))
              : [t.crm.attempts(failure.attempts), next && t.crm.nextTry(f.time(next))].filter(Boolean).join(', ')}
          </span>
        </p>
        {said && (
          <p className="said" lang="en">
            {failure.words}
          </p>
        )}
        <div className="fx wrap">
          {mine && choice && (
            <button type="button" className="k-btn sm pri" onClick={() => setChoosing(true)}>
              {t.crm.choose.button}
            </button>
          )}
          {makes && (
            <button type="button" className="k-btn sm pri" onClick={() => desk.makeField(row.conversation)}>
              {t.crm.fieldMake}
            </button>
          )}
          {mine && (
            <button
              type="button"
              className={`k-btn sm ${choice || makes ? '' : 'pri'}`}
              onClick={() => desk.retry(row.conversation)}
            >
              <Icon name="retry" size="xs" />
              {t.retry}
            </button>
          )}
          <a className="k-btn sm" href={hrefOf({ page: 'crm', ...which, conversation: row.conversation })}>
            {t.crm.compareLink}
          </a>
          <button type="button" className="k-btn sm ghost" aria-expanded={said} onClick={() => setSaid(!said)}>
            {t.crm.whatItSaid(crm)}
          </button>
        </div>
        {choosing && <ChooseDialog row={row} name={crm} onClose={() => setChoosing(false)} />}
      </div>
      <span className="xs q num nw">{f.dayAndTime(failure.at, now)}</span>
    </div>
  );
}

const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
