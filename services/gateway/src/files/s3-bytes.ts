// The bytes of files in a store that speaks S3 (path style, Signature Version 4). Its answers are believed only as far as they are checked: the length of
// what comes back, and a status that says yes. What the store says in words may name keys, so it is logged by code alone.
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { AwsClient } from 'aws4fetch';
import { exactly } from './exact-length.ts';
import { type FileBytes, FileBytesAwayError } from './file-bytes.ts';

/** Without an answer for so long, or without an end of the sending, a call is given up. */
const PATIENCE_MS = 60_000;

export interface S3Options {
  /** `https://host/bucket`, with a folder behind it if wanted. */
  url: string;
  region: string;
  accessKey: string;
  secretKey: string;
}

export function s3Bytes({ url, region, accessKey, secretKey }: S3Options): FileBytes {
  const client = new AwsClient({
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    region,
    service: 's3',
    // A body that is read once cannot be sent twice; whoever called tries again.
    retries: 0,
  });
  const addressOf = (key: string): string => `${url.replace(/\/+$/, '')}/${key}`;

  async function call(key: string, init: RequestInit & { duplex?: 'half' }): Promise<Response> {
    try {
      return await client.fetch(addressOf(key), {
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...init,
      });
    } catch (error) {
      throw new FileBytesAwayError('the store of files does not answer: look at CONTINUO_FILES_S3_URL', {
        cause: error,
      });
    }
  }
  async function refused(answer: Response, doing: string): Promise<FileBytesAwayError> {
    const code = /<Code>(\w{1,60})<\/Code>/.exec(await answer.text().catch(() => ''))?.[1] ?? 'no code';
    return new FileBytesAwayError(`the store of files answered ${answer.status} ${code} when ${doing}`);
  }
  return {
    async put(key, content, bytes) {
      const body = exactly(bytes);
      const sent = call(key, {
        method: 'PUT',
        body: Readable.toWeb(content.pipe(body)) as BodyInit,
        headers: { 'Content-Length': String(bytes), 'Content-Type': 'application/octet-stream' },
        duplex: 'half',
      });
      content.on('error', (error) => body.destroy(error));
      const answer = await sent.catch((error: unknown) => {
        // What broke was what came in, not the store.
        throw body.errored ?? content.errored ?? error;
      });
      if (answer.status !== 200) throw await refused(answer, 'keeping a file');
      await answer.body?.cancel();
    },
    async read(key, bytes) {
      const answer = await call(key, { method: 'GET' });
      if (answer.status === 404) {
        await answer.body?.cancel();
        return undefined;
      }
      if (answer.status !== 200 || !answer.body) throw await refused(answer, 'reading a file');
      const coming = Readable.fromWeb(answer.body as ReadableStream);
      const checked = exactly(bytes);
      coming.on('error', (error) => checked.destroy(error));
      return coming.pipe(checked);
    },
    async remove(key) {
      const answer = await call(key, { method: 'DELETE' });
      if (![200, 204, 404].includes(answer.status)) throw await refused(answer, 'removing a file');
      await answer.body?.cancel();
    },
  };
}
