// The window of a conversation is over: brings the CRM up to date, and comes back when the sync asks for it. The next timer is set before this one is
// acknowledged, so a crash in between only means one more look.
import { type Bus, done, type Outcome } from '@continuo/bus';
import type { TimerData } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import type { Sync } from '../sync.ts';
import { scheduleSync } from './mark-changed.ts';

export function whenSyncDue({ bus, sync }: { bus: Bus; sync: Sync }) {
  return async (
    { site, conversation }: TimerData<'sync-due'>,
    { signal }: { signal: AbortSignal },
  ): Promise<Outcome> => {
    const comeBackIn = await sync(site, conversation, signal);
    // First wins: a window opened meanwhile ends earlier than most waits. A wait that the CRM asked for is kept by its gate.
    if (comeBackIn !== undefined)
      await scheduleSync(bus, site, conversation, clock.now() + comeBackIn, { firstWins: true });
    return done;
  };
}
