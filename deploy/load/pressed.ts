// Visitors who write more than can be stored, and behave as docs/protocol.md asks: told to come again, they send the same command when it is time; cut off,
// they come back with what has no answer yet. What was acknowledged is remembered by its command, so that somebody can look for it.
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@continuo/contracts';
import { quantile } from './figures.ts';
import { enter, type Guest, type Place } from './guests.ts';

export interface Pressed {
  /** Ids of the commands; each was acknowledged unless `unanswered` counts it. */
  acknowledged: string[];
  unanswered: number;
  /** How often somebody was asked to come again, by the word he was given. */
  told: Record<string, number>;
  /** Refused without being asked to come again: such a message would be gone. */
  turnedAway: number;
  /** Sockets that the gateway cut off. */
  cutOff: number;
  /** From the last message offered until the last was acknowledged. */
  settledMs: number;
  p50: number;
  p99: number;
}

const SETTLED_WITHIN_MS = 180_000;

/** Offers so many per second, whatever comes back. */
export async function press(place: Place, guests: readonly Guest[], rate: number, seconds: number): Promise<Pressed> {
  const offeredAt = new Map<string, number>();
  const acknowledged = new Map<string, number>();
  const told: Record<string, number> = {};
  let turnedAway = 0;
  let cutOff = 0;
  let over = false;

  function hear(guest: Guest, frames: Map<string, string>, data: string): void {
    if (data.startsWith('{"t":"ping"')) return;
    const said = JSON.parse(data);
    const events = said.t === 'transcript' ? said.events : said.t === 'event' ? [said.event] : [];
    const stored = [...events.map(({ cause }: { cause: string }) => cause), ...(said.t === 'done' ? [said.id] : [])];
    for (const id of stored)
      if (frames.delete(id)) acknowledged.set(id, performance.now() - (offeredAt.get(id) as number));
    if (said.t !== 'refused' || !frames.has(said.id)) return;
    told[said.refusal] = (told[said.refusal] ?? 0) + 1;
    if (said.retryAfterMs === undefined) {
      turnedAway += 1;
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
      offeredAt.set(id, performance.now());
      waiting[sent % guests.length]?.set(id, frame);
      guest.open.set(id, frame);
      if (guest.socket.readyState === guest.socket.OPEN) guest.socket.send(frame);
    }
  }
  const offered = performance.now();
  const left = (): number => waiting.reduce((sum, frames) => sum + frames.size, 0);
  while (left() > 0 && performance.now() - offered < SETTLED_WITHIN_MS) await sleep(20);
  over = true;
  const sorted = Float64Array.from(acknowledged.values()).sort();
  return {
    acknowledged: [...acknowledged.keys()],
    unanswered: left(),
    told,
    turnedAway,
    cutOff,
    settledMs: performance.now() - offered,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  };
}
