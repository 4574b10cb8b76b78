// The network between browsers and the gateway: passes bytes on, and on demand behaves as phones, trains and company proxies do. Pages that come while only
// lines are cut still load, so a test can reload one without a connection.
import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Network extends AsyncDisposable {
  readonly address: string;
  /** How many WebSockets are open. */
  readonly sockets: number;
  /** How many requests of the protocol over HTTP have come. */
  readonly lines: number;
  /** Breaks every line of the chat, WebSocket or not, and refuses new ones; pages still load. */
  cutSockets(): void;
  /** Breaks every WebSocket and refuses new ones; plain HTTP passes. */
  blockSockets(): void;
  /** Breaks everything and refuses everything. */
  cut(): void;
  /** What is open stays open and carries nothing more, for good; what is opened from now on works. */
  freezeOpen(): void;
  /** From now on every piece of bytes waits for so long, each way; a function may let each wait differently. */
  slow(delayMs: () => number): void;
  heal(): void;
}

type Passes = 'all' | 'http' | 'pages' | 'nothing';
interface Passing {
  kind: 'unknown' | 'page' | 'socket';
  frozen: boolean;
}

/** @param target asked at every connection: what stands there may be replaced */
export async function startNetwork(target: () => string, port: number): Promise<Network> {
  let passes: Passes = 'all';
  let delayMs = (): number => 0;
  let lines = 0;
  const open = new Map<Socket, Passing>();
  const isLine = (bytes: Buffer): boolean => bytes.subarray(0, 32).toString('latin1').startsWith('POST /widget/line');
  const isUpgrade = (bytes: Buffer): boolean => /\r\nupgrade: websocket\r\n/i.test(bytes.toString('latin1'));

  const server = createServer((incoming) => {
    const passing: Passing = { kind: 'unknown', frozen: false };
    open.set(incoming, passing);
    incoming.on('error', () => incoming.destroy()).on('close', () => open.delete(incoming));
    if (passes === 'nothing') return void incoming.destroy();
    const onward = connect(Number(new URL(target()).port), '127.0.0.1');
    onward.on('error', () => incoming.destroy()).on('close', () => incoming.destroy());
    incoming.on('close', () => onward.destroy());
    incoming.pipe(pieces(passing, true)).pipe(onward);
    onward.pipe(pieces(passing, false)).pipe(incoming);

    /** In their order: a network delays bytes of one connection, and never swaps them. */
    function pieces(one: Passing, up: boolean): Transform {
      return new Transform({
        transform(bytes: Buffer, _encoding, done) {
          if (up) {
            const line = isLine(bytes);
            if (line) lines += 1;
            if (one.kind === 'unknown') one.kind = isUpgrade(bytes) ? 'socket' : 'page';
            if (passes === 'pages' && (line || one.kind === 'socket')) return void incoming.destroy();
            if (passes === 'http' && one.kind === 'socket') return void incoming.destroy();
          }
          if (one.frozen) return done();
          const wait = delayMs();
          if (wait === 0) done(null, bytes);
          else void sleep(wait).then(() => done(null, bytes));
        },
      });
    }
  });
  const breakOff = (which: (passing: Passing) => boolean): void => {
    for (const [socket, passing] of open) if (which(passing)) socket.destroy();
  };
  const isSocket = ({ kind }: Passing): boolean => kind === 'socket';
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${port}`,
    get sockets() {
      return [...open.values()].filter(isSocket).length;
    },
    get lines() {
      return lines;
    },
    cutSockets() {
      passes = 'pages';
      breakOff(() => true);
    },
    blockSockets() {
      passes = 'http';
      breakOff(isSocket);
    },
    cut() {
      passes = 'nothing';
      breakOff(() => true);
    },
    freezeOpen() {
      for (const passing of open.values()) passing.frozen = true;
    },
    slow(delay) {
      delayMs = delay;
    },
    heal() {
      passes = 'all';
      delayMs = () => 0;
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        breakOff(() => true);
      }),
  };
}
