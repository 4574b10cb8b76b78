// The CRMs of the site, each with how it stands, in a line. Shown as soon as there is a choice, and to whoever runs them.
import type { CrmConnectionLine } from '@continuo/contracts';
import { useEffect, useRef, useState } from 'react';
import { type Spoken, useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { hrefOf } from '../route.ts';
import type { ConsoleState } from '../session/console-state.ts';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';
import { ConnectDialog } from './connect-dialog.tsx';
import { countsOf, namesakes } from './connections.ts';
import { STANDS, standsWords } from './stands.ts';
import { connectsCrms, runsTheCrm } from './state.ts';

/** Reports that come together lead to one question. */
const GATHER_MS = 1_500;

export function ConnectionList({ shown }: { shown: string }) {
  const { t } = useTexts();
  const list = useConsole(({ crms }) => crms.list);
  const mayConnect = useConsole(({ session }) => connectsCrms(session.me?.role));
  const shownAtAll = useConsole(showsList);
  useFreshList();
  const all = list ?? [];
  if (!shownAtAll) return null;
  return (
    <nav className="k-cl" aria-label={t.crm.connections.label} data-pane tabIndex={-1}>
      <h2>{t.crm.title}</h2>
      <ul>
        {all.map((line) => (
          <li key={line.connection}>
            <Line line={line} on={line.connection === shown} />
          </li>
        ))}
      </ul>
      {mayConnect && <Connect some={all.length > 0} />}
    </nav>
  );
}

export function showsList({ crms: { list = [] }, session: { me } }: ConsoleState): boolean {
  if (list.length === 0) return connectsCrms(me?.role);
  return list.length > 1 || runsTheCrm(me?.role);
}

function Line({ line, on }: { line: CrmConnectionLine; on: boolean }) {
  const { t, f } = useTexts();
  const counts = useConsole(({ crms }) => countsOf(crms, line).failed);
  const waiting = useConsole(({ crms }) => countsOf(crms, line).pending);
  const { tone, icon, line: way } = STANDS[line.state];
  const link = useInView(on);
  const twice = useConsole(({ crms: { list = [] } }) => namesakes(list, line.name));
  return (
    <a
      ref={link}
      className={on ? 'on' : ''}
      href={hrefOf({ page: 'crm', connection: line.connection })}
      {...(on && { 'aria-current': 'page' })}
    >
      <span className="lg" aria-hidden="true">
        {[...line.name][0]?.toLocaleUpperCase()}
      </span>
      <span className="gr">
        <b className="el">{line.name}</b>
        {twice && <small className="el">{line.connection}</small>}
        <small className={tone === 'ok' ? '' : tone}>{wordsOf(line, { failed: counts, pending: waiting }, t, f)}</small>
      </span>
      <span className={`fx ${tone}`} aria-hidden="true">
        <i className={`way ${way}`} />
        <Icon name={icon} size="xs" />
      </span>
    </a>
  );
}

function wordsOf(
  { state, failure, sealed, lag95Ms }: CrmConnectionLine,
  { failed, pending }: CrmConnectionLine['counts'],
  t: Spoken['t'],
  f: Spoken['f'],
): string {
  const words = t.crm.connections;
  const stands =
    state === 'works' && lag95Ms !== undefined
      ? words.lag(f.brief(lag95Ms))
      : state === 'stopped' && failure === 'refused-access'
        ? sealed
          ? words.keyLost
          : words.signIn
        : standsWords({ state, failure }, t);
  const waits = pending > 0 && state !== 'works' && words.waiting(pending);
  // Not the same word twice.
  const says = waits && stands === t.crm.stands.waiting ? undefined : stands;
  return [says, waits, failed > 0 && words.setAside(failed)].filter(Boolean).join(', ');
}

export function Connect({ some }: { some: boolean }) {
  const { t } = useTexts();
  const live = useConsole(({ session }) => session.connection.state === 'live');
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={`k-btn ghost connect ${some ? 'more' : ''}`}
        disabled={!live}
        onClick={() => setOpen(true)}
      >
        <Icon name="plus" size="sm" />
        <span>{some ? t.crm.connections.another : t.crm.connections.first}</span>
      </button>
      {open && <ConnectDialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** The one that is shown can be seen in its list, which on a phone is a strip; also after the window has become another one. */
function useInView(on: boolean) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (!on) return;
    const show = (): void => link.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const watch = new ResizeObserver(show);
    if (link.current?.parentElement?.parentElement) watch.observe(link.current.parentElement.parentElement);
    return () => watch.disconnect();
  }, [on]);
  return link;
}

function useFreshList(): void {
  const { crms } = useWorkplace();
  const news = useConsole((state) => state.crms.news);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (news === 0 || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void crms.load();
    }, GATHER_MS);
  }, [crms, news]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}
