// The list of dialogues: tabs, search, rows. Only the rows in sight are in the page, and the order holds still under the pointer.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useMyDesk } from '../frame/me.tsx';
import { stopwatch } from '../locales/format.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { Load } from '../parts/presence.tsx';
import { TARGET_MS } from '../parts/wait.tsx';
import { useConsole, useNow, useWorkplace } from '../session/use-workplace.ts';
import { arrange, countTabs, holdStill, keyOf, type Line, rowsOf, TABS, type Tab } from './arrange.ts';
import { InboxRow } from './row.tsx';
import { summariesOf } from './state.ts';

const ROW_PX = 86;
const GROUP_PX = 32;
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
  const { more } = inbox.pages[tab];
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
    const older = (tab === 'all' || tab === 'closed') && pages[tab].more;
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

function Lines(props: {
  lines: Line[];
  shown: string | undefined;
  tab: Tab;
  hold: (over: boolean) => void;
  onEnd: () => void;
}) {
  const { lines, shown, tab, hold, onEnd } = props;
  const { t } = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => (lines[at]?.kind === 'group' ? GROUP_PX : ROW_PX),
    getItemKey: (at) => keyOf(lines[at] as Line),
    overscan: 6,
  });
  const last = virtual.getVirtualItems().at(-1)?.index ?? -1;
  const onEndNow = useRef(onEnd);
  onEndNow.current = onEnd;
  useEffect(() => {
    if (last >= lines.length - 3) onEndNow.current();
  }, [last, lines.length]);
  const place = lines.findIndex((line) => line.kind === 'row' && line.conversation === shown);
  // Once per dialogue shown: a list that reorders must not run away.
  const revealed = useRef<string>(undefined);
  useEffect(() => {
    if (place < 0 || revealed.current === shown) return;
    revealed.current = shown;
    virtual.scrollToIndex(place);
  }, [place, shown, virtual]);

  return (
    <div
      ref={scroller}
      id="inbox-lines"
      role="tabpanel"
      aria-labelledby={`tab-${tab}`}
      className="lines"
      onPointerMove={(event) => event.pointerType === 'mouse' && hold(true)}
      onPointerLeave={() => hold(false)}
    >
      <ul style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index] as Line;
          const style = { transform: `translateY(${item.start}px)`, height: item.size };
          if (line.kind === 'group')
            return (
              <li key={item.key} style={style} className="k-grp">
                <span>{groupName(line.group, tab, t)}</span>
                <span>{groupHint(line.group, t)}</span>
              </li>
            );
          return (
            <li key={item.key} style={style}>
              <InboxRow conversation={line.conversation} shown={line.conversation === shown} tab={tab} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

type Group = Extract<Line, { kind: 'group' }>['group'];
type T = ReturnType<typeof useTexts>['t'];

function groupName(group: Group, tab: Tab, t: T): string {
  if (group === 'answered') return t.inbox.answered;
  if (group === 'closed') return t.inbox.tabs.closed;
  return tab === 'mine' ? t.inbox.waitingForYou : t.inbox.waiting;
}
function groupHint(group: Group, t: T): string {
  if (group === 'waiting') return t.inbox.longestFirst;
  return group === 'answered' ? t.inbox.target(stopwatch(TARGET_MS)) : '';
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
          {t.inbox.empty[tab]} {onSite > 0 && tab !== 'closed' && t.inbox.onSite(onSite)}
        </p>
      )}
    </div>
  );
}
