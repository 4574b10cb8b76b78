// The ways through the console: a rail on wide screens, a tab bar on phones.
import { allFailed } from '../crm/connections.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { prefer, themeNow } from '../preferences.ts';
import { hrefOf, type Route } from '../route.ts';
import { useConsole } from '../session/use-workplace.ts';
import { MeButton } from './me.tsx';

interface Place {
  page: Route['page'];
  waiting: number;
}

export function Rail({
  page,
  waiting,
  onKeys,
  onLogout,
}: Place & { onKeys: () => void; onLogout: () => Promise<void> }) {
  const { t } = useTexts();
  return (
    <nav className="k-rail" aria-label={t.nav.main}>
      <span className="mark">
        <Icon name="mark" />
      </span>
      <Ways page={page} waiting={waiting} />
      <div className="end">
        <button type="button" className="k-nav" aria-label={t.keysLabel} onClick={onKeys}>
          <Icon name="keys" />
          {t.nav.keys}
        </button>
        <button
          type="button"
          className="k-nav"
          aria-label={t.themeLabel}
          onClick={() => prefer({ theme: themeNow() === 'dark' ? 'light' : 'dark' })}
        >
          <Icon name="moon" />
          {t.nav.theme}
        </button>
        <MeButton onLogout={onLogout} />
      </div>
    </nav>
  );
}

export function TabBar({ page, waiting }: Place) {
  const { t } = useTexts();
  return (
    <nav className="k-tabbar" aria-label={t.nav.main}>
      <Ways page={page} waiting={waiting} />
      <Way to="me" icon="person" words={t.nav.me} on={page === 'me'} />
    </nav>
  );
}

function Ways({ page, waiting }: Place) {
  const { t } = useTexts();
  const failed = useConsole((state) => allFailed(state.crms));
  return (
    <>
      <Way
        to="inbox"
        icon="inbox"
        words={t.nav.inbox}
        on={page === 'inbox' || page === 'conversation'}
        count={waiting}
      />
      <Way to="crm" icon="crm" words={t.nav.crm} on={page === 'crm' || page === 'parked'} count={failed} bad />
    </>
  );
}

function Way(props: {
  to: 'inbox' | 'crm' | 'me';
  icon: IconName;
  words: string;
  on: boolean;
  count?: number;
  bad?: boolean;
}) {
  const { to, icon, words, on, count = 0, bad } = props;
  return (
    <a className={`k-nav ${on ? 'on' : ''}`} href={hrefOf({ page: to })} {...(on && { 'aria-current': 'page' })}>
      <Icon name={icon} />
      {words}
      {count > 0 && <span className={`n ${bad ? 'bad' : ''}`}>{count > 99 ? '99+' : count}</span>}
    </a>
  );
}
