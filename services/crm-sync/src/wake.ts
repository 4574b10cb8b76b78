// Brings on whatever of a site waits for its CRM, the oldest first and not all in one moment.
import type { Bus } from '@continuo/bus';
import { clock } from '@continuo/runtime';
import type { Connections } from './connections.ts';
import type { Gates } from './gate.ts';
import { scheduleSync } from './handlers/mark-changed.ts';
import type { Links } from './links.ts';

/** Between two of many conversations that are tried again together. */
export const SPREAD_MS = 40;

/** @returns how many */
export async function wakeWaiting({ bus, links }: { bus: Bus; links: Links }, site: string): Promise<number> {
  const behind = links.collection
    .find(
      {
        site,
        $or: [
          { state: { $in: ['pending', 'failed', 'held'] } },
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
    await scheduleSync(bus, site, conversation, clock.now() + scheduled * SPREAD_MS);
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
  connections: Pick<Connections, 'of'>;
  gates: Pick<Gates, 'standing'>;
}): Promise<void> {
  const held = {
    state: { $in: ['pending', 'failed'] as const },
    'failure.failure': { $in: ['mapping-faulty', 'refused-access'] as const },
  };
  for (const site of await links.collection.distinct('site', held)) {
    const connection = await connections.of(site);
    if (!connection || connection.unusable) continue;
    // A key that the CRM itself refuses is not made better by a start.
    const { breaker } = await gates.standing(site, connection.revision);
    if (!breaker.stopped) await wakeWaiting({ bus, links }, site);
  }
}
