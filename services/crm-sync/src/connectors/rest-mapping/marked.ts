// What a mapping makes once and finds again by its marker: tasks and deals. It is never changed.
import type { RecordRef } from '../../domain/link.ts';
import { CrmError, isCrmFault } from '../crm-error.ts';
import type { Client } from './client.ts';
import { read, readTime, type Scope, textOf } from './expression.ts';
import { allRows } from './find.ts';
import { holds } from './judge.ts';
import type { Mapping, Marked } from './schema.ts';

const { compare } = new Intl.Collator('en', { numeric: true });

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
  { find, add, remove }: Marked,
  { time, name: crm }: Pick<Mapping, 'time' | 'name'>,
  client: Client,
  { scopeOf, mustStand }: Around,
): MarkedThings {
  async function found(record: RecordRef, marker: string): Promise<string[]> {
    const scope = { ...scopeOf(record), [what]: { marker } };
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
    find: found,
    async create(record, marker, scope) {
      // Many CRMs take one for a record that does not exist.
      await mustStand(record);
      const answer = await client.call(add.request, { ...scopeOf(record), ...scope });
      const id = add.id === undefined ? (await found(record, marker)).at(-1) : textOf(read(answer, add.id));
      if (id !== undefined) return id;
      throw new CrmError('server-error', `${crm} took a ${what} but does not show it.`, { outcomeUnknown: true });
    },
    async remove(record, id) {
      await client.call(remove, { ...scopeOf(record), [what]: { id } }, { about: 'note' }).catch((error: unknown) => {
        if (!isCrmFault(error, 'note-gone')) throw error;
      });
    },
  };
}
