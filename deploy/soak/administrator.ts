// The administrator of the sites: when a connection is stopped, which CRMs bring about by refusing a good key, he tests it; when it waits long, he presses “try
// again”. That is what the product asks a person for; how often it was needed is counted.
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import type { World } from '@continuo/testing';
import type { Target } from './targets.ts';

export interface Administrator extends AsyncDisposable {
  readonly pressed: { tested: number; again: number };
}

const LOOKS_EVERY_MS = 2_000;
/** Whoever sees a connection wait longer than this presses. */
const PATIENCE_MS = 10_000;

interface Gate {
  _id: string;
  breaker?: { stopped: boolean; pausedUntil: number };
}

export function administrate(world: World, targets: readonly Target[]): Administrator {
  const sites = targets.flatMap((target) => [...target.sites]);
  const pressed = { tested: 0, again: 0 };
  const ends = new AbortController();
  const looking = (async () => {
    while (!ends.signal.aborted) {
      await sleep(LOOKS_EVERY_MS, undefined, { signal: ends.signal }).catch(() => {});
      const gates = (await world.database.collection('crm_gates').find().toArray()) as unknown as Gate[];
      for (const { _id: site, breaker } of gates) {
        if (ends.signal.aborted || !breaker || !sites.includes(site)) continue;
        const waits = breaker.pausedUntil > Date.now() + PATIENCE_MS;
        if (!breaker.stopped && !waits) continue;
        const envelope = { id: newId(), site, actor: { kind: 'operator', id: 'soak' } } as const;
        const press = breaker.stopped
          ? request(world.operator, 'test-crm', envelope, {})
          : request(world.operator, 'retry-crm-writes', envelope, {});
        // Whoever would answer may have been killed, and the test may be spoiled as everything is: he presses again.
        const reply = await press.catch(() => undefined);
        if (reply?.ok) pressed[breaker.stopped ? 'tested' : 'again'] += 1;
      }
    }
  })();
  return {
    pressed,
    [Symbol.asyncDispose]: async () => {
      ends.abort();
      await looking;
    },
  };
}
