// Faults that a test makes on purpose: a server that goes away and comes back with its data where it was, and a way to another server that can be barred.

import type { AddressInfo } from 'node:net';
import { createServer, connect as dial, type Socket } from 'node:net';
import type { RunningServer } from '@continuo/servers';

/** A server of the world. While it is away its port refuses connections. */
export interface Removable {
  away(): Promise<void>;
  back(): Promise<void>;
}

/** @param start on the given port, with the data of last time; on a free one at first */
export async function removable(
  start: (port?: number) => Promise<RunningServer>,
): Promise<Removable & AsyncDisposable & { url: string }> {
  let server = await start();
  return {
    url: server.url,
    away: () => server.stop(),
    back: async () => {
      server = await start(server.port);
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** A way to a server over TCP. Barred, it refuses connections and cuts those that stand. */
export interface Gate extends Removable, AsyncDisposable {
  readonly url: string;
}

/** @param target an http address */
export async function gateTo(target: string): Promise<Gate> {
  const { hostname, port: onward } = new URL(target);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const open = async (port: number) => {
    const server = createServer((from) => {
      const to = keep(dial({ host: hostname, port: Number(onward) }));
      keep(from).pipe(to).pipe(from);
      from.on('close', () => to.destroy());
      to.on('close', () => from.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return server;
  };
  let server = await open(0);
  const { port } = server.address() as AddressInfo;
  const away = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    away,
    back: async () => {
      server = await open(port);
    },
    [Symbol.asyncDispose]: away,
  };
}

/**
 * The server of a NATS connection hangs up, as one that is killed does. The client answers by ending its side too; right then, in the same turn, it calls
 * back: whatever is written now comes after the end.
 */
export function hangUp(connection: object, atEnd: () => unknown): Promise<void> {
  const { socket } = (connection as { protocol: { transport: { socket: Socket } } }).protocol.transport;
  const end = socket.end.bind(socket) as () => Socket;
  return new Promise((resolve) => {
    socket.end = () => {
      end();
      atEnd();
      resolve();
      return socket;
    };
    socket.push(null);
  });
}
