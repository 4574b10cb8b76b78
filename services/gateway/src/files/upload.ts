// Takes a file in: length and allowance first, then what it is by its first bytes, then the rest straight into the store. Nothing waits in memory but
// the beginning. A file is known to nobody but its sender until he sends it.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { newId } from '@continuo/contracts/ids';
import type { Config } from '../config.ts';
import { safeName } from './file-name.ts';
import type { Files } from './files.ts';
import { isPicture, natureOf, TELLING_BYTES } from './nature.ts';
import { attached, keyOf, type Owner, previewKeyOf } from './records.ts';

const MB = 1_000_000;
/** A smaller picture, made by the sender's browser. */
export const MAX_PREVIEW_BYTES = 100_000;
export const maxBytesOf = (config: Pick<Config, 'CONTINUO_LIMIT_FILE_MB'>): number =>
  config.CONTINUO_LIMIT_FILE_MB * MB;

/** Why a file is not taken; the browser has its own words for each. */
export type UploadFault = 'length-needed' | 'too-big' | 'quota' | 'type' | 'unknown';
export class UploadRefused extends Error {
  override name = 'UploadRefused';
  readonly fault: UploadFault;
  constructor(fault: UploadFault, words: string) {
    super(words);
    this.fault = fault;
  }
}

export interface Coming {
  site: string;
  owner: Owner;
  /** As the sender calls it. */
  name: string;
  size?: { width: number; height: number } | undefined;
  /** What its sender says of its length; the body is held to it. */
  bytes: number;
  body: IncomingMessage;
}

/** @throws {UploadRefused} */
export async function takeFile({ records, bytes: store }: Files, config: Config, coming: Coming) {
  const { site, owner, bytes, body, size } = coming;
  checkLength(bytes, maxBytesOf(config));
  const record = { _id: newId(), site, owner, bytes };
  await records.begin(record);
  try {
    const allowance = config.CONTINUO_LIMIT_FILE_MB_PER_VISITOR * MB;
    if (owner.kind === 'visitor' && (await records.bytesOf(owner)) > allowance)
      throw new UploadRefused('quota', 'That was too much for one day.');
    const { beginning, whole } = await beginningOf(body);
    const nature = await natureOf(beginning);
    if (!nature) throw new UploadRefused('type', 'Files of this kind are not taken.');
    await store.put(keyOf(record), whole, bytes);
    const known = {
      name: safeName(coming.name, nature),
      type: nature.type,
      ...(size && nature.picture && { size }),
    };
    await records.finish(record._id, known);
    return attached({ ...record, ...known });
  } catch (error) {
    await store.remove(keyOf(record)).catch(() => {});
    await records.forget(record._id);
    throw error;
  }
}

/** The smaller picture of a file that is its sender's own. @throws {UploadRefused} */
export async function takePreview(
  { records, bytes: store }: Files,
  of: string,
  { site, owner, bytes, body }: Omit<Coming, 'name'>,
): Promise<void> {
  checkLength(bytes, MAX_PREVIEW_BYTES);
  const record = await records.findOwn(site, owner, of);
  if (!record || !isPicture(record.type) || record.preview !== undefined)
    throw new UploadRefused('unknown', 'There is no such picture.');
  const { beginning, whole } = await beginningOf(body);
  if ((await natureOf(beginning))?.type !== 'image/jpeg')
    throw new UploadRefused('type', 'A smaller picture is a JPEG.');
  await store.put(previewKeyOf(record), whole, bytes);
  await records.addPreview(of, bytes);
}

function checkLength(bytes: number, most: number): void {
  if (!Number.isSafeInteger(bytes) || bytes <= 0)
    throw new UploadRefused('length-needed', 'The length of the file is needed.');
  if (bytes > most) throw new UploadRefused('too-big', `At most ${most} bytes are taken.`);
}

/** Reads what tells the nature of a file; `whole` is all of it again. */
async function beginningOf(body: IncomingMessage): Promise<{ beginning: Buffer; whole: Readable }> {
  const chunks: Buffer[] = [];
  let length = 0;
  const coming = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  while (length < TELLING_BYTES) {
    const { value, done } = await coming.next();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  async function* all(): AsyncGenerator<Buffer> {
    yield* chunks;
    for (let next = await coming.next(); !next.done; next = await coming.next()) yield next.value;
  }
  return { beginning: Buffer.concat(chunks), whole: Readable.from(all(), { objectMode: false }) };
}
