// Something happened in a conversation: opens the window in which everything that follows is gathered into one write. The first one wins, so
// a dialogue in full swing is still written every few seconds. Hears no content: what the CRM should hold is worked out when the window ends.
import { type Bus, done, type Outcome, type Settings, schedule } from '@continuo/bus';
import { clock } from '@continuo/runtime';

const DEFAULT_WINDOW_SECONDS = 5;

export function markChanged({ bus, settings }: { bus: Bus; settings: Pick<Settings, 'site'> }) {
  return async ({ site, key }: { site: string; key: string }): Promise<Outcome> => {
    const seconds = settings.site(site)?.crm.windowSeconds ?? DEFAULT_WINDOW_SECONDS;
    await scheduleSync(bus, site, key, clock.now() + seconds * 1000, { firstWins: true });
    return done;
  };
}

export const scheduleSync = (
  bus: Bus,
  site: string,
  conversation: string,
  at: number,
  options?: { firstWins?: boolean },
): Promise<boolean> => schedule(bus, 'sync-due', `${site}-${conversation}`, at, { site, conversation }, options);
