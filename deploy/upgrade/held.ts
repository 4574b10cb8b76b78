// What an installation holds at a moment, to be compared with what it holds later.
import type { Bus } from '@continuo/bus';
import { collectionsOf, type Store } from '@continuo/store';
import { documentsOf, messagesOf } from '../backup/compare.ts';
import { keptStreams } from '../backup/create.ts';
import { PASSING } from './collections.ts';
import type { Held } from './differences.ts';

export interface Parts {
  bus: Bus;
  store: Store;
}

export async function held(running: Parts): Promise<Held> {
  const inStreams = keptStreams().map(async (name) => [name, await messagesOf(running.bus, name)] as const);
  const documents = Object.entries(await documentsOf(running.store.connection)).map(([name, texts]) => {
    const all = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
    return [name, Object.fromEntries(all.map((one) => [JSON.stringify(one['_id']), one]))] as const;
  });
  return { streams: Object.fromEntries(await Promise.all(inStreams)), documents: Object.fromEntries(documents) };
}

/** Collections whose documents end by themselves. */
export async function passing(running: Parts): Promise<string[]> {
  const { connection } = running.store;
  const names = await collectionsOf(connection);
  const ends = async (name: string): Promise<boolean> =>
    (await connection.collection(name).indexes()).some(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
  const found = await Promise.all(names.map(async (name) => ((await ends(name)) ? [name] : [])));
  return [...PASSING, ...found.flat()];
}
