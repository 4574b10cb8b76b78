// The journal: one line per dialogue, what of it stands in the CRM and since when; a line opens the comparison.
import type { JournalRow } from '@continuo/contracts';
import { useState } from 'react';
import { type Spoken, useTexts } from '../locales/use-texts.ts';
import { visitorName } from '../parts/face.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { go, hrefOf } from '../route.ts';
import { useConsole, useNow } from '../session/use-workplace.ts';
import { useCrmDesk, useWhich } from './shown.ts';
import {
  type CrmState,
  countsShown,
  isStopped,
  type JournalFilter,
  lacksContact,
  rowsOf,
  shownAs,
  timeOf,
} from './state.ts';

const FILTERS = ['all', 'pushed', 'pending', 'failed'] as const satisfies readonly JournalFilter[];
const STATE = {
  pushed: { icon: 'check', tone: 'ok' },
  pending: { icon: 'clock', tone: 'q2' },
  failed: { icon: 'warning', tone: 'bad' },
  held: { icon: 'info', tone: 'q2' },
} as const satisfies Record<ReturnType<typeof shownAs>, { icon: IconName; tone: string }>;

const NO_CONTACT = { icon: 'warning', tone: 'warn' } as const;

export function JournalCard({ crm, shown }: { crm: CrmState; shown: string | undefined }) {
  const { t, f } = useTexts();
  const desk = useCrmDesk();
  const [filter, setFilter] = useState<JournalFilter>('all');
  const [search, setSearch] = useState('');
  const rows = rowsOf(crm, filter, search);
  const counts = countsShown(crm);
  const stopped = isStopped(crm);
  const choose = (next: JournalFilter): void => {
    setFilter(next);
    if (next !== 'all') void desk.load(next);
    // What a refused key holds up is kept among what failed.
    if (next === 'pending' && stopped) void desk.load('failed');
  };
  return (
    <section className="k-card journal">
      <div className="fx top">
        <h2>{t.crm.journal}</h2>
        <span className="gr" />
        <div className="k-in quiet">
          <Icon name="search" size="sm" />
          <input
            id="search"
            type="search"
            aria-label={t.crm.search}
            placeholder={t.crm.search}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
        <fieldset className="k-seg" aria-label={t.crm.journal}>
          {FILTERS.map((choice) => (
            <button
              key={choice}
              type="button"
              className={choice === filter ? 'on' : ''}
              aria-pressed={choice === filter}
              onClick={() => choose(choice)}
            >
              {t.crm.filters[choice]} {choice !== 'all' && <b>{f.number(counts[choice])}</b>}
            </button>
          ))}
        </fieldset>
      </div>
      {rows.length === 0 ? (
        <p className="pad smt q">
          {filter === 'failed' ? t.crm.nothingAside : search || filter !== 'all' ? t.crm.emptyFilter : t.crm.empty}
        </p>
      ) : (
        <div className="scroll">
          <table className="k-tbl">
            <thead>
              <tr>
                <th>{t.crm.columns.time}</th>
                <th>{t.crm.columns.about}</th>
                <th className="opt">{t.crm.columns.what}</th>
                <th className="opt">{t.crm.columns.as}</th>
                <th>{t.crm.columns.state}</th>
                <th className="opt r">{t.crm.columns.took}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.conversation} row={row} as={shownAs(row, stopped)} sel={row.conversation === shown} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {crm.more && (
        <button type="button" className="k-btn ghost older" onClick={() => desk.loadMore(filter)}>
          {t.crm.older}
        </button>
      )}
    </section>
  );
}

function Row({ row, as, sel }: { row: JournalRow; as: ReturnType<typeof shownAs>; sel: boolean }) {
  const { t, f } = useTexts();
  const which = useWhich();
  const now = useNow();
  const head = useConsole((state) => state.inbox.heads[row.conversation]);
  const name =
    row.contact ?? (head ? visitorName(head.visitor, head.contact, t) : t.inbox.visitor(row.conversation.slice(0, 4)));
  const { icon, tone } = lacksContact(row) ? NO_CONTACT : STATE[as];
  const at = timeOf(row);
  const href = hrefOf({ page: 'crm', ...which, conversation: row.conversation });
  const record = row.record && t.crm.record[row.record.kind];
  return (
    // The link in the row is what keyboards and screen readers use; the row only widens it for the pointer.
    <tr className={sel ? 'sel' : ''} onClick={() => go({ page: 'crm', ...which, conversation: row.conversation })}>
      <td className="num q2 nw at">{at > 0 ? whenOf(at, now, f) : ''}</td>
      <td className="el about">
        <a href={href} {...(sel && { 'aria-current': 'true' })} onClick={(event) => event.stopPropagation()}>
          {name}
        </a>
      </td>
      <td className="opt num what">
        {row.writtenUpTo >= row.wantedUpTo
          ? t.crm.entries(row.wantedUpTo)
          : t.crm.partly(row.writtenUpTo, row.wantedUpTo)}
      </td>
      <td className="opt q2 el">{record && t.crm.noteOn(record.toLocaleLowerCase(), row.parts)}</td>
      <td className="state">
        <span className={`fx xs ${tone}`}>
          <Icon name={icon} size="xs" />
          <span>{stateWords(row, as, t, f)}</span>
        </span>
      </td>
      <td className="opt r q2 num nw">{row.lagMs !== undefined && f.brief(row.lagMs)}</td>
    </tr>
  );
}

function stateWords(row: JournalRow, as: ReturnType<typeof shownAs>, t: Spoken['t'], f: Spoken['f']): string {
  const { failure, held } = row;
  if (lacksContact(row)) return t.crm.contactRefused.state;
  if (held || as === 'held') return held ? t.crm.held[held].state : '';
  return as === 'pending' && failure?.retryAt !== undefined
    ? t.crm.waitsUntil(failure.attempts, f.time(failure.retryAt))
    : t.crm.states[as];
}

const whenOf = (at: number, now: number, f: Spoken['f']): string =>
  now - at < 12 * 3_600_000 ? f.timeWithSeconds(at) : f.dayAndTime(at, now);
