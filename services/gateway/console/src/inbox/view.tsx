import { type KeyboardEvent, type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useMyDesk } from '../frame/me.tsx';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { Load } from '../parts/presence.tsx';
import { useConsole, useNow, useWorkplace } from '../session/use-workplace.ts';
import { arrange, countTabs, holdStill, type Line, rowsOf, TABS, type Tab } from './arrange.ts';
import { Lines } from './lines.tsx';
import { summariesOf } from './state.ts';

/** A pointer that does not move for so long does not hold the order. */
const RESTING_MS = 4000;

export function InboxView({ shown, rows }: { shown: string | undefined; rows: RefObject<readonly string[]> }) {
  const { t } = useTexts();
  const inbox = useConsole((state) => state.inbox);
  const me = useConsole((state) => state.session.me?.id ?? '');
  const { inbox: desk } = useWorkplace();
  const [tab, setTab] = useState<Tab>('mine');
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed);
  const summaries = useMemo(() => summariesOf(inbox), [inbox]);
  const wanted = useMemo(() => arrange(summaries, { tab, me, search }), [summaries, tab, me, search]);
  const still = useStill(wanted, `${tab} ${search}`);
  const more = inbox.pages[tab].more || (tab === 'tasks' && inbox.pages['tasks-done'].more);
  rows.current = rowsOf(still.lines);

  return (
    <section className="k-list" aria-label={t.inbox.list} data-pane tabIndex={-1}>
      <Head tab={tab} setTab={setTab} typed={typed} setTyped={setTyped} counts={countTabs(summaries, me)} />
      <GoOnline />
      {still.lines.length === 0 ? (
        <Empty loaded={inbox.loaded} tab={tab} search={search} />
      ) : (
        <Lines lines={still.lines} shown={shown} tab={tab} hold={still.hold} onEnd={() => more && desk.loadMore(tab)} />
      )}
    </section>
  );
}

/** While the pointer moves over the list the order stays; when it leaves, or rests, the list settles. */
function useStill(wanted: Line[], of: string): { lines: Line[]; hold: (over: boolean) => void } {
  const { now: clock } = useWorkplace();
  const now = useNow();
  const [held, setHeld] = useState<{ of: string; at: number }>();
  const shown = useRef<Line[]>([]);
  const holding = held?.of === of && now - held.at < RESTING_MS;
  const lines = holding ? holdStill(shown.current, wanted) : wanted;
  useEffect(() => {
    shown.current = lines;
  });
  return {
    lines,
    hold(over) {
      if (!over) setHeld(undefined);
      else if (held?.of !== of || clock() - held.at > 1000) setHeld({ of, at: clock() });
    },
  };
}

function Head(props: {
  tab: Tab;
  setTab: (tab: Tab) => void;
  typed: string;
  setTyped: (typed: string) => void;
  counts: Record<Tab, number>;
}) {
  const { t, f } = useTexts();
  const { load, capacity } = useMyDesk();
  const pages = useConsole((state) => state.inbox.pages);
  const count = (tab: Tab): string => {
    const older = (tab === 'all' || tab === 'closed' || tab === 'tasks') && pages[tab].more;
    return `${f.number(props.counts[tab])}${older && props.counts[tab] > 0 ? '+' : ''}`;
  };
  const step = (event: KeyboardEvent, at: number): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = TABS[(at + by + TABS.length) % TABS.length];
    if (by === 0 || !next) return;
    props.setTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div className="hd">
      <div className="fx">
        <h2 className="gr">{t.inbox.title}</h2>
        <span className="phone fx xs q2 num">
          <Load load={load} capacity={capacity} label={t.availability.load(load, capacity)} />
          {load}/{capacity}
        </span>
      </div>
      <div className="k-in quiet">
        <Icon name="search" size="sm" />
        <input
          id="search"
          type="search"
          aria-label={t.inbox.search}
          placeholder={t.inbox.search}
          value={props.typed}
          onChange={(event) => props.setTyped(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && props.setTyped('')}
        />
        <kbd>/</kbd>
      </div>
      <div className="k-seg" role="tablist" aria-label={t.inbox.tabsLabel}>
        {TABS.map((tab, at) => (
          <button
            key={tab}
            id={`tab-${tab}`}
            type="button"
            role="tab"
            className={tab === props.tab ? 'on' : ''}
            aria-selected={tab === props.tab}
            aria-controls="inbox-lines"
            tabIndex={tab === props.tab ? 0 : -1}
            onClick={() => props.setTab(tab)}
            onKeyDown={(event) => step(event, at)}
          >
            {t.inbox.tabs[tab]} <b>{count(tab)}</b>
          </button>
        ))}
      </div>
    </div>
  );
}

/** One click away from work: after a login nobody is put on line without wanting it. */
function GoOnline() {
  const { t } = useTexts();
  const { state } = useMyDesk();
  const live = useConsole(({ session }) => session.connection.state === 'live');
  const workplace = useWorkplace();
  if (!live || state !== 'offline') return null;
  return (
    <div className="k-golive">
      <span className="gr smt">{t.availability.notOnline}</span>
      <button type="button" className="k-btn pri" onClick={() => workplace.setAvailability('online')}>
        {t.availability.goOnline}
      </button>
    </div>
  );
}

function Empty({ loaded, tab, search }: { loaded: boolean; tab: Tab; search: string }) {
  const { t } = useTexts();
  const online = useConsole((state) => state.session.online);
  const onSite = Object.values(online).filter(Boolean).length;
  if (!loaded) return <Loading bars={6} words={t.inbox.loadingLong} />;
  return (
    <div className="k-empty" id="inbox-lines" role="tabpanel" aria-labelledby={`tab-${tab}`}>
      {search.trim() ? (
        <p>{t.inbox.nothingFound(search.trim())}</p>
      ) : (
        <p>
          {t.inbox.empty[tab]} {onSite > 0 && tab !== 'closed' && tab !== 'tasks' && t.inbox.onSite(onSite)}
        </p>
      )}
    </div>
  );
}
