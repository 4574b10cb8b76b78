// Where the bytes of files lie: one small interface, so that an installation may keep them in MongoDB or in a store of its own.
import type { Readable } from 'node:stream';

export interface FileBytes {
  /**
   * Keeps exactly `bytes` bytes under a key that nobody else writes.
   * @throws when fewer came or the store did not take them; then nothing is kept, or only what `remove` takes away
   */
  put(key: string, content: Readable, bytes: number): Promise<void>;
  /** @returns undefined when there is no such key. The stream fails when what lies there has another length. */
  read(key: string, bytes: number): Promise<Readable | undefined>;
  /** Harmless where there is nothing. */
  remove(key: string): Promise<void>;
}

/** The store does not work for anybody at the moment. */
export class FileBytesAwayError extends Error {
  override name = 'FileBytesAwayError';
}
/** What came was shorter or longer than it said. */
export class WrongLengthError extends Error {
  override name = 'WrongLengthError';
}
