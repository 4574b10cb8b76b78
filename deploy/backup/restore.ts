// An installation from its backup, onto servers that hold none: streams, consumers where they stood, documents, indexes. The services start after it.
import { join } from 'node:path';
import { messagesIn, provision, removeStream, restoreConsumer, restoreStream, type StreamCopy } from '@continuo/bus';
import {
  type CollectionCopy,
  collectionsOf,
  expectKnown,
  migrate,
  restoreCollection,
  SCHEMA_COLLECTION,
} from '@continuo/store';
import type { Parts } from './create.ts';
import { faultsOf, type Manifest, readManifest } from './manifest.ts';

/**
 * @param replicas copies of each stream in a NATS cluster; as many as there were when left out
 * @throws before anything is changed: when a file is damaged, the servers hold messages or documents already, or one server shall keep several copies
 */
export async function restoreBackup(
  { bus, store, replicas: wanted }: Parts & { replicas?: number | undefined },
  folder: string,
): Promise<Manifest> {
  const backup = await readManifest(folder);
  const faults = await faultsOf(folder, backup);
  if (faults.length > 0) throw new Error(`The backup is damaged: ${faults.join('; ')}. Nothing was restored.`);
  expectKnown(backup.schema);
  const replicas = wanted ?? copiesIn(backup);
  if (replicas > 1 && bus.nc.info?.cluster === undefined)
    throw new Error(
      `There were ${replicas} copies of each stream, and this NATS server stands alone: set CONTINUO_NATS_REPLICAS=1 if one shall do. Nothing was restored.`,
    );
  await expectNothing({ bus, store }, backup);

  // Empty ones, as services that once ran here leave them.
  for (const name of await collectionsOf(store.connection)) await store.connection.collection(name).drop();
  for (const { name, file, config, state } of backup.streams) {
    await removeStream(bus, name);
    await restoreStream(bus, { config, state } as unknown as StreamCopy, join(folder, file), replicas);
  }
  for (const { name, stream, doneUpTo } of backup.consumers) await restoreConsumer(bus, stream, name, doneUpTo);
  // Whatever this version has and the backup has not; and all settings of streams and consumers as they are today.
  await provision(bus, { replicas });
  for (const collection of backup.collections)
    await restoreCollection(
      store.connection,
      collection.name,
      collection as unknown as CollectionCopy,
      join(folder, collection.file),
    );
  // An older release may have written it.
  await migrate(store.connection);
  return backup;
}

const copiesIn = ({ streams }: Manifest): number =>
  Math.max(1, ...streams.map(({ config }) => Number(config['num_replicas'] ?? 1)));

async function expectNothing({ bus, store: { connection } }: Parts, { streams }: Manifest): Promise<void> {
  const full: string[] = [];
  for (const { name } of streams) {
    const messages = (await messagesIn(bus, name)) ?? 0;
    if (messages > 0) full.push(`stream ${name} (${messages} messages)`);
  }
  for (const name of await collectionsOf(connection))
    if (name !== SCHEMA_COLLECTION && (await connection.collection(name).findOne({}, { projection: { _id: 1 } })))
      full.push(`collection ${name}`);
  if (full.length > 0)
    throw new Error(
      `These servers hold data already: ${full.join(', ')}. Restore onto empty ones, or remove what is there yourself.`,
    );
}
