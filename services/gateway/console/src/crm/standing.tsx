// Why nothing goes at the moment, in one sentence, with what is safe and what to do about it. Nothing while the connection works.
import { type ReactNode, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useHandsFocusOn } from '../parts/modal.ts';
import { useConsole, useNow } from '../session/use-workplace.ts';
import { DEFAULT } from './connections.ts';
import { useOpenEditing } from './editing.ts';
import { heldBackWords } from './failure-words.ts';
import { useCrmDesk } from './shown.ts';
import { type CrmState, connectsCrms, countsShown, rowsOf, runsTheCrm } from './state.ts';

export function Standing({ crm, name }: { crm: CrmState; name: string }) {
  const { connection } = crm;
  const held = rowsOf(crm, 'pending').find(({ failure }) => failure)?.failure;
  const edit = useOpenEditing();
  const signIn = () => edit({ connection: connection?.connection ?? DEFAULT, name, first: 'signIn' });
  return (
    <>
      {connection?.state === 'paused' && <Paused crm={crm} name={name} paused={connection.paused} />}
      {connection?.state === 'stopped' && <Stopped crm={crm} name={name} signIn={signIn} />}
      {connection?.state !== 'paused' && connection?.state !== 'stopped' && (held ?? connection?.failure) && (
        <Waiting crm={crm} name={name} signIn={signIn} />
      )}
      {connection?.unread !== undefined && <Unread words={connection.unread} name={name} />}
      {connection !== undefined && connection.checking > 0 && <Checking left={connection.checking} name={name} />}
    </>
  );
}

function Paused({
  crm,
  name,
  paused,
}: {
  crm: CrmState;
  name: string;
  paused: { at: number; by: string } | undefined;
}) {
  const { t, f } = useTexts();
  const desk = useCrmDesk();
  const now = useNow();
  const mine = useConsole(({ session }) => runsTheCrm(session.me?.role));
  const waiting = crm.counts.pending + crm.counts.failed;
  const by = useConsole(({ session }) => session.agents.find(({ id }) => id === paused?.by)?.name);
  return (
    <Card
      tone="q2"
      icon="pause"
      title={t.crm.paused.title(name)}
      action={
        mine && (
          <button type="button" className="k-btn sm pri" onClick={() => void desk.resume()}>
            <Icon name="play" size="xs" />
            {t.crm.resume}
          </button>
        )
      }
    >
      <p>
        {waiting > 0 && t.crm.paused.waits(waiting)} {mine ? t.crm.paused.do : t.crm.paused.ask}{' '}
        {paused && (
          <span className="q">{t.crm.paused.by(by ?? t.crm.paused.operator, f.dayAndTime(paused.at, now))}</span>
        )}
      </p>
    </Card>
  );
}

function Stopped({ crm, name, signIn }: { crm: CrmState; name: string; signIn: () => void }) {
  const { t } = useTexts();
  const desk = useCrmDesk();
  const mine = useConsole(({ session }) => runsTheCrm(session.me?.role));
  const waiting = countsShown(crm).pending;
  const failure = crm.connection?.failure ?? 'refused-access';
  const sealed = crm.connection?.sealed;
  const signsIn = useConsole(({ session }) => connectsCrms(session.me?.role)) && failure === 'refused-access';
  return (
    <Card
      tone="bad"
      icon="warning"
      title={sealed ? t.crm.sealed.title(name) : t.crm.failures[failure](name)}
      said={crm.connection?.words}
      name={name}
      action={
        <>
          {signsIn && <SignInButton onClick={signIn} />}
          {mine && !sealed && (
            <button type="button" className={`k-btn sm ${signsIn ? '' : 'pri'}`} onClick={() => void desk.retry()}>
              <Icon name="retry" size="xs" />
              {t.crm.stopped.again}
            </button>
          )}
        </>
      }
    >
      <p>
        {waiting > 0 && t.crm.paused.waits(waiting)}{' '}
        {sealed ? t.crm.sealed.advice : signsIn ? t.crm.stopped.signIn : mine ? t.crm.stopped.do : t.crm.stopped.ask}
      </p>
    </Card>
  );
}

/** What an outage holds back goes by itself; whoever cannot wait may try at once. */
function Waiting({ crm, name, signIn }: { crm: CrmState; name: string; signIn: () => void }) {
  const { t, f } = useTexts();
  const desk = useCrmDesk();
  const mine = useConsole(({ session }) => runsTheCrm(session.me?.role));
  const rows = rowsOf(crm, 'pending').filter(({ failure }) => failure);
  const row = rows[0]?.failure;
  const failure = crm.connection?.failure ?? row?.failure ?? 'unreachable';
  const signsIn = useConsole(({ session }) => connectsCrms(session.me?.role)) && failure === 'refused-access';
  const retryAt = crm.connection?.retryAt ?? row?.retryAt;
  return (
    <Card
      tone="warn"
      icon="clock"
      title={t.crm.failures[failure](name)}
      said={crm.connection?.words ?? row?.words}
      name={name}
      action={
        <>
          {signsIn && <SignInButton onClick={signIn} />}
          {mine && (
            <button type="button" className="k-btn sm" onClick={() => void desk.retry()}>
              <Icon name="retry" size="xs" />
              {t.crm.retryAll}
            </button>
          )}
        </>
      }
    >
      <p>
        {heldBackWords(crm, t)} {t.crm.advice[failure]}{' '}
        {retryAt !== undefined && <span className="q">{t.crm.nextTry(f.time(retryAt))}</span>}
      </p>
    </Card>
  );
}

/** Beside all else: what is written goes whether contacts come back or not. */
function Unread({ words, name }: { words: string; name: string }) {
  const { t } = useTexts();
  return (
    <Card tone="warn" icon="warning" title={t.crm.unread.title(name)} action={null}>
      <p>{t.crm.unread.advice}</p>
      <p className="said" lang="en">
        {words}
      </p>
    </Card>
  );
}

function Checking({ left, name }: { left: number; name: string }) {
  const { t } = useTexts();
  return (
    <section className="k-card checking" role="status">
      <i className="way wait" aria-hidden="true" />
      <span className="smt">{t.crm.resync.left(left)}</span>
      <span className="smt q2">{t.crm.resync.goes(name)}</span>
    </section>
  );
}

function Card(props: {
  tone: string;
  icon: 'pause' | 'warning' | 'clock';
  title: string;
  said?: string | undefined;
  name?: string;
  action: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const { tone, icon, title, said, name, action, children } = props;
  const card = useHandsFocusOn<HTMLElement>();
  return (
    <section ref={card} className="k-card needs standing">
      <div className="dl">
        <span className={tone}>
          <Icon name={icon} />
        </span>
        <div className="gr">
          <h2>{title}</h2>
          {children}
          {open && said && (
            <p className="said" lang="en">
              {said}
            </p>
          )}
          <div className="fx wrap">
            {action}
            {said && name && (
              <button type="button" className="k-btn sm ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
                {t.crm.whatItSaid(name)}
              </button>
            )}
          </div>
        </div>
      </div>
    </section>
  );
}

function SignInButton({ onClick }: { onClick: () => void }) {
  const { t } = useTexts();
  const live = useConsole(({ session }) => session.connection.state === 'live');
  return (
    <button type="button" className="k-btn sm pri" disabled={!live} onClick={onClick}>
      {t.crm.connections.signInDo}
    </button>
  );
}
