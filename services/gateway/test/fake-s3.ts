// A store that speaks as much of S3 as files need, written from the published interface and stricter than a real one: path style, one bucket, every
// signature computed anew (Signature Version 4), a length with every body. It can be told to misbehave.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Misbehaviour =
  | { answer: number; code: string }
  | 'reset'
  | 'hang up in the middle'
  | 'shorter than kept'
  | 'longer than kept';

export interface FakeS3 extends AsyncDisposable {
  /** With the bucket. */
  readonly url: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly kept: ReadonlyMap<string, Buffer>;
  /** Requests whose signature did not fit. */
  readonly unsigned: readonly string[];
  /** The next request meets this. */
  next(misbehaviour: Misbehaviour): void;
  /** Until it is taken back, every request meets this. */
  always(misbehaviour: Misbehaviour | undefined): void;
}

const BUCKET = 'files';
const SKEW_MS = 15 * 60 * 1000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export async function startFakeS3(): Promise<FakeS3> {
  const [accessKey, secretKey, region] = ['AKFAKEFAKEFAKE', 'fake/secret+key', 'eu-test-1'];
  const kept = new Map<string, Buffer>();
  const unsigned: string[] = [];
  let always: Misbehaviour | undefined;
  let coming: Misbehaviour | undefined;

  function fault(request: IncomingMessage): [number, string] | undefined {
    const header = request.headers.authorization ?? '';
    const [, credential = '', names = '', signature = ''] =
      /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(header) ?? [];
    if (!credential) return [403, 'AccessDenied'];
    const [key, day, ofRegion, service, end] = credential.split('/');
    const date = String(request.headers['x-amz-date'] ?? '');
    const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    if (!(Math.abs(Date.now() - at) < SKEW_MS)) return [403, 'RequestTimeTooSkewed'];
    const scope = `${day}/${region}/s3/aws4_request`;
    if (key !== accessKey) return [403, 'InvalidAccessKeyId'];
    if (ofRegion !== region || service !== 's3' || end !== 'aws4_request' || day !== date.slice(0, 8))
      return [400, 'AuthorizationHeaderMalformed'];
    const signed = names.split(';');
    const payload = String(request.headers['x-amz-content-sha256'] ?? '');
    if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => signed.includes(name)) || !payload)
      return [403, 'AccessDenied'];
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const canonical = [
      request.method,
      path,
      query,
      ...signed.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
      '',
      names,
      payload,
    ].join('\n');
    const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
    const dayKey = hmac(`AWS4${secretKey}`, day ?? '');
    const expected = hmac(hmac(hmac(hmac(dayKey, region), 's3'), 'aws4_request'), toSign);
    return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? undefined : [403, 'SignatureDoesNotMatch'];
  }

  const say = (response: ServerResponse, status: number, code?: string): void => {
    response.writeHead(status, { 'Content-Type': 'application/xml' });
    response.end(code && `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no words here</Message></Error>`);
  };

  const server = createServer(async (request, response) => {
    const bad = coming ?? always;
    coming = undefined;
    if (bad === 'reset') return void request.socket.destroy();
    const wrong = fault(request);
    if (wrong) {
      unsigned.push(`${request.method} ${wrong[1]}`);
      request.resume();
      return say(response, ...wrong);
    }
    if (typeof bad === 'object') {
      request.resume();
      return say(response, bad.answer, bad.code);
    }
    const [bucket, ...parts] = decodeURIComponent((request.url ?? '').slice(1)).split('/');
    const key = parts.join('/');
    if (bucket !== BUCKET) return say(response, 404, 'NoSuchBucket');
    if (!key) return say(response, 400, 'InvalidRequest');
    if (request.method === 'PUT') {
      if (request.headers['content-length'] === undefined) return say(response, 411, 'MissingContentLength');
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of request) {
          chunks.push(chunk as Buffer);
          if (bad === 'hang up in the middle') return void request.socket.destroy();
        }
      } catch {
        return;
      }
      kept.set(key, Buffer.concat(chunks));
      return say(response, 200);
    }
    if (request.method === 'DELETE') {
      kept.delete(key);
      response.writeHead(204).end();
      return;
    }
    const content = kept.get(key);
    if (request.method !== 'GET') return say(response, 405, 'MethodNotAllowed');
    if (!content) return say(response, 404, 'NoSuchKey');
    if (bad === 'shorter than kept') return void response.end(content.subarray(0, -1));
    if (bad === 'longer than kept') return void response.end(Buffer.concat([content, Buffer.from('!')]));
    response.writeHead(200, { 'Content-Length': content.length });
    if (bad !== 'hang up in the middle') return void response.end(content);
    response.write(content.subarray(0, content.length / 2));
    setTimeout(() => response.destroy(), 50);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${BUCKET}`,
    accessKey,
    secretKey,
    region,
    kept,
    unsigned,
    next: (misbehaviour) => {
      coming = misbehaviour;
    },
    always: (misbehaviour) => {
      always = misbehaviour;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
