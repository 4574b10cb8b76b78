// Which pages of the list are asked for.

import type { ConversationSummary, InboxFilter } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { initialConsole } from '../session/console-state.ts';
import type { Requests } from '../session/requests.ts';
import { createStore } from '../session/store.ts';
import { createInboxDesk } from './asking.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** @param more the filters that have older ones */
function desk(more: InboxFilter[] = []) {
  const asked: string[] = [];
  const query = async (
    _name: string,
    { filter, limit, before }: { filter: InboxFilter; limit: number; before?: number },
  ) => {
    asked.push(`${filter} ${limit}${before === undefined ? '' : ` before ${before}`}`);
    const conversations = [{ conversation: filter, number: 1, updatedAt: 7 } as ConversationSummary];
    return { ok: true, answer: { conversations, more: more.includes(filter) } };
  };
  const requests = { query } as unknown as Requests;
  return { asked, ...createInboxDesk(createStore(initialConsole), requests) };
}

test('what is open is asked whole after each connect, the rest once', async () => {
  const { asked, refresh } = desk();
  refresh();
  await settled();
  expect(asked.splice(0).sort()).toEqual([
    'all 50',
    'closed 50',
    'mine 200',
    'tasks 200',
    'tasks-done 50',
    'unassigned 200',
  ]);
  refresh();
  expect(asked.sort()).toEqual(['mine 200', 'tasks 200', 'unassigned 200']);
});

test('below the open tasks the list goes on with those that are done', async () => {
  const { asked, refresh, loadMore } = desk(['tasks-done']);
  refresh();
  await settled();
  asked.length = 0;
  await loadMore('tasks');
  expect(asked).toEqual(['tasks-done 50 before 7']);
});

test('as long as there are more open tasks these come first', async () => {
  const { asked, refresh, loadMore } = desk(['tasks', 'tasks-done']);
  refresh();
  await settled();
  asked.length = 0;
  await loadMore('tasks');
  expect(asked).toEqual(['tasks 50 before 7']);
});
