// Views are folds written whole: a document is replaced only by a newer number, so order, redelivery and replicas do not matter.
import type { Connection, mongo } from 'mongoose';

type Document = mongo.Document;

export interface FoldDocument<View> {
  _id: string;
  number: number;
  view: View;
}

const DUPLICATE_KEY = 11000;

/** Replaces each document where the stored number is smaller; inserts what is missing. Older folds change nothing. */
export async function writeFolds<View>(
  connection: Connection,
  collection: string,
  folds: { id: string; number: number; view: View; indexed?: Document }[],
): Promise<void> {
  if (folds.length === 0) return;
  await unordered(
    connection,
    collection,
    folds.map(({ id, number, view, indexed }) => ({
      replaceOne: {
        filter: { _id: id as never, number: { $lt: number } },
        replacement: { number, view, ...indexed },
        upsert: true,
      },
    })),
  );
}

/** Inserts each document under its own key if it is absent. */
export async function insertAbsent(
  connection: Connection,
  collection: string,
  documents: (Document & { _id: string })[],
): Promise<void> {
  if (documents.length === 0) return;
  await unordered(
    connection,
    collection,
    documents.map((document) => ({ insertOne: { document: document as never } })),
  );
}

/** A duplicate key means that a newer fold (or the same document) is there already: that is the wanted state, everything else is a fault. */
async function unordered(
  connection: Connection,
  collection: string,
  operations: mongo.AnyBulkWriteOperation[],
): Promise<void> {
  try {
    await connection.collection(collection).bulkWrite(operations as never, { ordered: false });
  } catch (error) {
    const faults = (error as { writeErrors?: { code: number }[] }).writeErrors;
    if (!faults || faults.length === 0 || [faults].flat().some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  }
}
