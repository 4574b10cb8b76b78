// A text that is made once and sent many times: compressed when it is made, with a tag, so that a browser that has it already gets nothing.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { type Coding, codingFor } from './pressed.ts';

export interface PressedText {
  etag: string;
  plain: Buffer;
  pressed: Record<Coding, Buffer>;
}

export async function pressText(text: string): Promise<PressedText> {
  const plain = Buffer.from(text);
  const [br, zipped] = await Promise.all([promisify(brotliCompress)(plain), promisify(gzip)(plain, { level: 9 })]);
  const etag = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  return { etag, plain, pressed: { br, gzip: zipped } };
}

export function sendPressed(request: Request, response: Response, { etag, plain, pressed }: PressedText): void {
  const coding = codingFor(request);
  response.vary('Accept-Encoding').set({
    ETag: `"${etag}${coding ? `-${coding}` : ''}"`,
    ...(coding && { 'Content-Encoding': coding }),
  });
  response.send(coding ? pressed[coding] : plain);
}
