// Everything about files in one hand: the records, and the bytes in the store that this installation has.
import { ConfigError } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import { logger } from '@continuo/telemetry';
import type { Config } from '../config.ts';
import type { FileBytes } from './file-bytes.ts';
import { gridfsBytes } from './gridfs-bytes.ts';
import { keyOf, openRecords, previewKeyOf, type Records } from './records.ts';
import { s3Bytes } from './s3-bytes.ts';

const log = logger('files');

export interface Files {
  readonly records: Records;
  readonly bytes: FileBytes;
  /** Removes what was uploaded and never sent. */
  sweep(): Promise<void>;
}

export async function openFiles(store: Store, config: Config): Promise<Files> {
  const records = await openRecords(store);
  const bytes = bytesOf(store, config);
  return {
    records,
    bytes,
    async sweep() {
      try {
        await records.sweep(async (record) => {
          await bytes.remove(keyOf(record));
          await bytes.remove(previewKeyOf(record));
        });
      } catch (error) {
        log.warn({ err: error }, 'Files that nobody sent could not be removed; it is tried again.');
      }
    },
  };
}

function bytesOf(store: Store, config: Config): FileBytes {
  const { CONTINUO_FILES_S3_URL: url, CONTINUO_FILES_S3_REGION: region } = config;
  if (url === undefined) return gridfsBytes(store);
  const { CONTINUO_FILES_S3_ACCESS_KEY: accessKey, CONTINUO_FILES_S3_SECRET_KEY: secretKey } = config;
  if (!accessKey || !secretKey)
    throw new ConfigError([
      'CONTINUO_FILES_S3_URL needs CONTINUO_FILES_S3_ACCESS_KEY and CONTINUO_FILES_S3_SECRET_KEY beside it',
    ]);
  return s3Bytes({ url, region, accessKey, secretKey });
}
