// A copy of a running installation. First where the consumers stand, then MongoDB, then the streams: so the streams hold everything that the documents
// speak of, and whatever was handled while the copy was made is handled once more after a restore, which changes nothing (consumer rules).
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bus, bucketStream, copyStream, doneUpTo } from '@continuo/bus';
import { buckets, type ConsumerName, consumers, streams } from '@continuo/contracts';
import { collectionsOf, copyCollection, type Store, schemaVersion } from '@continuo/store';
import { FORMAT, hashOf, type Manifest, writeManifest } from './manifest.ts';

export interface Parts {
  bus: Bus;
  store: Pick<Store, 'connection'>;
}

/** Streams of the catalogue and of its buckets; leases live for seconds and are not worth keeping. */
export const keptStreams = (): string[] => [
  ...Object.keys(streams),
  ...Object.entries(buckets)
    .filter(([, { expires }]) => !expires)
    .map(([name]) => bucketStream(name)),
];

/** @throws when the folder is not empty, or a server does not answer: then it holds no manifest and is no backup */
export async function createBackup({ bus, store: { connection } }: Parts, folder: string): Promise<Manifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty: name a new folder for each backup.`);
  const startedAt = new Date().toISOString();
  const stood: Manifest['consumers'] = [];
  for (const [name, { stream }] of Object.entries(consumers) as [ConsumerName, { stream: string }][]) {
    stood.push({ name, stream, doneUpTo: await doneUpTo(bus, stream, name) });
  }
  const schema = await schemaVersion(connection);
  const collections: Manifest['collections'] = [];
  for (const name of await collectionsOf(connection)) {
    const file = `${name}.bson`;
    const copy = await copyCollection(connection, name, join(folder, file));
    collections.push({
      name,
      file,
      sha256: await hashOf(join(folder, file)),
      ...copy,
    } as Manifest['collections'][number]);
  }
  const copied: Manifest['streams'] = [];
  for (const name of keptStreams()) {
    const file = `${name}.stream`;
    const copy = await copyStream(bus, name, join(folder, file));
    copied.push({
      name,
      file,
      sha256: await hashOf(join(folder, file)),
      ...copy,
    } as unknown as Manifest['streams'][number]);
  }
  const finishedAt = new Date().toISOString();
  const content = { format: FORMAT, startedAt, finishedAt, schema, streams: copied, consumers: stood, collections };
  await writeManifest(folder, content);
  return content;
}
