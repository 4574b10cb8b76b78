// The network between browsers and the gateway: passes bytes on, and on demand lets no socket or nothing at all through, as phones and
// company proxies do. Pages that come while only sockets are cut still load, so a test can reload one without a connection.
import { connect, createServer, type Socket } from 'node:net';

export interface Network extends AsyncDisposable {
  readonly address: string;
  /** Breaks every WebSocket and refuses new ones; pages still load. */
  cutSockets(): void;
  /** Breaks everything and refuses everything. */
  cut(): void;
  heal(): void;
}

/** @param target asked at every connection: what stands there may be replaced */
export async function startNetwork(target: () => string, port: number): Promise<Network> {
  let passes: 'all' | 'pages' | 'nothing' = 'all';
  const open = new Map<Socket, { isSocket: boolean }>();
  const server = createServer((incoming) => {
    const kind = { isSocket: false };
    open.set(incoming, kind);
    incoming.on('error', () => incoming.destroy()).on('close', () => open.delete(incoming));
    if (passes === 'nothing') return void incoming.destroy();
    incoming.once('data', (first) => {
      kind.isSocket = /\r\nupgrade: websocket\r\n/i.test(first.toString('latin1'));
      if (kind.isSocket && passes !== 'all') return void incoming.destroy();
      const onward = connect(Number(new URL(target()).port), '127.0.0.1');
      onward.on('error', () => incoming.destroy()).on('close', () => incoming.destroy());
      incoming.on('close', () => onward.destroy());
      onward.write(first);
      incoming.pipe(onward).pipe(incoming);
    });
  });
  const breakOff = (which: (kind: { isSocket: boolean }) => boolean): void => {
    for (const [socket, kind] of open) if (which(kind)) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${port}`,
    cutSockets() {
      passes = 'pages';
      breakOff(({ isSocket }) => isSocket);
    },
    cut() {
      passes = 'nothing';
      breakOff(() => true);
    },
    heal() {
      passes = 'all';
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        breakOff(() => true);
      }),
  };
}
