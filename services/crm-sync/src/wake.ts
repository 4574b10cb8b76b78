// Brings on whatever waits for one of a site's CRMs, the oldest first and not all in one moment.
import type { Bus } from '@continuo/bus';
import { clock } from '@continuo/runtime';
import type { Connections } from './connections.ts';
import type { Which } from './domain/which.ts';
import type { Gates } from './gate.ts';
import { scheduleSync } from './handlers/mark-changed.ts';
import { type Links, linksOf } from './links.ts';

/** Between two of many conversations that are tried again together. */
export const SPREAD_MS = 40;

/** @returns how many */
export async function wakeWaiting({ bus, links }: { bus: Bus; links: Links }, which: Which): Promise<number> {
  const behind = links.collection
    .find(
      {
        ...linksOf(which),
        $or: [
          { state: { $in: ['pending', 'failed', 'held', 'left'] } },
          // Written, but somebody has to look whether it stands right.
          { recheck: { $exists: true } },
          { doubt: { $exists: true } },
        ],
      },
      { projection: { conversation: 1 } },
    )
    .sort({ changedAt: 1 });
  let scheduled = 0;
  for await (const { conversation } of behind) {
    await scheduleSync(bus, which, conversation, clock.now() + scheduled * SPREAD_MS);
    scheduled += 1;
  }
  return scheduled;
}

/** Of a site that had no CRM until now: what was said meanwhile waits under no connection of its own. @returns how many */
export async function wakeUnconnected({ bus, links }: { bus: Bus; links: Links }, which: Which): Promise<number> {
  let scheduled = 0;
  const waiting = links.collection.find({ site: which.site, connection: '' }, { projection: { conversation: 1 } });
  for await (const { conversation } of waiting) {
    await scheduleSync(bus, which, conversation, clock.now() + scheduled * SPREAD_MS, { firstWins: true });
    scheduled += 1;
  }
  return scheduled;
}

/** At a start: the mapping whose faults held a site's dialogues back may have been mended, the key of its credentials restored. */
export async function wakeMended({
  bus,
  links,
  connections,
  gates,
}: {
  bus: Bus;
  links: Links;
  connections: Pick<Connections, 'ofSite'>;
  gates: Pick<Gates, 'standing'>;
}): Promise<void> {
  const held = {
    state: { $in: ['pending', 'failed'] as const },
    'failure.failure': { $in: ['mapping-faulty', 'refused-access'] as const },
  };
  for (const site of await links.collection.distinct('site', held))
    for (const connection of await connections.ofSite(site)) {
      if (connection.unusable) continue;
      // A key that the CRM itself refuses is not made better by a start.
      const { breaker } = await gates.standing(connection.key, connection.revision);
      if (!breaker.stopped) await wakeWaiting({ bus, links }, connection);
    }
}
