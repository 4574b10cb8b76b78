// MongoDB's collections as files of BSON documents one after the other, as mongodump writes them, with their indexes beside them.
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Connection, mongo } from 'mongoose';

const BATCH_BYTES = 8 * 1024 * 1024;
const LENGTH_BYTES = 4;
/** A number that was stored as a double comes back as one. */
const AS_STORED = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true };

export interface CollectionCopy {
  documents: number;
  indexes: mongo.IndexDescriptionInfo[];
}

/** Names of all collections with documents of Continuo's. */
export async function collectionsOf(connection: Connection): Promise<string[]> {
  const listed = await databaseOf(connection).listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
  return listed
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

export async function copyCollection(connection: Connection, name: string, file: string): Promise<CollectionCopy> {
  const out = createWriteStream(file, { mode: 0o600 });
  let documents = 0;
  try {
    for await (const document of databaseOf(connection)
      .collection(name)
      .find({}, { raw: true, readConcern: 'majority' })) {
      documents += 1;
      if (!out.write(document as unknown as Buffer)) await once(out, 'drain');
    }
    out.end();
    await finished(out);
  } finally {
    out.destroy();
  }
  return {
    documents,
    indexes: (await databaseOf(connection).collection(name).indexes()).filter((index) => index.name !== '_id_'),
  };
}

/** Puts the documents of a file into an empty collection, then builds its indexes. @throws when the file ends within a document */
export async function restoreCollection(
  connection: Connection,
  name: string,
  copy: CollectionCopy,
  file: string,
): Promise<void> {
  const collection = await databaseOf(connection).createCollection(name);
  let batch: mongo.Document[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0)
      await collection.insertMany(batch, { ordered: false, writeConcern: { w: 'majority', journal: true } });
    batch = [];
    bytes = 0;
  };
  for await (const document of documentsOf(file)) {
    batch.push(mongo.BSON.deserialize(document, AS_STORED));
    bytes += document.length;
    if (bytes >= BATCH_BYTES) await flush();
  }
  await flush();
  for (const { v: _version, ns: _namespace, key, ...options } of copy.indexes as (mongo.IndexDescriptionInfo & {
    ns?: string;
  })[])
    await collection.createIndex(key, options);
}

/** BSON begins with its own length. */
async function* documentsOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
    for (let length = lengthOf(rest); length !== undefined && length <= rest.length; length = lengthOf(rest)) {
      yield rest.subarray(0, length);
      rest = rest.subarray(length);
    }
  }
  if (rest.length > 0) throw new Error(`${file} ends within a document: it is not whole`);
}
const lengthOf = (bytes: Buffer): number | undefined =>
  bytes.length < LENGTH_BYTES ? undefined : bytes.readInt32LE(0);

function databaseOf({ db }: Connection): NonNullable<Connection['db']> {
  if (!db) throw new Error('MongoDB is not connected');
  return db;
}
