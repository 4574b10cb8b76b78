// What an installation holds, so that it can be compared with what it held elsewhere or earlier: messages of the streams, documents of MongoDB.
import type { Bus } from '@continuo/bus';
import { collectionsOf, type Store } from '@continuo/store';

export interface StoredMessage {
  seq: number;
  subject: string;
  timestamp: string;
  headers: Record<string, string[]>;
  data: string;
}

/** Every message of a stream as it stands in the store, up to a sequence. */
export async function messagesOf(
  { jsm }: Pick<Bus, 'jsm'>,
  stream: string,
  upTo = Number.POSITIVE_INFINITY,
): Promise<StoredMessage[]> {
  const { first_seq, last_seq } = (await jsm.streams.info(stream)).state;
  const all: StoredMessage[] = [];
  for (let seq = Math.max(1, first_seq); seq <= Math.min(last_seq, upTo); seq++) {
    const message = await jsm.streams.getMessage(stream, { seq });
    if (!message) continue;
    const { subject, data, timestamp, header } = message;
    const headers = Object.fromEntries(header.keys().map((key) => [key, header.values(key)]));
    all.push({ seq, subject, timestamp, headers, data: Buffer.from(data).toString('base64') });
  }
  return all;
}

/** Every document, by its collection, as JSON. */
export async function documentsOf(connection: Store['connection']): Promise<Record<string, string[]>> {
  const read = async (name: string): Promise<string[]> =>
    (
      await connection
        .collection(name)
        .find()
        .sort({ _id: 1 as never })
        .toArray()
    ).map((one) => JSON.stringify(one));
  const names = (await collectionsOf(connection)).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}
