// What every place for files promises, on a real MongoDB and on a store that speaks S3 and misbehaves.
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { newId } from '@continuo/contracts/ids';
import { testMongoUrl } from '@continuo/servers';
import { connectStore, type Store } from '@continuo/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FileBytes } from '../src/files/file-bytes.ts';
import { gridfsBytes } from '../src/files/gridfs-bytes.ts';
import { s3Bytes } from '../src/files/s3-bytes.ts';
import { type FakeS3, startFakeS3 } from './fake-s3.ts';

let store: Store;
let s3: FakeS3;
beforeAll(async () => {
  store = await connectStore({ url: await testMongoUrl(), database: `files_${newId()}` });
  s3 = await startFakeS3();
});
afterAll(async () => {
  await store?.connection.dropDatabase();
  await store?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
});

const PLACES: [string, () => FileBytes][] = [
  ['MongoDB', () => gridfsBytes(store)],
  ['S3', () => s3Bytes(s3)],
];
const newKey = (): string => `${newId()}/${newId()}`;
const content = (bytes: number): Readable => Readable.from([randomBytes(bytes - 1), Buffer.from('!')]);

describe.each(PLACES)('%s', (_name, place) => {
  test.each([1, 2, 300_000, 3_000_000])('what was put comes back, byte for byte: %d bytes', async (bytes) => {
    const key = newKey();
    const whole = randomBytes(bytes);
    await place().put(key, Readable.from([whole.subarray(0, 1), whole.subarray(1)]), bytes);
    const back = await place().read(key, bytes);
    expect((await buffer(back as Readable)).equals(whole)).toBe(true);
  });

  test('what was removed, or never was, is not there; to remove it again is no fault', async () => {
    const key = newKey();
    await place().put(key, content(10), 10);
    await place().remove(key);
    await place().remove(key);
    expect(await place().read(key, 10)).toBeUndefined();
  });

  test('too few and too many bytes are refused, and nothing of them can be read', async () => {
    for (const said of [9, 11]) {
      const key = newKey();
      await expect(place().put(key, content(10), said)).rejects.toThrow();
      expect(await place().read(key, said)).toBeUndefined();
    }
  });

  test('a sender who breaks off leaves nothing', async () => {
    const key = newKey();
    async function* broken(): AsyncGenerator<Buffer> {
      yield randomBytes(100_000);
      throw new Error('gone');
    }
    await expect(place().put(key, Readable.from(broken()), 200_000)).rejects.toThrow('gone');
    expect(await place().read(key, 200_000)).toBeUndefined();
  });

  test('something of another length than was written down is not handed out as a whole', async () => {
    const key = newKey();
    await place().put(key, content(10), 10);
    for (const written of [9, 11])
      await expect(
        place()
          .read(key, written)
          .then((found) => buffer(found as Readable)),
      ).rejects.toThrow(/bytes/);
  });
});

describe('a store that misbehaves', () => {
  test('refuses, breaks off or is busy: the sender is told, and the next try is kept', async () => {
    const key = newKey();
    for (const misbehaviour of [
      { answer: 503, code: 'SlowDown' },
      { answer: 500, code: 'InternalError' },
      { answer: 403, code: 'SignatureDoesNotMatch' },
      { answer: 301, code: 'PermanentRedirect' },
      'reset',
      'hang up in the middle',
    ] as const) {
      s3.next(misbehaviour);
      await expect(s3Bytes(s3).put(key, content(3_000_000), 3_000_000)).rejects.toMatchObject({
        name: 'FileBytesAwayError',
      });
    }
    await s3Bytes(s3).put(key, content(10), 10);
    expect(await buffer((await s3Bytes(s3).read(key, 10)) as Readable)).toHaveLength(10);
  });

  test('hands out something else than was kept: the reader sees that it is broken', async () => {
    const key = newKey();
    await s3Bytes(s3).put(key, content(10_000), 10_000);
    for (const misbehaviour of ['shorter than kept', 'longer than kept', 'hang up in the middle'] as const) {
      s3.next(misbehaviour);
      await expect(
        s3Bytes(s3)
          .read(key, 10_000)
          .then((found) => buffer(found as Readable)),
      ).rejects.toThrow();
    }
    s3.next({ answer: 403, code: 'AccessDenied' });
    await expect(s3Bytes(s3).read(key, 10_000)).rejects.toThrow('403 AccessDenied');
    s3.next({ answer: 500, code: 'InternalError' });
    await expect(s3Bytes(s3).remove(key)).rejects.toThrow('500 InternalError');
  });

  test('a wrong key is refused by the store, and never stands in the words', async () => {
    const wrong = s3Bytes({ ...s3, secretKey: 'another/secret+key' });
    const before = s3.unsigned.length;
    const words = await wrong.put(newKey(), content(10), 10).catch((error: Error) => error.message);
    expect(words).toBe('the store of files answered 403 SignatureDoesNotMatch when keeping a file');
    expect(s3.unsigned.length).toBe(before + 1);
  });
});
