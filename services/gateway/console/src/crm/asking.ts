// Asks crm-sync for the journal, for the row of one dialogue and for what the CRM holds, and tells it to try again.
import type { QueryAnswer } from '@continuo/contracts';
import type { ConsoleState } from '../session/console-state.ts';
import type { AgentCommand, Answer, Outcome, Requests } from '../session/requests.ts';
import type { Store } from '../session/store.ts';
import { type JournalFilter, withJournal, withRow } from './state.ts';

export type Holds = QueryAnswer<'crm-holds'>;
export interface CrmDesk {
  /** First page of the journal; its counts are the badge. */
  refresh(): void;
  load(filter: JournalFilter): Promise<void>;
  loadMore(filter: JournalFilter): Promise<void>;
  loadLink(conversation: string): Promise<void>;
  /** Read from the CRM itself, so it may take its time or fail. */
  holds(conversation: string): Promise<Answer<'crm-holds'>>;
  /** One conversation, or all of the site. */
  retry(conversation?: string): Promise<Outcome>;
}

const PAGE = 100;

export function createCrmDesk(
  store: Store<ConsoleState>,
  requests: Requests,
  command: (name: AgentCommand & 'retry-crm-writes', data: { conversation?: string }) => Promise<Outcome>,
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
  return {
    refresh: () => void load('all'),
    load: (filter) => load(filter),
    loadMore: (filter) => load(filter, store.get().crm.before),
    async loadLink(conversation) {
      const reply = await requests.query('crm-link', { conversation });
      const row = reply.ok ? reply.answer.row : undefined;
      if (row) store.update((state) => ({ ...state, crm: withRow(state.crm, row) }));
    },
    holds: (conversation) => requests.query('crm-holds', { conversation }),
    async retry(conversation) {
      const outcome = await command('retry-crm-writes', conversation === undefined ? {} : { conversation });
      if (outcome.ok) void load('all');
      return outcome;
    },
  };
}
