// What is known of the CRM: the journal, and per conversation its row; kept by the reports of crm-sync. Pure.
import type { CrmConnectionState, CrmFigures, JournalRow, QueryAnswer, Role } from '@continuo/contracts';
import { passesByItself } from '@continuo/contracts/crm-failure';
import type { FrameOf } from '../session/protocol.ts';

export type JournalFilter = 'all' | 'pending' | 'failed' | 'pushed';
type Journal = QueryAnswer<'crm-journal'>;

export interface CrmState {
  /** Name of the connector, e.g. "bottlecrm"; undefined as long as unknown or when the site has none. */
  connector?: string;
  rows: Record<string, JournalRow>;
  counts: Journal['counts'];
  /** The first page has been answered. */
  loaded: boolean;
  more: boolean;
  before?: number;
  /** Why the journal cannot be shown. */
  trouble?: { refusal: string; words: string };
  /** How the connection stands; undefined as long as unknown or when the site has none. */
  connection?: CrmConnectionState;
  figures?: CrmFigures;
  /** Grows with every report: figures that were asked before are old. */
  news: number;
}
export const initialCrm: CrmState = {
  rows: {},
  counts: { pushed: 0, pending: 0, failed: 0 },
  loaded: false,
  more: false,
  news: 0,
};

/** Who may test, pause, re-sync and retry: the server decides, this only shows no buttons that it refuses. */
export const runsTheCrm = (role: Role | undefined): boolean => role === 'supervisor' || role === 'admin';

/** Who may add, rename and remove one; as above. */
export const connectsCrms = (role: Role | undefined): boolean => role === 'admin';

export function withConnection(state: CrmState, { connection, figures }: QueryAnswer<'crm-connection'>): CrmState {
  const { connection: _before, ...rest } = state;
  return { ...rest, ...(connection && { connection, connector: connection.connector }), figures };
}

export function withJournal(state: CrmState, answer: Journal): CrmState {
  const { trouble: _solved, ...rest } = state;
  const before = answer.rows.map(timeOf).sort((one, other) => one - other)[0];
  return {
    ...rest,
    ...(answer.connector !== undefined && { connector: answer.connector }),
    rows: { ...state.rows, ...Object.fromEntries(answer.rows.map((row) => [row.conversation, row])) },
    counts: answer.counts,
    loaded: true,
    more: answer.more,
    ...(before !== undefined && { before }),
  };
}

export const withRow = (state: CrmState, row: JournalRow): CrmState => ({
  ...state,
  rows: { ...state.rows, [row.conversation]: row },
});

/** Takes a report over. Counts are corrected by the difference, so that the badge is right without asking. */
export function report(state: CrmState, { event }: FrameOf<'report'>): CrmState {
  if (event.type === 'crm-connection-changed')
    return { ...state, connection: event.data, connector: event.data.connector, news: state.news + 1 };
  if (event.type !== 'crm-record-written' && event.type !== 'crm-write-failed') return state;
  const old = state.rows[event.key];
  const row = event.type === 'crm-record-written' ? written(old, event) : failed(old, event);
  const counts = { ...state.counts };
  if (old && !old.held && counts[old.state] > 0) counts[old.state]--;
  if (old || state.loaded) counts[row.state]++;
  return { ...withRow(state, row), counts, connector: event.data.connector, news: state.news + 1 };
}

/** What the CRM is told of: the same that crm-sync hears. */
const TOLD: ReadonlySet<string> = new Set([
  'conversation-started',
  'message-sent',
  'offline-message-left',
  'agent-assigned',
  'contact-identified',
  'conversation-closed',
  'callback-requested',
  'conversation-missed',
  'task-done',
  'rating-given',
  'survey-answered',
  'transcript-requested',
]);

/** Something was said: until the CRM has it, the row waits; so does a dialogue that nobody has told of yet. */
export function fallBehind(state: CrmState, { event }: FrameOf<'event'>): CrmState {
  const known = state.rows[event.key];
  if (!TOLD.has(event.type) || event.number <= (known?.wantedUpTo ?? 0)) return state;
  if (!known && !(state.loaded && state.connector)) return state;
  const row = known ?? blank(event.key);
  // Whether the rule lets it in now is told when it was written.
  if (row.held) return withRow(state, { ...row, wantedUpTo: event.number });
  const counts = { ...state.counts };
  // Of a dialogue that is not shown here it is believed that all before stands in the CRM.
  const before = known ? known.state : event.number > 1 ? 'pushed' : undefined;
  const waits = before === 'failed' ? 'failed' : 'pending';
  if (before !== undefined) counts[before] = Math.max(0, counts[before] - 1);
  counts[waits]++;
  return { ...withRow(state, { ...row, state: waits, wantedUpTo: event.number }), counts };
}

type Report<T extends string> = Extract<FrameOf<'report'>['event'], { type: T }>;

function written(old: JournalRow | undefined, { key, time, data }: Report<'crm-record-written'>): JournalRow {
  const { failure: _over, held: _held, choice: _chosen, contactRefused: _before, ...rest } = old ?? blank(key);
  const wantedUpTo = Math.max(rest.wantedUpTo, data.upTo);
  return {
    ...rest,
    state: wantedUpTo > data.upTo ? 'pending' : 'pushed',
    record: { ...rest.record, ...data.record },
    ...(data.contactRefused && { contactRefused: data.contactRefused }),
    parts: Math.max(1, rest.parts),
    writtenUpTo: data.upTo,
    wantedUpTo,
    lastPushedAt: time,
    ...(data.lagMs !== undefined && { lagMs: data.lagMs }),
  };
}

function failed(old: JournalRow | undefined, { key, time, data }: Report<'crm-write-failed'>): JournalRow {
  const { failure, words, retryAt } = data;
  const attempts = (old?.failure?.attempts ?? 0) + 1;
  const { held: _held, choice: _old, ...rest } = old ?? blank(key);
  return {
    ...rest,
    state: passesByItself(failure) ? 'pending' : 'failed',
    failure: { failure, words, at: time, attempts, ...(retryAt !== undefined && { retryAt }) },
  };
}

const blank = (conversation: string): JournalRow => ({
  conversation,
  state: 'pending',
  parts: 0,
  writtenUpTo: 0,
  wantedUpTo: 0,
});

/**
 * What a site’s rule keeps out of the CRM waits for nothing; what a refused key holds up waits for the sign-in and goes by itself then, like all that was said since.
 * @param stopped the connection is, by such a key
 */
export function shownAs({ state, held, failure }: JournalRow, stopped = false): JournalRow['state'] | 'held' {
  if (held) return 'held';
  return stopped && failure?.failure === 'refused-access' ? 'pending' : state;
}

export const isStopped = ({ connection }: CrmState): boolean => connection?.state === 'stopped';

/** As all parts of the page tell them: what goes by itself is said to wait, and only what needs a person for itself to be set aside. */
export function countsShown(state: CrmState): CrmState['counts'] {
  const { counts } = state;
  if (!isStopped(state)) return counts;
  const failed = Math.min(counts.failed, setAside(state).length);
  return { ...counts, pending: counts.pending + counts.failed - failed, failed };
}

/** All of the dialogue is there, and what is known of its visitor is not. */
export const lacksContact = ({ state, contactRefused }: JournalRow): boolean =>
  state === 'pushed' && contactRefused !== undefined;

export const timeOf = (row: JournalRow): number => Math.max(row.lastPushedAt ?? 0, row.failure?.at ?? 0);

/** Rows of one filter, latest first; what never was tried stands on top, since it is about to go. */
export function rowsOf(state: CrmState, filter: JournalFilter, search = ''): JournalRow[] {
  const wanted = search.trim().toLocaleLowerCase();
  return Object.values(state.rows)
    .filter((row) => filter === 'all' || shownAs(row, isStopped(state)) === filter)
    .filter((row) => !wanted || `${row.contact ?? ''} ${row.conversation}`.toLocaleLowerCase().includes(wanted))
    .sort((one, other) => (timeOf(other) || Infinity) - (timeOf(one) || Infinity) || 0);
}

/** What needs a person for itself: those whom a refused key holds up follow as soon as the key works. */
export const setAside = (state: CrmState): JournalRow[] => rowsOf(state, 'failed');

/** Names of CRMs as their makers write them; an unknown connector is shown by its own name. */
const NAMES: Record<string, string> = {
  bottlecrm: 'BottleCRM',
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
  pipedrive: 'Pipedrive',
  bitrix24: 'Bitrix24',
  odoo: 'Odoo',
  espocrm: 'EspoCRM',
  webhook: 'Webhook',
  amqp: 'RabbitMQ',
};
const crmName = (connector: string | undefined): string | undefined =>
  connector === undefined ? undefined : (NAMES[connector] ?? connector);

/** As the site calls it, as far as that is known. */
export const nameOf = ({ connection, connector }: CrmState): string | undefined =>
  connection?.name ?? crmName(connector);
