// Visitors who write more than can be stored, and behave as docs/protocol.md asks: told to come again, they send the same command when it is time; cut off,
// they come back with what has no answer yet. What was acknowledged is remembered by its command, so that somebody can look for it.
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@continuo/contracts';
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
  /** Sockets that the gateway cut off. */
  cutOff: number;
  /** From the last message offered until the last was acknowledged. */
  settledMs: number;
  p50: number;
  p99: number;
}

const PATIENCE_MS = 180_000;

/** Offers so many per second, whatever comes back. `patienceMs`: how long the last answers are waited for */
export async function press(
  place: Place,
  guests: readonly Guest[],
  rate: number,
  seconds: number,
  { patienceMs = PATIENCE_MS } = {},
): Promise<Pressed> {
  const offers = new Map<string, { at: number; text: string }>();
  const acknowledged = new Map<string, number>();
  const told: Record<string, number> = {};
  const turnedAway: string[] = [];
  let cutOff = 0;
  let over = false;

  function hear(guest: Guest, frames: Map<string, string>, data: string): void {
    if (data.startsWith('{"t":"ping"')) return;
    const said = JSON.parse(data);
    const events = said.t === 'transcript' ? said.events : said.t === 'event' ? [said.event] : [];
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
  function attend(guest: Guest, frames: Map<string, string>): void {
    guest.socket.on('message', (data) => hear(guest, frames, data.toString()));
    guest.socket.once('close', async () => {
      if (over) return;
      cutOff += 1;
      for (; !over; await sleep(500 + Math.random() * 1_000)) {
        const back = await enter(place, guest).catch(() => undefined);
        if (back) return attend(guest, frames);
      }
    });
  }
  const waiting = guests.map((guest) => {
    const frames = new Map<string, string>();
    attend(guest, frames);
    return frames;
  });

  const start = performance.now();
  const total = Math.round(rate * seconds);
  for (let sent = 0; sent < total; await sleep(1)) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1_000) * rate) + 1);
    for (; sent < due; sent++) {
      const guest = guests[sent % guests.length] as Guest;
      const id = newId();
      const data = { conversation: guest.conversation, text: `the message ${sent}` };
      const frame = JSON.stringify({ t: 'command', id, name: 'send-message', data });
      offers.set(id, { at: performance.now(), text: data.text });
      waiting[sent % guests.length]?.set(id, frame);
      guest.open.set(id, frame);
      if (guest.socket.readyState === guest.socket.OPEN) guest.socket.send(frame);
    }
  }
  const offered = performance.now();
  const left = (): string[] => waiting.flatMap((frames) => [...frames.keys()]);
  while (left().length > 0 && performance.now() - offered < patienceMs) await sleep(20);
  over = true;
  const sorted = Float64Array.from(acknowledged.values()).sort();
  return {
    acknowledged: [...acknowledged.keys()].map((id) => ({ id, text: offers.get(id)?.text ?? '' })),
    unanswered: left(),
    told,
    turnedAway,
    cutOff,
    settledMs: performance.now() - offered,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  };
}
