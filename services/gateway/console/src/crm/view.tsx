// The CRM page: how the connection stands, what needs a person, the journal, and beside it what the CRM holds of one dialogue now.
import type { JournalRow } from '@continuo/contracts';
import { useEffect, useState } from 'react';
import { seesParked } from '../dead-letters/asking.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { hrefOf } from '../route.ts';
import { useConsole, useNow, useWorkplace } from '../session/use-workplace.ts';
import { CompareView } from './compare-view.tsx';
import { JournalCard } from './journal.tsx';
import { type CrmState, crmName, rowsOf } from './state.ts';

export function CrmView({ shown }: { shown: string | undefined }) {
  const { t } = useTexts();
  const workplace = useWorkplace();
  const crm = useConsole((state) => state.crm);
  const live = useConsole((state) => state.session.connection.state === 'live');
  const name = crmName(crm.connector) ?? t.crm.theCrm;
  useEffect(() => {
    if (live) workplace.crm.refresh();
  }, [workplace, live]);

  return (
    <div className={`k-crmpage ${shown ? 'has-compare' : ''}`}>
      <main className="mn" data-pane tabIndex={-1}>
        <PageHead crm={crm} name={name} />
        {crm.loaded ? (
          <>
            <Figures crm={crm} />
            <NeedsPerson crm={crm} name={name} />
            <Outage crm={crm} name={name} />
            <JournalCard crm={crm} shown={shown} />
          </>
        ) : (
          <section className="k-card pad">
            <Loading bars={6} words={t.crm.loadingLong} />
          </section>
        )}
        <p className="xs q once">{t.crm.once}</p>
      </main>
      {shown && <CompareView key={shown} conversation={shown} crm={name} />}
    </div>
  );
}

function PageHead({ crm, name }: { crm: CrmState; name: string }) {
  const { t } = useTexts();
  const role = useConsole(({ session }) => session.me?.role);
  const state = crm.counts.failed > 0 ? 'bad' : crm.counts.pending > 0 ? 'warn' : 'ok';
  const words = { ok: t.crm.works, warn: t.crm.behind, bad: t.crm.needsPerson }[state];
  const icon = { ok: 'check', warn: 'clock', bad: 'warning' } as const;
  return (
    <div className="k-ph">
      <h1>{crm.connector ? name : t.crm.title}</h1>
      {crm.connector && (
        <span className={`k-tag ${state}`}>
          <Icon name={icon[state]} />
          {words}
        </span>
      )}
      <span className="gr" />
      {seesParked(role) && (
        <a className="k-btn sm" href={hrefOf({ page: 'parked' })}>
          {t.parked.link}
        </a>
      )}
    </div>
  );
}

function Figures({ crm }: { crm: CrmState }) {
  const { t, f } = useTexts();
  if (crm.trouble) return <p className="k-card pad bad">{crm.trouble}</p>;
  if (!crm.connector)
    return (
      <section className="k-card pad">
        <h2>{t.crm.notConnected}</h2>
        <p className="smt q2">{t.crm.notConnectedText}</p>
      </section>
    );
  return (
    <section className="k-card figures">
      {(['pushed', 'pending', 'failed'] as const).map((state) => (
        <div key={state}>
          <b>{f.number(crm.counts[state])}</b>
          <span>{t.crm.figures[state]}</span>
        </div>
      ))}
    </section>
  );
}

function NeedsPerson({ crm, name }: { crm: CrmState; name: string }) {
  const { t } = useTexts();
  const workplace = useWorkplace();
  const now = useNow();
  const failed = rowsOf(crm, 'failed');
  if (failed.length === 0) return null;
  return (
    <section className="k-card needs">
      <div className="fx top">
        <h2>
          {capital(t.crm.needsPerson)} <span className="q">{t.crm.setAside(crm.counts.failed)}</span>
        </h2>
        <span className="gr" />
        <button type="button" className="k-btn sm out" onClick={() => workplace.crm.retry()}>
          <Icon name="retry" size="xs" />
          {t.crm.retryAll}
        </button>
      </div>
      {failed.slice(0, 20).map((row) => (
        <Failure key={row.conversation} row={row} crm={name} now={now} />
      ))}
    </section>
  );
}

/** What an outage holds back goes by itself; whoever cannot wait may try at once. */
function Outage({ crm, name }: { crm: CrmState; name: string }) {
  const { t, f } = useTexts();
  const workplace = useWorkplace();
  const held = rowsOf(crm, 'pending').filter((row) => row.failure);
  const failure = held[0]?.failure;
  if (!failure) return null;
  return (
    <section className="k-card needs">
      <div className="dl">
        <span className="warn">
          <Icon name="clock" />
        </span>
        <div className="gr">
          <h3>{t.crm.failures[failure.failure](name)}</h3>
          <p>
            {t.crm.heldBack(held.length)} {t.crm.advice[failure.failure]}{' '}
            {failure.retryAt !== undefined && <span className="q">{t.crm.nextTry(f.time(failure.retryAt))}</span>}
          </p>
          <div className="fx wrap">
            <button type="button" className="k-btn sm" onClick={() => workplace.crm.retry()}>
              <Icon name="retry" size="xs" />
              {t.crm.retryAll}
            </button>
          </div>
        </div>
      </div>
    </section>
  );
}

function Failure({ row, crm, now }: { row: JournalRow; crm: string; now: number }) {
  const { t, f } = useTexts();
  const workplace = useWorkplace();
  const [said, setSaid] = useState(false);
  const { failure } = row;
  if (!failure) return null;
  return (
    <div className="dl">
      <span className="bad">
        <Icon name="warning" />
      </span>
      <div className="gr">
        <h3>{t.crm.failures[failure.failure](crm)}</h3>
        <p>
          <b>{row.contact ?? t.inbox.visitor(row.conversation.slice(0, 4))}</b>. {t.crm.advice[failure.failure]}{' '}
          <span className="q">
            {[t.crm.attempts(failure.attempts), failure.retryAt && t.crm.nextTry(f.time(failure.retryAt))]
              .filter(Boolean)
              .join(', ')}
          </span>
        </p>
        {said && <p className="said">{failure.words}</p>}
        <div className="fx wrap">
          <button type="button" className="k-btn sm pri" onClick={() => workplace.crm.retry(row.conversation)}>
            <Icon name="retry" size="xs" />
            {t.retry}
          </button>
          <a className="k-btn sm" href={hrefOf({ page: 'crm', conversation: row.conversation })}>
            {t.crm.compareLink}
          </a>
          <button type="button" className="k-btn sm ghost" aria-expanded={said} onClick={() => setSaid(!said)}>
            {t.crm.whatItSaid(crm)}
          </button>
        </div>
      </div>
      <span className="xs q num nw">{f.dayAndTime(failure.at, now)}</span>
    </div>
  );
}

const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
