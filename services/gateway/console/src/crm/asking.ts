// Asks crm-sync for the site's CRMs, and of each for the journal, for the row of one dialogue and for what the CRM holds, and tells it to try again.
import type { CommandData, QueryAnswer } from '@continuo/contracts';
import { passesByItself } from '@continuo/contracts/crm-failure';
import type { ToAgent } from '@continuo/contracts/frames';
import type { ConsoleState } from '../session/console-state.ts';
import type { AgentCommand, Answer, Outcome, Requests } from '../session/requests.ts';
import type { Store } from '../session/store.ts';
import { crmOf, DEFAULT, withCrm, withList } from './connections.ts';
import { type CrmState, type JournalFilter, withConnection, withJournal, withRow } from './state.ts';

export type CrmCommand =
  | 'retry-crm-writes'
  | 'choose-crm-contact'
  | 'make-crm-field'
  | 'test-crm'
  | 'pause-crm'
  | 'resume-crm'
  | 'resync-crm'
  | 'save-crm-connection'
  | 'rename-crm-connection'
  | 'remove-crm-connection';
export type Deliveries = QueryAnswer<'crm-deliveries'>['deliveries'];
export type Holds = QueryAnswer<'crm-holds'>;
/** Of all CRMs of the site. */
export interface CrmListDesk {
  load(): Promise<void>;
  /** What can be connected, and what each wants to be told; of one that stands also its address. */
  connectors(connection?: string): Promise<Answer<'crm-connectors'>>;
  connect(connection: CommandData<'save-crm-connection'>['connection']): Promise<Outcome>;
  /** One that stands: what is not named stays, at the same address. */
  signIn(connection: CommandData<'save-crm-connection'>['connection']): Promise<Outcome>;
  rename(connection: string, name: string): Promise<Outcome>;
  remove(connection: string): Promise<Outcome>;
  /** A report says that something failed, the journal also who or what is lacking. */
  onFrame(frame: ToAgent): void;
}
/** Of one of them. */
export interface CrmDesk {
  /** First page of the journal, whose counts are the badge, and how the connection stands. */
  refresh(): void;
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

type Command = <K extends AgentCommand & CrmCommand>(name: K, data: CommandData<K>) => Promise<Outcome>;

export function createCrmListDesk(
  store: Store<ConsoleState>,
  requests: Requests,
  command: Command,
  crm: (id: string) => CrmDesk,
): CrmListDesk {
  const load = async (): Promise<void> => {
    const reply = await requests.query('crm-connections', {});
    if (reply.ok) store.update((state) => ({ ...state, crms: withList(state.crms, reply.answer) }));
  };
  const thenList = async (outcome: Promise<Outcome>): Promise<Outcome> => {
    if ((await outcome).ok) await load();
    return outcome;
  };
  return {
    load,
    connectors: (connection) => requests.query('crm-connectors', connection === undefined ? {} : { connection }),
    connect: (connection) => thenList(command('save-crm-connection', { connection, onlyIfNone: true })),
    signIn: (connection) => thenList(command('save-crm-connection', { connection, keep: true })),
    rename: (connection, name) => thenList(command('rename-crm-connection', { connection, name })),
    remove: (connection) => thenList(command('remove-crm-connection', { connection })),
    onFrame(frame) {
      if (frame.t !== 'report' || frame.event.type !== 'crm-write-failed') return;
      const { failure, connection = DEFAULT } = frame.event.data;
      if (!passesByItself(failure) && connection in store.get().crms.of) void crm(connection).loadLink(frame.event.key);
    },
  };
}

/** @param id without it the first of the site's CRMs */
export function createCrmDesk(store: Store<ConsoleState>, requests: Requests, command: Command, id?: string): CrmDesk {
  const one = id === undefined ? {} : { connection: id };
  const update = (change: (crm: CrmState) => CrmState): void =>
    store.update((state) => ({ ...state, crms: withCrm(state.crms, id, change) }));
  async function load(filter: JournalFilter, before?: number): Promise<void> {
    const reply = await requests.query('crm-journal', {
      ...one,
      state: filter,
      limit: PAGE,
      ...(before !== undefined && { before }),
    });
    update((crm) => (reply.ok ? withJournal(crm, reply.answer) : { ...crm, loaded: true, trouble: reply }));
  }
  async function loadConnection(): Promise<void> {
    const reply = await requests.query('crm-connection', one);
    if (reply.ok) update((crm) => withConnection(crm, reply.answer));
  }
  async function loadLink(conversation: string): Promise<void> {
    const reply = await requests.query('crm-link', { ...one, conversation });
    const row = reply.ok ? reply.answer.row : undefined;
    if (row) update((crm) => withRow(crm, row));
  }
  return {
    // How the connection stands first: it decides how the rest is shown.
    refresh: () => void loadConnection().then(() => load('all')),
    loadConnection,
    load: (filter) => load(filter),
    loadMore: (filter) => load(filter, crmOf(store.get().crms, id).before),
    loadLink,
    holds: (conversation) => requests.query('crm-holds', { ...one, conversation }),
    deliveries: (conversation) => requests.query('crm-deliveries', { ...one, conversation }),
    choose: (conversation, record) =>
      command('choose-crm-contact', { ...one, conversation, ...(record && { record }) }),
    makeField: (conversation) => command('make-crm-field', { ...one, conversation }),
    test: () => command('test-crm', one),
    pause: () => command('pause-crm', one),
    resume: () => command('resume-crm', one),
    resync: (period) => command('resync-crm', { ...one, ...period }),
    async retry(conversation) {
      const outcome = await command('retry-crm-writes', {
        ...one,
        ...(conversation !== undefined && { conversation }),
      });
      if (outcome.ok) void load('all');
      return outcome;
    },
  };
}
