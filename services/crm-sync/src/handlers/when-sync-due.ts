// The window of a conversation is over, or it is time for one more look: brings the CRM up to date, and comes back when the sync asks for it. The next timer is
// set before this one is acknowledged, so a crash in between only means one more look.
import { type Bus, done, type Outcome } from '@continuo/bus';
import type { TimerData } from '@continuo/contracts';
import { DEFAULT_CRM_CONNECTION } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import type { Connections } from '../connections.ts';
import type { Sync } from '../sync.ts';
import { isWindow, passOn, scheduleSync } from './mark-changed.ts';

export function whenSyncDue({
  bus,
  sync,
  connections,
}: {
  bus: Bus;
  sync: Sync;
  connections: Pick<Connections, 'ofSite'>;
}) {
  return async (
    { site, conversation, connection: meant }: TimerData<'sync-due'>,
    { signal, key }: { signal: AbortSignal; key: string },
  ): Promise<Outcome> => {
    const all = meant === undefined ? await connections.ofSite(site) : [];
    if (all.length > 1) {
      await Promise.all(all.map((one) => passOn(bus, one, conversation)));
      return done;
    }
    const connection = meant ?? all[0];
    // What failed is not tried again with each thing that is said: its own look is set, and whoever brings it on moves that one.
    const comeBackIn = await sync(site, conversation, { patient: isWindow(key), signal, connection });
    // First wins: whoever brought it on meanwhile does not wait.
    const id = meant ?? all[0]?.id ?? DEFAULT_CRM_CONNECTION;
    if (comeBackIn !== undefined)
      await scheduleSync(bus, { site, id }, conversation, clock.now() + comeBackIn, { firstWins: true });
    return done;
  };
}
