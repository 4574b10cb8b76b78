// A small HTTP proxy in front of a real CRM that does on demand what CRMs do on bad days. It counts and remembers requests, so tests can say what was sent.
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  path: string;
}
/** A request that a fault may be meant for. */
export interface Asked extends Seen {
  body: string;
}
export type Fault =
  /** Answers itself; the CRM never hears of it. */
  | { answer: number; headers?: Record<string, string>; body?: string }
  /** Hands the request on, and answers itself: done, and said to have failed. */
  | { answerInstead: number; headers?: Record<string, string>; body?: string }
  /** Hands the request on, and breaks the connection instead of giving the answer: done, but nobody knows. */
  | { loseAnswer: true }
  /** Hands the request on, and breaks off in the middle of the answer: done, but nobody knows. */
  | { halfAnswer: true }
  /** Hands the request on, and answers with more than anybody reads: done, but nobody knows. */
  | { endlessAnswer: true }
  /** Breaks the connection without handing the request on. */
  | { cut: true }
  /** Hands the request on and keeps the answer until the promise is kept. */
  | { answerAfter: Promise<void> }
  /** Keeps the request until the promise is kept, then hands it on; `over` is told when it has ended, answered or given up. */
  | { hold: Promise<void>; over?: () => void }
  /** Breaks the connection at once, and hands the request on when the promise is kept: done, long after everybody has given it up. */
  | { late: Promise<void>; arrived: () => void };

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** Everything that arrived, in order. */
  readonly seen: Seen[];
  /** The most that were waiting for their answers together. */
  mostAtOnce(): number;
  /** POST, PATCH, PUT and DELETE so far. */
  writes(): number;
  /** The next `times` requests that match get the fault; later ones are handed on. */
  next(matches: (request: Asked) => boolean, fault: Fault, times?: number): void;
  heal(): void;
}

interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  body: Buffer;
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const seen: Seen[] = [];
  let waiting = 0;
  let most = 0;
  let faults: { matches: (request: Asked) => boolean; fault: Fault; left: number }[] = [];
  // A connection kept open is closed by the CRM at the very moment it is used again.
  const agent = new Agent({ keepAlive: false });
  const server = createServer((incoming, outgoing) => {
    const asked = { method: incoming.method ?? '', path: incoming.url ?? '' };
    seen.push(asked);
    waiting += 1;
    most = Math.max(most, waiting);
    outgoing.once('close', () => {
      waiting -= 1;
    });
    void incoming.toArray().then(
      (chunks) => {
        const body = Buffer.concat(chunks);
        const planned = faults.find(({ matches, left }) => left > 0 && matches({ ...asked, body: body.toString() }));
        if (planned) planned.left -= 1;
        return handle({ incoming, outgoing, body }, planned?.fault);
      },
      // Given up before all of it was there.
      () => outgoing.destroy(),
    );
  });

  async function handle({ incoming, outgoing, body }: Exchange, fault: Fault | undefined): Promise<void> {
    const instead = (status: number, { headers, body }: { headers?: Record<string, string>; body?: string }): void => {
      outgoing.writeHead(status, { 'content-type': 'text/html', ...headers });
      outgoing.end(body ?? '<html><h1>fault</h1></html>');
    };
    if (fault && 'answer' in fault) return instead(fault.answer, fault);
    if (fault && 'late' in fault) return handOnLate(incoming, body, fault);
    if (fault && 'cut' in fault) return void incoming.socket.destroy();
    if (fault && 'hold' in fault) {
      if (fault.over) outgoing.once('close', fault.over);
      await fault.hold;
    }
    const onward = request(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method, agent, headers: { ...incoming.headers, host: new URL(target).host } },
      (answer) => {
        if (fault && 'loseAnswer' in fault) {
          answer.resume();
          answer.on('end', () => incoming.socket.destroy());
          return;
        }
        if (fault && 'answerInstead' in fault) {
          answer.resume();
          answer.on('end', () => instead(fault.answerInstead, fault));
          return;
        }
        if (fault && 'halfAnswer' in fault) {
          outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': '1000000' });
          answer.pipe(outgoing, { end: false });
          answer.on('end', () => incoming.socket.destroy());
          return;
        }
        if (fault && 'endlessAnswer' in fault) {
          answer.resume();
          outgoing.writeHead(200, { 'content-type': 'application/json' });
          const more = Buffer.alloc(1024 * 1024, ' ');
          const pour = (): void => {
            while (!outgoing.destroyed && outgoing.write(more));
          };
          outgoing.on('drain', pour);
          answer.on('end', pour);
          return;
        }
        const pass = () => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        };
        if (fault && 'answerAfter' in fault) void fault.answerAfter.then(pass);
        else pass();
      },
    );
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  }

  async function handOnLate(
    incoming: IncomingMessage,
    body: Buffer,
    { late, arrived }: { late: Promise<void>; arrived: () => void },
  ) {
    const { method, url, headers } = incoming;
    incoming.socket.destroy();
    await late;
    const onward = request(new URL(url ?? '/', target), {
      method,
      headers: { ...headers, host: new URL(target).host },
    });
    onward.on('response', (answer) => answer.resume().on('end', arrived));
    onward.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    mostAtOnce: () => most,
    writes: () => seen.filter(({ method }) => method !== 'GET').length,
    next: (matches, fault, times = 1) => void faults.push({ matches, fault, left: times }),
    heal: () => {
      faults = [];
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
