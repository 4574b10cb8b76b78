// What happens to the two replicas of crm-sync, and to the broker: kills, and pauses longer than any lease. Follows from the seed; a failure can be played again.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Restartable, ServiceProcess } from '@continuo/servers';
import type { World } from '@continuo/testing';
import { randomFrom } from '../chaos/schedule.ts';

export interface Blow {
  /** Milliseconds after the traffic began. */
  at: number;
  what: 'SIGKILL' | 'SIGSTOP' | 'broker';
  /** Which replica; another one when that is being hurt already. */
  replica: number;
  /** Until it is started again or goes on. */
  holdMs: number;
}
export interface Fallen extends Blow {
  /** Calls to the CRM that were not answered yet. */
  inFlight: number;
}

/** A lease runs 20 seconds. */
const LONGER_THAN_A_LEASE_MS = 21_000;

/** One blow each `everyMs` or so: two kills, then a pause; in between the broker, twice at least. */
export function scheduleOf({ seed, seconds, everyMs }: { seed: number; seconds: number; everyMs: number }): Blow[] {
  const random = randomFrom(seed);
  const blows: Blow[] = [];
  for (let at = everyMs / 2; at < seconds * 1_000; at += everyMs * (0.5 + random())) {
    const what = blows.length % 3 === 2 ? 'SIGSTOP' : 'SIGKILL';
    const holdMs = what === 'SIGSTOP' ? LONGER_THAN_A_LEASE_MS + random() * 5_000 : 200 + random() * 2_300;
    blows.push({ at: Math.round(at), what, replica: random() < 0.5 ? 0 : 1, holdMs: Math.round(holdMs) });
  }
  const restarts = Math.max(2, Math.floor(seconds / 120));
  for (let restart = 0; restart < restarts; restart++)
    blows.push({
      at: Math.round(((restart + 0.3 + random() / 2) / restarts) * seconds * 1_000),
      what: 'broker',
      replica: 0,
      holdMs: Math.round(500 + random() * 3_000),
    });
  return blows.sort((a, b) => a.at - b.at);
}

/** Resolves when the last one is over. A replica that is paused is not killed meanwhile: the other one is. */
export async function hurt(
  schedule: readonly Blow[],
  world: World,
  broker: Restartable | undefined,
  inFlight: () => number,
): Promise<Fallen[]> {
  const slots: (ServiceProcess | undefined)[] = [...world.running('crm-sync')];
  const began = Date.now();
  const fallen: Fallen[] = [];

  /** On a busy machine a restart takes its time: the next blow waits for it. */
  async function free(wanted: number): Promise<[number, ServiceProcess]> {
    for (; ; await sleep(50))
      for (const slot of [wanted, 1 - wanted]) {
        const process = slots[slot];
        if (process) return [slot, process];
      }
  }

  async function hit(blow: Blow): Promise<void> {
    await sleep(Math.max(0, began + blow.at - Date.now()));
    if (blow.what === 'broker') {
      if (!broker) return;
      fallen.push({ ...blow, inFlight: 0 });
      await broker.restart();
      return;
    }
    const [slot, process] = await free(blow.replica);
    slots[slot] = undefined;
    fallen.push({ ...blow, inFlight: inFlight() });
    if (blow.what === 'SIGSTOP') {
      process.signal('SIGSTOP');
      await sleep(blow.holdMs);
      process.signal('SIGCONT');
      slots[slot] = process;
      return;
    }
    await world.kill('crm-sync', world.running('crm-sync').indexOf(process));
    await sleep(blow.holdMs);
    slots[slot] = await world.start('crm-sync');
  }
  await Promise.all(schedule.map(hit));
  return fallen;
}
