// By which way a page reaches the gateway: a WebSocket, or plain HTTP where none comes through. Two sockets without a word have to fail before the other way
// is tried, one where none has spoken yet; then they take turns. The way by which a word came is kept, over all pages of the browser's session: a socket that
// hangs costs seconds each time.
import type { Surroundings, Wire } from './connection.ts';
import type { Keep } from './keep.ts';

export interface Ways {
  /** @param heard to be called when a frame comes */
  socket(heard: () => void): Wire;
  /** @param socketsOpen to be called before the end when a WebSocket could be opened meanwhile */
  http(hello: Parameters<Surroundings['wire']>[0], heard: () => void, socketsOpen: () => void): Wire;
}

const SOCKETS_FIRST = 2;
const NAME = 'silent';

export function chooseWay({ socket, http }: Ways, session: Pick<Keep, 'read' | 'write'>): Surroundings['wire'] {
  /** Tries since a word came. */
  let silent = session.read<number>(NAME) ?? SOCKETS_FIRST - 1;
  return (hello) => {
    const overHttp = silent >= SOCKETS_FIRST && silent % 2 === 0;
    silent += 1;
    const set = (to: number) => () => {
      if (silent !== to) session.write(NAME, to);
      silent = to;
    };
    return overHttp ? http(hello, set(SOCKETS_FIRST), set(SOCKETS_FIRST - 1)) : socket(set(0));
  };
}
