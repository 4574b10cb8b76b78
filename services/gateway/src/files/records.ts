// What the gateway knows of each file: who sent it, what it is, which dialogues it was sent in. Its own collection. The event that names a file is the one
// durable fact; a file is bound here before its command goes on, so that no event ever names one that is about to be removed.
import type { AttachedFile } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import type { mongo } from 'mongoose';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
/** An upload that has not ended after so long is given up. */
const UPLOAD_MS = HOUR;
/** A file that no message was sent with is removed after so long. */
const UNSENT_MS = DAY;
const MOST_PER_SWEEP = 100;

export interface Owner {
  kind: 'visitor' | 'agent';
  id: string;
}
export interface FileRecord {
  _id: string;
  site: string;
  owner: Owner;
  bytes: number;
  createdAt: number;
  state: 'uploading' | 'ready';
  /** Known once all of it is here. */
  name: string;
  type: string;
  size?: { width: number; height: number };
  /** Bytes of the smaller picture. */
  preview?: number;
  /** Removed then, unless a message names it. */
  expiresAt?: number;
  /** By which commands it was sent, and where. */
  sent: { command: string; conversation: string }[];
}
export type Records = Awaited<ReturnType<typeof openRecords>>;

export const keyOf = ({ site, _id }: Pick<FileRecord, 'site' | '_id'>): string => `${site}/${_id}`;
export const previewKeyOf = (record: Pick<FileRecord, 'site' | '_id'>): string => `${keyOf(record)}-preview`;

export async function openRecords({ connection }: Store) {
  const files = connection.collection<FileRecord>('files') as unknown as mongo.Collection<FileRecord>;
  await files.createIndexes([
    { key: { expiresAt: 1 }, partialFilterExpression: { expiresAt: { $exists: true } } },
    { key: { 'owner.id': 1, createdAt: 1 } },
  ]);
  const ready = (site: string, owner: Owner, id: string): mongo.Filter<FileRecord> => ({
    _id: id,
    site,
    'owner.kind': owner.kind,
    'owner.id': owner.id,
    state: 'ready',
  });

  return {
    find: (id: string) => files.findOne({ _id: id, state: 'ready' }),
    findOwn: (site: string, owner: Owner, id: string) => files.findOne(ready(site, owner, id)),

    /** Writes down that bytes are coming. They count against the sender's allowance at once, so that many at a time cannot pass it. */
    async begin(record: Pick<FileRecord, '_id' | 'site' | 'owner' | 'bytes'>): Promise<void> {
      const now = clock.now();
      const more = { name: '', type: '', state: 'uploading' as const, sent: [], createdAt: now };
      await files.insertOne({ ...record, ...more, expiresAt: now + UPLOAD_MS });
    },
    /** Bytes that this sender has sent within a day. */
    async bytesOf(owner: Owner): Promise<number> {
      const [sum] = await files
        .aggregate<{ bytes: number }>([
          { $match: { 'owner.id': owner.id, createdAt: { $gt: clock.now() - DAY } } },
          { $group: { _id: null, bytes: { $sum: '$bytes' } } },
        ])
        .toArray();
      return sum?.bytes ?? 0;
    },
    async finish(id: string, known: Pick<FileRecord, 'name' | 'type' | 'size'>): Promise<void> {
      await files.updateOne(
        { _id: id, state: 'uploading' },
        { $set: { ...known, state: 'ready', expiresAt: clock.now() + UNSENT_MS } },
      );
    },
    async addPreview(id: string, bytes: number): Promise<void> {
      await files.updateOne({ _id: id }, { $set: { preview: bytes } });
    },
    async forget(id: string): Promise<void> {
      await files.deleteOne({ _id: id });
    },

    /** Binds the sender's own files to a command before it is decided. @returns undefined when one of them is not his, or not here */
    async bind(
      site: string,
      owner: Owner,
      ids: readonly string[],
      sent: FileRecord['sent'][number],
    ): Promise<AttachedFile[] | undefined> {
      const bound: AttachedFile[] = [];
      for (const id of ids) {
        const record = await files.findOneAndUpdate(
          ready(site, owner, id),
          { $addToSet: { sent }, $unset: { expiresAt: '' } },
          { returnDocument: 'after' },
        );
        if (record) bound.push(attached(record));
      }
      if (bound.length === ids.length) return bound;
      await this.release(ids, sent.command);
      return undefined;
    },
    /** The command was refused for good: what nothing else was sent with is removed in time. */
    async release(ids: readonly string[], command: string): Promise<void> {
      const _id = { $in: [...ids] };
      await files.updateMany({ _id, 'sent.command': command }, { $pull: { sent: { command } } });
      await files.updateMany({ _id, sent: { $size: 0 } }, { $set: { expiresAt: clock.now() + UNSENT_MS } });
    },

    /** Removes what nobody sent. Any replica may, also several at once: bytes go first, so a crash leaves a record that is found again. */
    async sweep(remove: (record: FileRecord) => Promise<void>): Promise<void> {
      const expired = await files
        .find({ expiresAt: { $lte: clock.now() } })
        .limit(MOST_PER_SWEEP)
        .toArray();
      for (const record of expired) {
        const { _id, expiresAt } = record;
        // Whoever sends it from now on is told that it is not here.
        const mine = await files.updateOne({ _id, expiresAt: expiresAt as number }, { $set: { state: 'uploading' } });
        if (mine.matchedCount === 0) continue;
        await remove(record);
        await files.deleteOne({ _id, state: 'uploading' });
      }
    },
  };
}

type Told = Pick<FileRecord, '_id' | 'name' | 'type' | 'bytes' | 'size' | 'preview'>;
export const attached = ({ _id: id, name, type, bytes, size, preview }: Told): AttachedFile => ({
  id,
  name,
  type,
  bytes,
  ...(size && { size }),
  ...(preview !== undefined && { preview: true as const }),
});
