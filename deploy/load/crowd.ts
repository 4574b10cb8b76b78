// The load generator, a process of its own: writes through Continuo or through the raw limit, holds idle sockets, drops them all and comes again.
import { setTimeout as sleep } from 'node:timers/promises';
import type WebSocket from 'ws';
import { AT_ONCE, beginAll, command, enter, type Guest, gather, opened, type Place, settled } from './guests.ts';
import { press } from './pressed.ts';
import type { Storm } from './sockets.ts';
import { saturated, steady, type Talkers } from './talk.ts';
import { answer } from './worker.ts';

/** A browser that lost its socket comes again at a moment within so long. */
const COMES_AGAIN_WITHIN_MS = 1_000;
const STORM_WITHIN_MS = 60_000;
const sides = new Map<string, Talkers>();
let guests: Guest[] = [];
let idle: WebSocket[] = [];

const side = (name: string): Talkers => {
  const talkers = sides.get(name);
  if (!talkers) throw new Error(`nobody talks through ${name}`);
  return talkers;
};

answer({
  async limit({ port, count }: { port: number; count: number }) {
    const url = `ws://127.0.0.1:${port}`;
    const sockets = await Promise.all(Array.from({ length: count }, () => opened(url)));
    const send = (visitor: number, text: string): void => sockets[visitor]?.send(text);
    sides.set('limit', { count, send, screen: await opened(`${url}/screen`) });
  },
  async continuo({ place, count, cookie }: { place: Place; count: number; cookie: string }) {
    const talking = await gather(count, () => enter(place));
    await beginAll(talking);
    const headers = { Origin: place.gateway, Cookie: cookie };
    const screen = await opened(`${place.gateway.replace('http', 'ws')}/ws/agent`, headers);
    const welcome = new Promise((resolve) => screen.once('message', resolve));
    screen.on('message', (data: WebSocket.RawData) => {
      const frame = data.toString();
      if (frame.startsWith('{"t":"ping"')) screen.send(frame.replace('ping', 'pong'));
    });
    screen.send(JSON.stringify({ t: 'hello', v: 1 }));
    await welcome;
    const send = (visitor: number, text: string): void => {
      const guest = talking[visitor] as Guest;
      command(guest, 'send-message', { conversation: guest.conversation, text });
    };
    sides.set('continuo', { count, send, screen });
  },
  steady: ({ through, rate, seconds }: { through: string; rate: number; seconds: number }) =>
    steady(side(through), rate, seconds),
  saturated: ({ through, window, seconds }: { through: string; window: number; seconds: number }) =>
    saturated(side(through), window, seconds),

  async press({ place, count, rate, seconds }: { place: Place; count: number; rate: number; seconds: number }) {
    const pressing = await gather(count, () => enter(place));
    await beginAll(pressing);
    const pressed = await press(place, pressing, rate, seconds, { screen: side('continuo').screen });
    for (const { socket } of pressing) socket.terminate();
    return pressed;
  },

  async holdVisitors({ place, count }: { place: Place; count: number }) {
    guests = await gather(count, () => enter(place));
  },
  async holdBare({ port, count }: { port: number; count: number }) {
    while (idle.length < count)
      idle.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(AT_ONCE, count - idle.length) }, () => opened(`ws://127.0.0.1:${port}`)),
        )),
      );
  },
  /** Of the visitors' sockets, those that are open still. */
  held: () => guests.filter(({ socket }) => socket.readyState === socket.OPEN).length,
  release() {
    for (const socket of [...idle, ...guests.map((guest) => guest.socket)]) socket.terminate();
    guests = [];
    idle = [];
  },
  /** Some write, all sockets break at once, everybody comes again. Seconds: until all are back with all that was written. */
  async storm({ place, writing }: { place: Place; writing: number }) {
    const writers = guests.slice(0, writing);
    await beginAll(writers);
    const before = writers.map(({ number }) => number);
    const dropped = guests.filter(({ socket }) => socket.readyState === socket.OPEN).length;
    for (const guest of writers)
      command(guest, 'send-message', { conversation: guest.conversation, text: 'Are you there?' }, true);
    for (const { socket } of guests) socket.terminate();
    const start = performance.now();
    let back = 0;
    const comeAgain = async (guest: Guest): Promise<void> => {
      for (;;) {
        await sleep(Math.random() * COMES_AGAIN_WITHIN_MS);
        if (performance.now() - start > STORM_WITHIN_MS) return;
        const welcome = await enter(place, guest).catch(() => undefined);
        if (welcome) return void back++;
      }
    };
    await Promise.all(guests.map(comeAgain));
    await settled(writers);
    const seconds = (performance.now() - start) / 1000;
    const lost = writers.filter(({ number }, index) => number !== (before[index] as number) + 1).length;
    return { seconds, missing: guests.length - back, lost, written: writers.length, dropped } satisfies Storm;
  },
});
