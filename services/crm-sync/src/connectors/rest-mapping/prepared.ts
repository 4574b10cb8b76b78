// What leads of ours need in a CRM: added once; and the names that the CRM makes up for it, looked up when they are used.
import { clock } from '@continuo/runtime';
import { addedOnce } from '../added-once.ts';
import { CrmError } from '../crm-error.ts';
import type { Client } from './client.ts';
import { read, textOf } from './expression.ts';
import { allRows } from './find.ts';
import { holds } from './judge.ts';
import type { Mapping } from './schema.ts';

type Item = Mapping['prepare'][number];

export async function prepare(mapping: Mapping, client: Client): Promise<void> {
  kept.delete(client.key);
  for (const item of mapping.prepare) {
    const stands = async () => (await standing(client, item)) !== undefined;
    if (!(await addedOnce(stands, () => client.call(item.add, {}))))
      throw new CrmError('invalid', `${mapping.name} did not add ${item.what}: let an administrator add it.`);
  }
}

/** Of several the first, so that all replicas use the same. */
const standing = async (client: Client, item: Item): Promise<unknown> =>
  (await allRows(client, item, {})).find((row) => holds(row, item.where, {}));

/** Somebody may remove a field and add it anew under another name. */
const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 2_000;
const kept = new Map<string, { names: Record<string, string>; until: number }>();

/**
 * The values of `{{prepared.NAME}}`, the same for all runs of a connection.
 * @throws {CrmError} `invalid` when something is not there
 */
export async function preparedNames(mapping: Mapping, client: Client): Promise<Record<string, string>> {
  const items = mapping.prepare.filter(({ keep }) => Object.keys(keep).length > 0);
  if (items.length === 0) return {};
  const known = kept.get(client.key);
  if (known && known.until > clock.now()) return known.names;
  const names: Record<string, string> = {};
  for (const item of items) {
    const row = await standing(client, item);
    for (const [name, path] of Object.entries(item.keep)) {
      const value = textOf(read(row, path));
      if (value === undefined)
        throw new CrmError(
          'invalid',
          `${mapping.name} lacks ${item.what}: save the connection again, so that it is added.`,
        );
      names[name] = value;
    }
  }
  kept.delete(client.key);
  kept.set(client.key, { names, until: clock.now() + KEPT_MS });
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string);
  return names;
}
