// The frame of a logged-in agent: rail or tab bar, banner, the page, notices and the list of keys.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ConversationView } from '../conversation/view.tsx';
import { CrmView } from '../crm/view.tsx';
import { DeadLettersView } from '../dead-letters/view.tsx';
import { waitingFor } from '../inbox/arrange.ts';
import { summariesOf } from '../inbox/state.ts';
import { InboxView } from '../inbox/view.tsx';
import { useTexts } from '../locales/use-texts.ts';
import { type Route, useRoute } from '../route.ts';
import { useConsole } from '../session/use-workplace.ts';
import { VisitorCardView } from '../visitor-card/view.tsx';
import { Banner } from './banner.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { MePage } from './me.tsx';
import { Notices } from './notices.tsx';
import { Rail, TabBar } from './rail.tsx';
import { useShortcuts } from './use-shortcuts.ts';

export function Desk({ onLogout }: { onLogout: () => Promise<void> }) {
  const route = useRoute();
  const [keys, setKeys] = useState(false);
  const rows = useRef<readonly string[]>([]);
  const rowsNow = useCallback(() => rows.current, []);
  const toggleKeys = useCallback(() => setKeys((open) => !open), []);
  const waiting = useWaiting();
  useShortcuts(route, rowsNow, toggleKeys);
  useTitle(waiting);

  return (
    <div className={`k-app on-${route.page}`}>
      <Rail page={route.page} waiting={waiting} onKeys={toggleKeys} onLogout={onLogout} />
      <div className="k-stage">
        <Banner />
        <Page route={route} rows={rows} onLogout={onLogout} />
      </div>
      <TabBar page={route.page} waiting={waiting} />
      <Notices />
      {keys && <KeysDialog onClose={toggleKeys} />}
    </div>
  );
}

function Page(props: { route: Route; rows: { current: readonly string[] }; onLogout: () => Promise<void> }) {
  const { route, rows, onLogout } = props;
  const { t } = useTexts();
  if (route.page === 'crm') return <CrmView connection={route.connection} shown={route.conversation} />;
  if (route.page === 'parked') return <DeadLettersView />;
  if (route.page === 'me') return <MePage onLogout={onLogout} />;
  const shown = route.page === 'conversation' ? route : undefined;
  return (
    <main className={`k-three ${shown ? 'has-dialogue' : ''} ${shown?.card ? 'has-card' : ''}`}>
      <h1 className="sr">{t.nav.inbox}</h1>
      <InboxView shown={shown?.conversation} rows={rows} />
      {shown ? <ConversationView key={shown.conversation} route={shown} /> : <NothingShown />}
      {shown && <VisitorCardView key={`card-${shown.conversation}`} route={shown} />}
    </main>
  );
}

function NothingShown() {
  const { t } = useTexts();
  return (
    <section className="k-dlg k-none" aria-label={t.dialogue.head}>
      <p>{t.dialogue.none}</p>
      <p className="smt">
        <kbd>J</kbd> <kbd>K</kbd> {t.dialogue.noneKeys}
      </p>
    </section>
  );
}

function useWaiting(): number {
  const inbox = useConsole((state) => state.inbox);
  const me = useConsole((state) => state.session.me?.id);
  return waitingFor(summariesOf(inbox), me ?? '');
}

/** The title changes once, to "(2) …"; it does not blink. */
function useTitle(waiting: number): void {
  const { t } = useTexts();
  const site = useConsole((state) => state.session.site?.name);
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${site ? `${site} · ` : ''}${t.brand}`;
  }, [waiting, site, t]);
}
