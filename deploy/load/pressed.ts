// Visitors who write more than can be stored, and behave as docs/protocol.md asks: told to come again, they send the same command when it is time; cut off,
// they come back with what has no answer yet. What was acknowledged is remembered by its command, so that somebody can look for it.
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@continuo/contracts';
import type WebSocket from 'ws';
import { quantile } from './figures.ts';
import { enter, type Guest, type Place } from './guests.ts';
import type { Acknowledged } from './kept.ts';

export interface Pressed {
  acknowledged: Acknowledged[];
  /** Ids of commands that had no answer in the end. */
  unanswered: string[];
  /** How often somebody was asked to come again, by the word he was given. */
  told: Record<string, number>;
  /** Ids of commands that were refused without being asked to come again: such a message would be gone. */
  turnedAway: string[];
  /** Ids of commands that were acknowledged, and whose event never came to whoever wrote it or to the employee's screen. */
  unshown: string[];
  /** Ids of commands whose event came to one of them twice. */
  shownTwice: string[];
  /** Sockets that the gateway cut off. */
  cutOff: number;
  /** From the last message offered until the last was acknowledged. */
  settledMs: number;
  p50: number;
  p99: number;
}

const PATIENCE_MS = 180_000;

/** How often the event of each command has come. */
type Page = Map<string, number>;

/** Offers so many per second, whatever comes back. `screen`: of an employee who sees all of it; `patienceMs`: how long the last answers are waited for */
export async function press(
  place: Place,
  guests: readonly Guest[],
  rate: number,
  seconds: number,
  { patienceMs = PATIENCE_MS, screen }: { patienceMs?: number; screen?: Pick<WebSocket, 'on' | 'off'> } = {},
): Promise<Pressed> {
  const offers = new Map<string, { at: number; text: string; pages: Page[] }>();
  const acknowledged = new Map<string, number>();
  const told: Record<string, number> = {};
  const turnedAway: string[] = [];
  let cutOff = 0;
  let over = false;

  const see = (page: Page, id: string): void => void page.set(id, (page.get(id) ?? 0) + 1);
  function hear(guest: Guest, frames: Map<string, string>, page: Page, data: string): void {
    if (data.startsWith('{"t":"ping"')) return;
    const said = JSON.parse(data);
    const events = said.t === 'transcript' ? said.events : said.t === 'event' ? [said.event] : [];
    for (const { cause } of events) see(page, cause);
    const stored = [...events.map(({ cause }: { cause: string }) => cause), ...(said.t === 'done' ? [said.id] : [])];
    for (const id of stored)
      if (frames.delete(id)) acknowledged.set(id, performance.now() - (offers.get(id)?.at as number));
    if (said.t !== 'refused' || !frames.has(said.id)) return;
    told[said.refusal] = (told[said.refusal] ?? 0) + 1;
    if (said.retryAfterMs === undefined) {
      turnedAway.push(said.id);
      frames.delete(said.id);
      return;
    }
    setTimeout(() => {
      const frame = frames.get(said.id);
      if (frame === undefined) return;
      guest.open.set(said.id, frame);
      if (guest.socket.readyState === guest.socket.OPEN) guest.socket.send(frame);
    }, said.retryAfterMs);
  }
  function attend(guest: Guest, frames: Map<string, string>, page: Page): void {
    guest.heard = (frame) => hear(guest, frames, page, frame);
    guest.socket.once('close', async () => {
      if (over) return;
      cutOff += 1;
      for (; !over; await sleep(500 + Math.random() * 1_000)) {
        const back = await enter(place, guest).catch(() => undefined);
        if (back) return attend(guest, frames, page);
      }
    });
  }
  const own = guests.map((): Page => new Map());
  const waiting = guests.map((guest, index) => {
    const frames = new Map<string, string>();
    attend(guest, frames, own[index] as Page);
    return frames;
  });
  const employees: Page = new Map();
  const seeAll = (data: WebSocket.RawData): void => {
    const frame = data.toString();
    if (frame.startsWith('{"t":"event"')) see(employees, JSON.parse(frame).event.cause);
  };
  screen?.on('message', seeAll);

  const start = performance.now();
  const total = Math.round(rate * seconds);
  for (let sent = 0; sent < total; await sleep(1)) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1_000) * rate) + 1);
    for (; sent < due; sent++) {
      const guest = guests[sent % guests.length] as Guest;
      const id = newId();
      const data = { conversation: guest.conversation, text: `the message ${sent}` };
      const frame = JSON.stringify({ t: 'command', id, name: 'send-message', data });
      const pages = [own[sent % guests.length] as Page, ...(screen ? [employees] : [])];
      offers.set(id, { at: performance.now(), text: data.text, pages });
      waiting[sent % guests.length]?.set(id, frame);
      guest.open.set(id, frame);
      if (guest.socket.readyState === guest.socket.OPEN) guest.socket.send(frame);
    }
  }
  const offered = performance.now();
  const left = (): string[] => waiting.flatMap((frames) => [...frames.keys()]);
  while (left().length > 0 && performance.now() - offered < patienceMs) await sleep(20);
  const settledMs = performance.now() - offered;
  const times = (id: string): number[] => offers.get(id)?.pages.map((page) => page.get(id) ?? 0) ?? [];
  const unshown = (): string[] => [...acknowledged.keys()].filter((id) => times(id).includes(0));
  while (unshown().length > 0 && performance.now() - offered < patienceMs) await sleep(20);
  over = true;
  screen?.off('message', seeAll);
  const sorted = Float64Array.from(acknowledged.values()).sort();
  return {
    acknowledged: [...acknowledged.keys()].map((id) => ({ id, text: offers.get(id)?.text ?? '' })),
    unanswered: left(),
    told,
    turnedAway,
    unshown: unshown(),
    shownTwice: [...offers.keys()].filter((id) => times(id).some((often) => often > 1)),
    cutOff,
    settledMs,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  };
}
