// One socket of a browser: what it is sent, and how it ends. A reader slower than what is written to him is cut off and resumes,
// so one slow screen never fills the gateway's memory.
import type { ErrorFrame, ToAgent, ToVisitor } from '@continuo/contracts/frames';
import { count } from '@continuo/telemetry';

/** Bytes that may wait for a reader. */
const SLOW_READER_BYTES = 4 * 1024 * 1024;

/** Codes with which the gateway ends a socket; docs/protocol.md tells what a client does about each. */
export const CLOSE = { moved: 1001, refused: 1008, later: 1013 } as const;

/** What a connection needs of a WebSocket; an answer over HTTP can be one, too (http/visitor-line.ts). */
export interface Wire {
  /** Bytes that wait for the reader. */
  readonly bufferedAmount: number;
  send(bytes: Buffer, options: { binary: false }): void;
  /** `left`: all before it has left for the network. */
  ping(data: undefined, mask: false, left: () => void): void;
  close(code: number, reason: string): void;
  /** At once, without a farewell. */
  terminate(): void;
}

export interface Connection {
  readonly ws: Wire;
  readonly address: string;
  /** `Origin` and `Host` of the request, `Cookie` for agents. */
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly cookie: string | undefined;
  /** Real time (`performance.now()`) of the last frame from the browser, of the end, and of the opening. */
  heardAt: number;
  endedAt: number | undefined;
  readonly openedAt: number;
  /** Commands on their way, by id: the event or reply that ends each is still to come. */
  commands: Map<string, AwaitedCommand> | undefined;
  ended: boolean;
}
/** What is known of a command whose event has not been sent to its sender yet. `at`: real time of the reply. */
export interface AwaitedCommand {
  reply?: { at: number; conversation?: string; number: number };
}

export type AnyFrame = ToVisitor | ToAgent;

/** A frame as bytes, made once for all sockets that get it. */
export const encode = (frame: AnyFrame): Buffer => Buffer.from(JSON.stringify(frame));

export const send = (connection: Connection, frame: AnyFrame): void => sendBytes(connection, encode(frame));

export function sendBytes(connection: Connection, bytes: Buffer): void {
  if (connection.ended) return;
  if (connection.ws.bufferedAmount > SLOW_READER_BYTES) {
    count('continuo.socket.slow', {});
    return end(connection, CLOSE.later, 'reads too slowly');
  }
  count('continuo.socket.frames.out', {});
  connection.ws.send(bytes, { binary: false });
}

/** Resolves when everything sent so far has left for the network, or the socket has ended. */
export const flushed = (connection: Connection): Promise<void> =>
  new Promise((resolve) => {
    if (connection.ended || connection.ws.bufferedAmount === 0) resolve();
    else connection.ws.ping(undefined, false, () => resolve());
  });

export function end(connection: Connection, code: number, reason: string): void {
  if (connection.ended) return;
  connection.ended = true;
  connection.endedAt = performance.now();
  connection.ws.close(code, reason);
}

/** Tells what was wrong; a `fatal` error ends the socket. */
export function fail(
  connection: Connection,
  code: ErrorFrame['code'],
  words: string,
  { fatal = false, retryAfterMs }: { fatal?: boolean; retryAfterMs?: number } = {},
): void {
  send(connection, { t: 'error', code, words, fatal, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  if (fatal) end(connection, CLOSE.refused, code);
}

/** Tells that it does not work now and ends the socket; the client comes again. */
export function failForNow(
  connection: Connection,
  code: 'too-many' | 'unavailable',
  words: string,
  retryAfterMs: number,
): void {
  fail(connection, code, words, { retryAfterMs });
  end(connection, CLOSE.later, code);
}
