// Tasks and deals by a mapping.
import type { Crm } from '../connector.ts';
import { CrmError } from '../crm-error.ts';
import type { Client } from './client.ts';
import { type Around, markedThings } from './marked.ts';
import type { Mapping } from './schema.ts';
import { dealScope, taskScope } from './scope.ts';

export function tasksOf(
  mapping: Mapping,
  client: Client,
  around: Around,
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
  const { find, create, remove } = markedThings('task', task, mapping, client, around);
  return {
    findTasks: find,
    createTask: (record, wanted) => create(record, wanted.marker, taskScope(mapping, wanted)),
    removeTask: remove,
  };
}

export function dealsOf(mapping: Mapping, client: Client, around: Around): Crm['deals'] {
  if (!mapping.deal) return undefined;
  const { find, create, remove } = markedThings('deal', mapping.deal, mapping, client, around);
  return { find, create: (record, deal) => create(record, deal.marker, dealScope(mapping, deal)), remove };
}
