// Asks the server for pages of the list: after each connect, when the agent scrolls on, and when live events show that something is missing.
import type { InboxFilter } from '@continuo/contracts';
import { delayBefore } from '../session/backoff.ts';
import type { ConsoleState } from '../session/console-state.ts';
import type { Requests } from '../session/requests.ts';
import type { Store } from '../session/store.ts';
import type { Tab } from './arrange.ts';
import { addPage, hasGaps, mergeSummaries } from './state.ts';

export interface InboxDesk {
  /** What is open is asked whole: an agent's own, the unassigned and the open tasks are few. Of the rest the first page, if it was not asked yet. */
  refresh(): void;
  /** The next page of a tab; does nothing while one is asked or when there is none. */
  loadMore(tab: Tab): Promise<void>;
  closeGaps(): void;
}

const WHOLE = 200;
const PAGE = 50;

export function createInboxDesk(store: Store<ConsoleState>, requests: Requests): InboxDesk {
  const asking = new Set<InboxFilter>();
  let gapTimer: ReturnType<typeof setTimeout> | undefined;
  let gapAttempt = 0;

  async function ask(filter: InboxFilter, limit: number, before?: number): Promise<void> {
    if (asking.has(filter)) return;
    asking.add(filter);
    const reply = await requests.query('inbox', { filter, limit, ...(before !== undefined && { before }) });
    asking.delete(filter);
    if (reply.ok) store.update((state) => ({ ...state, inbox: addPage(state.inbox, filter, reply.answer) }));
  }

  async function fillGaps(): Promise<void> {
    gapTimer = undefined;
    const reply = await requests.query('inbox', { filter: 'all', limit: PAGE });
    if (reply.ok)
      store.update((state) => ({ ...state, inbox: mergeSummaries(state.inbox, reply.answer.conversations) }));
    // The view may be behind the event that told of it.
    if (hasGaps(store.get().inbox)) closeGaps();
    else gapAttempt = 0;
  }
  function closeGaps(): void {
    if (gapTimer || !hasGaps(store.get().inbox)) return;
    gapTimer = setTimeout(fillGaps, delayBefore(gapAttempt++, 0));
  }

  return {
    refresh() {
      void ask('mine', WHOLE);
      void ask('unassigned', WHOLE);
      void ask('tasks', WHOLE);
      for (const filter of ['all', 'closed', 'tasks-done'] as const)
        if (store.get().inbox.pages[filter].before === undefined) void ask(filter, PAGE);
    },
    async loadMore(tab) {
      const { pages } = store.get().inbox;
      // Below the open tasks stands what is done.
      const filter = tab === 'tasks' && !pages.tasks.more ? 'tasks-done' : tab;
      const { more, before } = pages[filter];
      if (more) await ask(filter, PAGE, before);
    },
    closeGaps,
  };
}
