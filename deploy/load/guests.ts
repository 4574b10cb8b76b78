// Visitors by the hundred or by the thousand, as docs/protocol.md describes a client: hello, welcome, commands, and coming again with token and number.
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@continuo/contracts';
import WebSocket from 'ws';

export const AT_ONCE = 100;

export interface Place {
  gateway: string;
  site: string;
  origin: string;
}
export interface Guest {
  socket: WebSocket;
  token: string;
  conversation: string | undefined;
  /** Last event seen. */
  number: number;
  /** Ids of commands that wait for their event. */
  open: Map<string, string>;
  /** Gets every frame, also those that come with the welcome of a socket that took the place of another. */
  heard?: (frame: string) => void;
}

export const opened = (url: string, headers: Record<string, string> = {}): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, headers });
    socket.once('open', () => resolve(socket)).once('error', reject);
  });

/** Opens the socket of a visitor, a new one or one who was here, and resolves when he is welcome and has what he missed. */
export async function enter(place: Place, guest?: Guest): Promise<Guest> {
  const socket = await opened(`${place.gateway.replace('http', 'ws')}/ws/visitor`, { Origin: place.origin });
  const mine: Guest = guest ?? { socket, token: '', conversation: undefined, number: 0, open: new Map() };
  mine.socket = socket;
  await new Promise<void>((resolve, reject) => {
    socket.once('close', () => reject(new Error('the socket was closed before the welcome')));
    socket.on('message', (data) => {
      const frame = data.toString();
      hear(mine, frame, resolve);
      mine.heard?.(frame);
    });
    const { token, conversation, number } = mine;
    const known = { ...(token && { token }), ...(conversation && { conversation: { id: conversation, number } }) };
    socket.send(JSON.stringify({ t: 'hello', v: 1, site: place.site, language: 'en', ...known }));
  });
  for (const frame of mine.open.values()) socket.send(frame);
  return mine;
}

/** Frames are parsed only where something is waited for: parsing everything would measure the crowd. */
function hear(guest: Guest, frame: string, welcome: () => void): void {
  if (frame.startsWith('{"t":"ping"')) return guest.socket.send(frame.replace('ping', 'pong'));
  if (frame.startsWith('{"t":"event"') && guest.open.size === 0) {
    guest.number += 1;
    return;
  }
  const said = JSON.parse(frame);
  const events = said.t === 'transcript' ? said.events : said.t === 'event' ? [said.event] : [];
  if (said.t === 'welcome') {
    guest.token = said.token;
    welcome();
  } else if (said.t === 'done' || said.t === 'refused') guest.open.delete(said.id);
  for (const { key, number, cause } of events) {
    guest.conversation = key;
    guest.number = Math.max(guest.number, number);
    guest.open.delete(cause);
  }
}

export function command(guest: Guest, name: string, data: object, awaited = false): void {
  const id = newId();
  const frame = JSON.stringify({ t: 'command', id, name, data });
  if (awaited) guest.open.set(id, frame);
  guest.socket.send(frame);
}

/** So many guests, a hundred at a time. */
export async function gather(count: number, enterOne: () => Promise<Guest>): Promise<Guest[]> {
  const guests: Guest[] = [];
  while (guests.length < count)
    guests.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - guests.length) }, enterOne))));
  return guests;
}

/** Every guest's first message, and its event. */
export async function beginAll(guests: readonly Guest[]): Promise<void> {
  for (const guest of guests) command(guest, 'start-conversation', { text: 'Good day', language: 'en' }, true);
  await settled(guests);
}

/** @throws when a command has no event after a minute */
export async function settled(guests: readonly Guest[]): Promise<void> {
  const end = performance.now() + 60_000;
  while (guests.some(({ open }) => open.size > 0)) {
    if (performance.now() > end) throw new Error('a command was not answered within a minute');
    await sleep(5);
  }
}
