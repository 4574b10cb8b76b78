// An installation from its backup, onto servers that hold none: streams, consumers where they stood, documents, indexes. The services start after it.
import { join } from 'node:path';
import { type Bus, provision } from '@continuo/bus';
import { AckPolicy, DeliverPolicy, JetStreamApiError } from '@nats-io/jetstream';
import type { Db } from 'mongodb';
import { type CollectionCopy, collectionsOf, restoreCollection } from './documents.ts';
import { faultsOf, type Manifest, readManifest } from './manifest.ts';
import { restoreStream, type StreamCopy } from './streams.ts';

const STREAM_NOT_FOUND = 10059;

/** @throws before anything is changed: when a file is damaged, or the servers hold messages or documents already */
export async function restoreBackup(
  { bus, db, replicas = 1 }: { bus: Bus; db: Db; replicas?: number },
  folder: string,
): Promise<Manifest> {
  const backup = await readManifest(folder);
  const faults = await faultsOf(folder, backup);
  if (faults.length > 0) throw new Error(`The backup is damaged: ${faults.join('; ')}. Nothing was restored.`);
  await expectNothing(bus, db, backup);

  for (const { name, file, config, state } of backup.streams) {
    await bus.jsm.streams.delete(name).catch(absent);
    await restoreStream(bus, { config, state } as unknown as StreamCopy, join(folder, file), replicas);
  }
  for (const { name, stream, doneUpTo } of backup.consumers)
    await bus.jsm.consumers.add(stream, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: doneUpTo + 1,
    });
  // Whatever this version has and the backup has not; and all settings of streams and consumers as they are today.
  await provision(bus, { replicas });
  for (const collection of backup.collections)
    await restoreCollection(
      db,
      collection.name,
      collection as unknown as CollectionCopy,
      join(folder, collection.file),
    );
  return backup;
}

async function expectNothing(bus: Bus, db: Db, { streams }: Manifest): Promise<void> {
  const full: string[] = [];
  for (const { name } of streams) {
    const found = await bus.jsm.streams.info(name).catch(absent);
    if (found && found.state.messages > 0) full.push(`stream ${name} (${found.state.messages} messages)`);
  }
  for (const name of await collectionsOf(db)) {
    if (await db.collection(name).findOne({}, { projection: { _id: 1 } })) full.push(`collection ${name}`);
    else await db.collection(name).drop();
  }
  if (full.length > 0)
    throw new Error(
      `These servers hold data already: ${full.join(', ')}. Restore onto empty ones, or remove what is there yourself.`,
    );
}

function absent(error: unknown): undefined {
  if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
  throw error;
}
