// Asks crm-sync for the journal, for the row of one dialogue and for what the CRM holds, and tells it to try again.
import type { CommandData, QueryAnswer } from '@continuo/contracts';
import { passesByItself } from '@continuo/contracts/crm-failure';
import type { ToAgent } from '@continuo/contracts/frames';
import type { ConsoleState } from '../session/console-state.ts';
import type { AgentCommand, Answer, Outcome, Requests } from '../session/requests.ts';
import type { Store } from '../session/store.ts';
import { type JournalFilter, withConnection, withJournal, withRow } from './state.ts';

export type CrmCommand =
  | 'retry-crm-writes'
  | 'choose-crm-contact'
  | 'make-crm-field'
  | 'test-crm'
  | 'pause-crm'
  | 'resume-crm'
  | 'resync-crm';
export type Deliveries = QueryAnswer<'crm-deliveries'>['deliveries'];
export type Holds = QueryAnswer<'crm-holds'>;
export interface CrmDesk {
  /** First page of the journal, whose counts are the badge, and how the connection stands. */
  refresh(): void;
  /** A report says that something failed, the journal also who or what is lacking. */
  onFrame(frame: ToAgent): void;
  loadConnection(): Promise<void>;
  load(filter: JournalFilter): Promise<void>;
  loadMore(filter: JournalFilter): Promise<void>;
  loadLink(conversation: string): Promise<void>;
  /** Read from the CRM itself, so it may take its time or fail. */
  holds(conversation: string): Promise<Answer<'crm-holds'>>;
  /** Of a connector that pushes: what was sent of a dialogue, and what came of it. */
  deliveries(conversation: string): Promise<Answer<'crm-deliveries'>>;
  /** One conversation, or all of the site. */
  retry(conversation?: string): Promise<Outcome>;
  /** Whose a dialogue is, of several who fit; without a record a new lead's. */
  choose(conversation: string, record: CommandData<'choose-crm-contact'>['record']): Promise<Outcome>;
  /** The field that this dialogue lacks in the CRM. */
  makeField(conversation: string): Promise<Outcome>;
  test(): Promise<Outcome>;
  pause(): Promise<Outcome>;
  resume(): Promise<Outcome>;
  resync(period: { from: number; to: number }): Promise<Outcome>;
}

const PAGE = 100;

export function createCrmDesk(
  store: Store<ConsoleState>,
  requests: Requests,
  command: <K extends AgentCommand & CrmCommand>(name: K, data: CommandData<K>) => Promise<Outcome>,
): CrmDesk {
  async function load(filter: JournalFilter, before?: number): Promise<void> {
    const reply = await requests.query('crm-journal', {
      state: filter,
      limit: PAGE,
      ...(before !== undefined && { before }),
    });
    store.update((state) => ({
      ...state,
      crm: reply.ok ? withJournal(state.crm, reply.answer) : { ...state.crm, loaded: true, trouble: reply.words },
    }));
  }
  async function loadConnection(): Promise<void> {
    const reply = await requests.query('crm-connection', {});
    if (reply.ok) store.update((state) => ({ ...state, crm: withConnection(state.crm, reply.answer) }));
  }
  async function loadLink(conversation: string): Promise<void> {
    const reply = await requests.query('crm-link', { conversation });
    const row = reply.ok ? reply.answer.row : undefined;
    if (row) store.update((state) => ({ ...state, crm: withRow(state.crm, row) }));
  }
  return {
    onFrame(frame) {
      if (frame.t !== 'report' || frame.event.type !== 'crm-write-failed') return;
      if (!passesByItself(frame.event.data.failure)) void loadLink(frame.event.key);
    },
    // How the connection stands first: it decides how the rest is shown.
    refresh: () => void loadConnection().then(() => load('all')),
    loadConnection,
    load: (filter) => load(filter),
    loadMore: (filter) => load(filter, store.get().crm.before),
    loadLink,
    holds: (conversation) => requests.query('crm-holds', { conversation }),
    deliveries: (conversation) => requests.query('crm-deliveries', { conversation }),
    choose: (conversation, record) => command('choose-crm-contact', { conversation, ...(record && { record }) }),
    makeField: (conversation) => command('make-crm-field', { conversation }),
    test: () => command('test-crm', {}),
    pause: () => command('pause-crm', {}),
    resume: () => command('resume-crm', {}),
    resync: (period) => command('resync-crm', period),
    async retry(conversation) {
      const outcome = await command('retry-crm-writes', conversation === undefined ? {} : { conversation });
      if (outcome.ok) void load('all');
      return outcome;
    },
  };
}
