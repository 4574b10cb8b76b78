// A re-sync was asked for: has some of its dialogues looked through, and comes back for the next until none is left. What is asked for stands on the links,
// so it survives restarts; while the CRM is left alone it waits, and whatever wakes the site's dialogues wakes these.
import { type Bus, done, type Outcome, schedule } from '@continuo/bus';
import type { TimerData } from '@continuo/contracts';
import { DEFAULT_CRM_CONNECTION } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import type { Connections } from '../connections.ts';
import { keyOf, type Which } from '../domain/which.ts';
import type { Gates } from '../gate.ts';
import { type Links, linksOf } from '../links.ts';
import { SPREAD_MS } from '../wake.ts';
import { scheduleSync } from './mark-changed.ts';

/** At once, and how long they are given: less than the slowest CRM allows. */
const BATCH = 50;
const BATCH_MS = 15_000;

export const scheduleResync = (bus: Bus, { site, id }: Which, inMs = 0): Promise<boolean> =>
  schedule(bus, 'resync-due', keyOf({ site, id }), clock.now() + inMs, { site, connection: id });

export function whenResyncDue(parts: { bus: Bus; links: Links; connections: Connections; gates: Gates }) {
  const { bus, links, connections, gates } = parts;
  return async ({ site, connection: id = DEFAULT_CRM_CONNECTION }: TimerData<'resync-due'>): Promise<Outcome> => {
    const connection = await connections.of(site, id);
    if (!connection || connection.unusable) return done;
    const { breaker, paused } = await gates.standing(connection.key, connection.revision);
    if (paused || breaker.stopped) return done;
    const next = await links.collection
      .find(
        { ...linksOf(connection), recheck: { $exists: true }, recheckSet: { $exists: false } },
        { projection: { conversation: 1 } },
      )
      .sort({ recheck: 1 })
      .limit(BATCH)
      .toArray();
    if (next.length === 0) return done;
    for (const [index, { conversation }] of next.entries())
      await scheduleSync(bus, connection, conversation, clock.now() + index * SPREAD_MS);
    await links.collection.updateMany({ _id: { $in: next.map(({ _id }) => _id) } }, { $set: { recheckSet: true } });
    await scheduleResync(bus, connection, BATCH_MS);
    return done;
  };
}
