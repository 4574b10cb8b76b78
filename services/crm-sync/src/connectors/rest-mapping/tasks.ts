// Tasks by a mapping: made once, found again by their marker, never changed.
import type { RecordRef } from '../../domain/link.ts';
import type { Crm } from '../connector.ts';
import { CrmError, isCrmFault } from '../crm-error.ts';
import type { Client } from './client.ts';
import { read, readTime, type Scope, textOf } from './expression.ts';
import { allRows } from './find.ts';
import { holds } from './judge.ts';
import type { Mapping } from './schema.ts';
import { taskScope } from './scope.ts';

const { compare } = new Intl.Collator('en', { numeric: true });

export function tasksOf(
  mapping: Mapping,
  client: Client,
  { scopeOf, mustStand }: { scopeOf(record: RecordRef): Scope; mustStand(record: RecordRef): Promise<void> },
): Pick<Crm, 'findTasks' | 'createTask' | 'removeTask'> {
  const { task, name: crm } = mapping;
  // Refused as a fault of this record: it comes after the transcript, and its words tell the administrator.
  const none = () =>
    Promise.reject(
      new CrmError(
        'invalid',
        `Somebody has to be called or answered, but the mapping of ${crm} makes no tasks: the transcript is there, the task is not. Turn tasks off in the site’s settings (crm.tasks), or use a mapping that makes them.`,
      ),
    );
  if (!task) return { findTasks: none, createTask: none, removeTask: none };
  const { find, add, remove } = task;

  async function findTasks(record: RecordRef, marker: string): Promise<string[]> {
    const scope = { ...scopeOf(record), task: { marker } };
    return (await allRows(client, find, scope))
      .filter((row) => holds(row, find.where, scope))
      .flatMap((row) => {
        const id = textOf(read(row, find.id));
        const at = find.at === undefined ? 0 : readTime(read(row, find.at), mapping.time);
        return id === undefined ? [] : [{ id, at }];
      })
      .sort((a, b) => a.at - b.at || compare(a.id, b.id))
      .map(({ id }) => id);
  }

  return {
    findTasks,
    async createTask(record, wanted) {
      // Many CRMs take a task for a record that does not exist.
      await mustStand(record);
      const answer = await client.call(add.request, { ...scopeOf(record), ...taskScope(mapping, wanted) });
      const id = add.id === undefined ? (await findTasks(record, wanted.marker)).at(-1) : textOf(read(answer, add.id));
      if (id !== undefined) return id;
      throw new CrmError('server-error', `${crm} took a task but does not show it.`, { outcomeUnknown: true });
    },
    async removeTask(record, id) {
      await client.call(remove, { ...scopeOf(record), task: { id } }, { about: 'note' }).catch((error: unknown) => {
        if (!isCrmFault(error, 'note-gone')) throw error;
      });
    },
  };
}
