// Stands before the real CRM and spoils a share of its answers, in every way that CRMs are known to have. What it does follows from the seed. It counts.
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../chaos/schedule.ts';

interface Spoiling {
  /** How often beside the others. */
  weight: number;
  /** The CRM hears of it and does what it is asked. */
  done: boolean;
  /** What is answered instead; without one the connection breaks. */
  answer?: { status: number; headers?: Record<string, string>; body?: string };
  /** The CRM's own answer comes so late. */
  lateMs?: number;
  /** The CRM's own answer, up to its middle. */
  half?: true;
}
const HTML = { 'content-type': 'text/html' };
/** Longer than anybody waits for an answer. */
const TOO_LATE_MS = 17_000;

export const SPOILINGS = {
  'answer lost after the write': { weight: 2, done: true },
  'answer broken off in its middle': { weight: 1, done: true, half: true },
  'connection cut before the write': { weight: 1, done: false },
  '429 with Retry-After': { weight: 1, done: false, answer: { status: 429, headers: { 'retry-after': '1' } } },
  '429 without Retry-After': { weight: 1, done: false, answer: { status: 429 } },
  '503 as throttle': { weight: 1, done: false, answer: { status: 503 } },
  '403 as lock-out': { weight: 0.5, done: false, answer: { status: 403, body: '{"detail":"Locked out."}' } },
  '500 with an empty body': { weight: 1, done: false, answer: { status: 500 } },
  '502 with an empty body after the write': { weight: 1, done: true, answer: { status: 502 } },
  'HTML with 200': { weight: 1, done: false, answer: { status: 200, headers: HTML, body: '<h1>Sign in</h1>' } },
  'HTML with 200 after the write': { weight: 1, done: true, answer: { status: 200, headers: HTML, body: '<p>ok' } },
  slow: { weight: 1, done: true, lateMs: 2_000 },
  'slower than anybody waits': { weight: 0.3, done: true, lateMs: TOO_LATE_MS },
} as const satisfies Record<string, Spoiling>;
export type SpoilingName = keyof typeof SPOILINGS;

export interface Call {
  began: number;
  /** When the CRM had answered to the end. */
  ended: number;
  /** It wrote or changed a note. */
  note: boolean;
}
export interface SpoilingProxy extends AsyncDisposable {
  readonly url: string;
  /** The share of answers that are spoiled from now on. */
  spoil(share: number): void;
  /** Requests of an `authorization` since it began. */
  requests(authorization: string): number;
  /** What the CRM itself answered. */
  calls(authorization: string): readonly Call[];
  /** Notes that were written or changed. */
  notes(authorization: string): number;
  readonly spoiled: Readonly<Record<SpoilingName, number>>;
  /** All requests while answers were spoiled. */
  readonly exposed: () => number;
  readonly waiting: () => number;
}

export async function startSpoilingProxy(target: string, seed: number): Promise<SpoilingProxy> {
  const random = randomFrom(seed);
  const spoiled = Object.fromEntries(Object.keys(SPOILINGS).map((name) => [name, 0])) as Record<SpoilingName, number>;
  const requests = new Map<string, number>();
  const calls = new Map<string, Call[]>();
  let share = 0;
  let exposed = 0;
  let waiting = 0;
  let ended = false;
  const agent = new Agent({ keepAlive: false });
  const callsOf = (authorization: string): Call[] => {
    const known = calls.get(authorization) ?? [];
    calls.set(authorization, known);
    return known;
  };

  function draw(): SpoilingName | undefined {
    if (share === 0) return undefined;
    exposed += 1;
    if (random() >= share) return undefined;
    const all = Object.entries(SPOILINGS) as [SpoilingName, Spoiling][];
    let left = random() * all.reduce((sum, [, { weight }]) => sum + weight, 0);
    const [name] = all.find(([, { weight }]) => {
      left -= weight;
      return left < 0;
    }) as [SpoilingName, Spoiling];
    spoiled[name] += 1;
    return name;
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const authorization = incoming.headers.authorization ?? '';
    requests.set(authorization, (requests.get(authorization) ?? 0) + 1);
    const began = Date.now();
    const name = draw();
    const spoiling: Spoiling | undefined = name && SPOILINGS[name];
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const real = spoiling?.done === false ? undefined : await passOn(target, incoming, Buffer.concat(chunks), agent);
    if (real) callsOf(authorization).push({ began, ended: Date.now(), note: real.status < 300 && isNote(incoming) });
    if (spoiling?.lateMs) await sleep(spoiling.lateMs, undefined, { ref: !ended });
    if (spoiling?.answer) {
      const { status, headers, body = '' } = spoiling.answer as { status: number } & NonNullable<Spoiling['answer']>;
      return void outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    }
    if (!real || (spoiling && !spoiling.lateMs && !spoiling.half)) return void incoming.socket.destroy();
    outgoing.writeHead(real.status, { 'content-type': real.type, 'content-length': real.body.length });
    if (!spoiling?.half) return void outgoing.end(real.body);
    outgoing.write(real.body.subarray(0, real.body.length / 2), () => incoming.socket.destroy());
  }

  const server = createServer((incoming, outgoing) => {
    waiting += 1;
    outgoing.once('close', () => {
      waiting -= 1;
    });
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spoil: (now) => {
      share = now;
    },
    requests: (authorization) => requests.get(authorization) ?? 0,
    calls: callsOf,
    notes: (authorization) => callsOf(authorization).filter(({ note }) => note).length,
    spoiled,
    exposed: () => exposed,
    waiting: () => waiting,
    [Symbol.asyncDispose]: async () => {
      ended = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isNote = ({ method = '', url = '' }: IncomingMessage): boolean =>
  (method === 'POST' && /^\/api\/(leads|contacts)\/[0-9a-f-]{36}\/$/.test(url)) ||
  (method === 'PATCH' && /^\/api\/(leads|contacts)\/comment\//.test(url));

interface Real {
  status: number;
  type: string;
  body: Buffer;
}

/** Read to its end before anything is answered: then the CRM has done it, whatever becomes of the answer. */
function passOn(target: string, { method, url, headers }: IncomingMessage, body: Buffer, agent: Agent): Promise<Real> {
  return new Promise((resolve, reject) => {
    const onward = request(
      new URL(url ?? '/', target),
      { method, agent, headers: { ...headers, host: new URL(target).host, connection: 'close' } },
      async (answer) => {
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of answer) chunks.push(chunk as Buffer);
        } catch (error) {
          return reject(error);
        }
        const type = answer.headers['content-type'] ?? 'application/json';
        resolve({ status: answer.statusCode ?? 502, type, body: Buffer.concat(chunks) });
      },
    );
    onward.on('error', reject);
    onward.end(body);
  });
}
