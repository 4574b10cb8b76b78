// The bytes of files in MongoDB (GridFS): the default, so that an installation needs no further store.
import { pipeline } from 'node:stream/promises';
import type { Store } from '@continuo/store';
import mongoose from 'mongoose';
import { exactly } from './exact-length.ts';
import type { FileBytes } from './file-bytes.ts';

const BUCKET = 'file_bytes';

export function gridfsBytes({ connection }: Store): FileBytes {
  const { db } = connection;
  if (!db) throw new Error('MongoDB is not connected');
  const bucket = new mongoose.mongo.GridFSBucket(db, { bucketName: BUCKET });
  const idsOf = async (key: string) => (await bucket.find({ filename: key }).toArray()).map(({ _id }) => _id);
  return {
    async put(key, content, bytes) {
      const upload = bucket.openUploadStream(key);
      try {
        await pipeline(content, exactly(bytes), upload);
      } catch (error) {
        await upload.abort().catch(() => {});
        throw error;
      }
    },
    async read(key, bytes) {
      const [file] = await bucket.find({ filename: key }).limit(1).toArray();
      return file && bucket.openDownloadStream(file._id).pipe(exactly(bytes));
    },
    async remove(key) {
      for (const id of await idsOf(key)) await bucket.delete(id);
    },
  };
}
