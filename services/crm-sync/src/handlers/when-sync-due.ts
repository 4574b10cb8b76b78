// The window of a conversation is over, or it is time for one more look: brings the CRM up to date, and comes back when the sync asks for it. The next timer is
// set before this one is acknowledged, so a crash in between only means one more look.
import { type Bus, done, type Outcome } from '@continuo/bus';
import type { TimerData } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import type { Sync } from '../sync.ts';
import { isWindow, scheduleSync } from './mark-changed.ts';

export function whenSyncDue({ bus, sync }: { bus: Bus; sync: Sync }) {
  return async (
    { site, conversation }: TimerData<'sync-due'>,
    { signal, key }: { signal: AbortSignal; key: string },
  ): Promise<Outcome> => {
    // What failed is not tried again with each thing that is said: its own look is set, and whoever brings it on moves that one.
    const comeBackIn = await sync(site, conversation, { patient: isWindow(key), signal });
    // First wins: whoever brought it on meanwhile does not wait.
    if (comeBackIn !== undefined)
      await scheduleSync(bus, site, conversation, clock.now() + comeBackIn, { firstWins: true });
    return done;
  };
}
