// Who is here decides what is shown: nobody knows yet, the login page, or an agent's workplace. The address stays through all of it,
// so a link from the CRM opens its dialogue after the login.
import { useCallback, useEffect, useState } from 'react';
import { Desk } from './frame/desk.tsx';
import { useTexts } from './locales/use-texts.ts';
import { logOut, whoAmI } from './login/state.ts';
import { LoginPage } from './login/view.tsx';
import { Icon } from './parts/icon.tsx';
import { delayBefore } from './session/backoff.ts';
import { WorkplaceContext } from './session/use-workplace.ts';
import { openWorkplace, type Workplace } from './session/workplace.ts';

type Who =
  | { kind: 'unknown'; tries: number }
  | { kind: 'nobody'; ended: boolean }
  | { kind: 'agent'; workplace: Workplace };

export function App() {
  const [who, setWho] = useState<Who>({ kind: 'unknown', tries: 0 });
  const ask = useCallback(() => setWho({ kind: 'unknown', tries: 0 }), []);
  useAsking(who, setWho);
  useLeaving(who, setWho);

  if (who.kind === 'unknown') return <Connecting slow={who.tries > 0} />;
  if (who.kind === 'nobody') return <LoginPage ended={who.ended} onLoggedIn={ask} />;
  const logout = async (): Promise<void> => {
    await who.workplace.end();
    await logOut();
    setWho({ kind: 'nobody', ended: false });
  };
  return (
    <WorkplaceContext value={who.workplace}>
      <Desk onLogout={logout} />
    </WorkplaceContext>
  );
}

/** Asks the server who is logged in, until it answers. */
function useAsking(who: Who, setWho: (who: Who) => void): void {
  useEffect(() => {
    if (who.kind !== 'unknown') return;
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    whoAmI().then(
      (id) =>
        wanted &&
        setWho(id === undefined ? { kind: 'nobody', ended: false } : { kind: 'agent', workplace: openWorkplace(id) }),
      () => {
        const again = (): void => setWho({ kind: 'unknown', tries: who.tries + 1 });
        if (wanted) timer = setTimeout(again, delayBefore(who.tries, Math.random()));
      },
    );
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [who, setWho]);
}

/** The session ended on the server: the login page takes over, drafts and unsent messages stay in the browser. */
function useLeaving(who: Who, setWho: (who: Who) => void): void {
  useEffect(() => {
    if (who.kind !== 'agent') return;
    const { store } = who.workplace;
    return store.subscribe(() => {
      const { connection } = store.get().session;
      if (connection.state === 'ended' && connection.code === 'not-logged-in') setWho({ kind: 'nobody', ended: true });
    });
  }, [who, setWho]);
}

function Connecting({ slow }: { slow: boolean }) {
  const { t } = useTexts();
  return (
    <div className="k-connecting" role="status">
      <Icon name="mark" />
      {slow && <p className="smt q2">{t.login.unreachable}</p>}
    </div>
  );
}
