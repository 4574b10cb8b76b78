// What visitor and agent of a test have in common: one socket to one of the gateways, reconnected for ever; commands repeated with the same id until their
// event, `done` or `refused` comes. Written from docs/protocol.md, as a stranger would.
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@continuo/contracts';
import WebSocket from 'ws';
import { keepOutOf } from './leaks.ts';

export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly refusal: string;
  constructor(refusal: string, words: string) {
    super(`${refusal}: ${words}`);
    this.refusal = refusal;
  }
}
/** Refusals that mean "later": the command is repeated. */
const PASSING = new Set(['busy', 'too-many', 'full', 'unavailable']);

export interface Frame {
  t: string;
  [field: string]: unknown;
}
interface Pending {
  frame: Frame;
  /** Where it was sent and not answered yet. */
  sentOn?: WebSocket | undefined;
  resolve(number: number): void;
  reject(error: Error): void;
}
export interface SocketOptions {
  /** WebSocket addresses; the next one is tried after each loss. */
  addresses: () => string[];
  /** For the one at this address. */
  headers?: (address: string) => Record<string, string>;
  hello: () => Frame;
  onFrame: (frame: Frame) => void;
  /** A dial that has no socket by then is given up: a system asks an address where nobody is for minutes. */
  connectWithinMs?: number;
}
export interface SocketClient extends AsyncDisposable {
  /** Resolves when `welcome` has come. */
  ready(): Promise<void>;
  /** Resolves with the number of the event the command led to. @throws {RefusedError} */
  command(name: string, data: unknown, id?: string): Promise<number>;
  send(frame: Frame): void;
  /** Ids of the commands without an answer; `at`: the address whose process has it now, unless its socket broke or it said "later". */
  unanswered(): { id: string; at: string | undefined }[];
  /** Tells that an event caused by this command is there. */
  settle(cause: string, number: number): void;
  /** Cuts the socket as a network would; it comes back by itself. */
  cut(): void;
  /** Stops reading, as a page that hangs; the returned function reads on. */
  stall(): () => void;
  /** Codes with which its sockets ended so far. */
  closed(): readonly number[];
}

export function socketClient({
  addresses,
  headers,
  hello,
  onFrame,
  connectWithinMs = 5_000,
}: SocketOptions): SocketClient {
  const pending = new Map<string, Pending>();
  const closed: number[] = [];
  let socket: WebSocket | undefined;
  let welcomed = false;
  let stopped = false;
  let tries = 0;
  let whenReady: (() => void)[] = [];
  let lastError: Error | undefined;

  function connect(): void {
    const list = addresses();
    const address = list[tries % list.length];
    if (address === undefined) return again();
    const ws = new WebSocket(address, { headers: headers?.(address) ?? {}, handshakeTimeout: connectWithinMs });
    socket = ws;
    ws.on('open', () => say(ws, hello()));
    ws.on('message', (data) => receive(ws, JSON.parse(String(data))));
    ws.on('error', (error) => {
      lastError = error;
    });
    ws.on('close', (code) => {
      closed.push(code);
      welcomed = false;
      tries += 1;
      again();
    });
  }

  /** After a pause that grows; also while no gateway runs at all. */
  function again(): void {
    void sleep(Math.min(50 * 2 ** Math.min(tries, 5), 1_000) * (0.5 + Math.random() / 2)).then(() => {
      if (!stopped) connect();
    });
  }

  function receive(ws: WebSocket, frame: Frame): void {
    switch (frame.t) {
      case 'ping':
        say(ws, { t: 'pong', n: frame['n'] });
        return;
      case 'done':
        pending.get(frame['id'] as string)?.resolve(frame['number'] as number);
        pending.delete(frame['id'] as string);
        break;
      case 'refused':
        refused(frame);
        break;
      case 'move':
        setTimeout(() => ws.close(), frame['afterMs'] as number);
        return;
      case 'error':
        lastError = new Error(`${frame['code']}: ${frame['words']}`);
        break;
    }
    const isWelcome = frame.t === 'welcome';
    // Before anybody hears of it: whoever does says at once what he wants to see.
    if (isWelcome) welcomed = true;
    onFrame(frame);
    if (isWelcome) {
      tries = 0;
      keepOutOf({ token: frame['token'] });
      for (const waiting of pending.values()) ask(waiting);
      for (const resolve of whenReady) resolve();
      whenReady = [];
    }
  }

  function refused(frame: Frame): void {
    const id = frame['id'] as string;
    const waiting = pending.get(id);
    if (!waiting) return;
    if (PASSING.has(frame['refusal'] as string)) {
      waiting.sentOn = undefined;
      setTimeout(() => ask(waiting), (frame['retryAfterMs'] as number | undefined) ?? 200);
      return;
    }
    pending.delete(id);
    waiting.reject(new RefusedError(frame['refusal'] as string, frame['words'] as string));
  }

  function send(frame: Frame): void {
    if (socket?.readyState === WebSocket.OPEN && welcomed) say(socket, frame);
  }
  function ask(waiting: Pending): void {
    if (socket?.readyState === WebSocket.OPEN && welcomed) waiting.sentOn = socket;
    send(waiting.frame);
  }
  function say(ws: WebSocket, frame: Frame): void {
    keepOutOf(frame);
    ws.send(JSON.stringify(frame));
  }

  connect();
  return {
    send,
    cut: () => socket?.terminate(),
    stall: () => {
      const stalled = socket;
      stalled?.pause();
      return () => stalled?.resume();
    },
    closed: () => closed,
    ready: () =>
      new Promise((resolve, reject) => {
        if (welcomed) return resolve();
        const late = setTimeout(
          () => reject(new Error(`no welcome in 30 s (${lastError?.message ?? 'no error'})`)),
          30_000,
        );
        whenReady.push(() => {
          clearTimeout(late);
          resolve();
        });
      }),
    command(name, data, id = newId()) {
      return new Promise((resolve, reject) => {
        const frame = { t: 'command', id, name, data };
        const waiting = { frame, resolve, reject };
        pending.set(id, waiting);
        ask(waiting);
      });
    },
    unanswered: () =>
      [...pending].map(([id, { sentOn }]) => ({
        id,
        at: sentOn?.readyState === WebSocket.OPEN ? sentOn.url : undefined,
      })),
    settle(cause, number) {
      pending.get(cause)?.resolve(number);
      pending.delete(cause);
    },
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      socket?.terminate();
    },
  };
}
