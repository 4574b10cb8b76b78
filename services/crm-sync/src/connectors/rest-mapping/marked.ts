// What a mapping makes once and finds again by its marker: tasks and deals. It is never changed.
import type { RecordRef } from '../../domain/link.ts';
import { CrmError, isCrmFault } from '../crm-error.ts';
import type { Client } from './client.ts';
import { read, readTime, type Scope, textOf } from './expression.ts';
import { allRows } from './find.ts';
import { holds } from './judge.ts';
import type { Mapping, Marked } from './schema.ts';

const { compare } = new Intl.Collator('en', { numeric: true });

/** Stands for one that a person has done and the CRM has removed: what it keeps of it is the company's history. */
const DONE = 'done';

export interface Around {
  scopeOf(record: RecordRef): Scope;
  /** @throws {CrmError} `record-gone` */
  mustStand(record: RecordRef): Promise<void>;
}
export interface MarkedThings {
  find(record: RecordRef, marker: string): Promise<string[]>;
  create(record: RecordRef, marker: string, scope: Scope): Promise<string>;
  remove(record: RecordRef, id: string): Promise<void>;
}

/** @param what its name in the mapping and in templates */
export function markedThings(
  what: 'task' | 'deal',
  { find, done, add, remove }: Marked,
  { time, name: crm }: Pick<Mapping, 'time' | 'name'>,
  client: Client,
  { scopeOf, mustStand }: Around,
): MarkedThings {
  const scopeFor = (record: RecordRef, marker: string): Scope => ({ ...scopeOf(record), [what]: { marker } });

  async function isDone(record: RecordRef, marker: string): Promise<boolean> {
    if (!done) return false;
    const scope = scopeFor(record, marker);
    return (await allRows(client, done, scope)).some((row) => holds(row, done.where, scope));
  }

  async function standing(record: RecordRef, marker: string): Promise<string[]> {
    const scope = scopeFor(record, marker);
    return (await allRows(client, find, scope))
      .filter((row) => holds(row, find.where, scope))
      .flatMap((row) => {
        const id = textOf(read(row, find.id));
        const at = find.at === undefined ? 0 : readTime(read(row, find.at), time);
        return id === undefined ? [] : [{ id, at }];
      })
      .sort((a, b) => a.at - b.at || compare(a.id, b.id))
      .map(({ id }) => id);
  }

  return {
    find: async (record, marker) => [
      ...((await isDone(record, marker)) ? [DONE] : []),
      ...(await standing(record, marker)),
    ],
    async create(record, marker, scope) {
      // Many CRMs take one for a record that does not exist.
      await mustStand(record);
      const answer = await client.call(add.request, { ...scopeOf(record), ...scope });
      const id = add.id === undefined ? (await standing(record, marker)).at(-1) : textOf(read(answer, add.id));
      if (id !== undefined) return id;
      throw new CrmError('server-error', `${crm} took a ${what} but does not show it.`, { outcomeUnknown: true });
    },
    async remove(record, id) {
      if (id === DONE) return;
      await client.call(remove, { ...scopeOf(record), [what]: { id } }, { about: 'note' }).catch((error: unknown) => {
        if (!isCrmFault(error, 'note-gone')) throw error;
      });
    },
  };
}
