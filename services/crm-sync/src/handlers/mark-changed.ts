// Something happened in a conversation: opens the window in which everything that follows is gathered into one write. The first one wins and nobody moves it,
// so a dialogue in full swing is still written every few seconds, and whoever opened it need not ask again until it ends. Hears no content: what the CRM
// should hold is worked out when the window ends, in the trace of whoever opened it.
import { type Bus, done, type Outcome, type Settings, schedule } from '@continuo/bus';
import { clock } from '@continuo/runtime';
import type { Which } from '../domain/which.ts';
import { newWindows } from '../domain/windows.ts';

const DEFAULT_WINDOW_SECONDS = 5;
/** In full swing a dialogue is written half as often: whoever follows it does so here, and the CRM has others to answer. */
const IN_FULL_SWING = 2;
const AGAIN = '-again';

export function markChanged({ bus, settings }: { bus: Bus; settings: Pick<Settings, 'site'> }) {
  const windows = newWindows();
  return async ({ site, key }: { site: string; key: string }): Promise<Outcome> => {
    const now = clock.now();
    const name = windowOf(site, key);
    if (windows.covers(name, now)) return done;
    const windowMs = (settings.site(site)?.crm.windowSeconds ?? DEFAULT_WINDOW_SECONDS) * 1_000;
    const end = now + windowMs * (windows.goesOn(name, now, windowMs) ? IN_FULL_SWING : 1);
    const data = { site, conversation: key };
    const opened = await schedule(bus, 'sync-due', name, end, data, { firstWins: true, sameTrace: true });
    if (opened) windows.opened(name, end, now);
    return done;
  };
}

const windowOf = (site: string, conversation: string): string => `${site}-${conversation}`;
export const isWindow = (key: string): boolean => !key.endsWith(AGAIN);

/** A conversation and one CRM: shorter than any conversation's id, the connection's is never taken for one. */
const lookOf = ({ site, id }: Which, conversation: string): string => `${site}-${id}-${conversation}`;

/** One more look, beside the window that may be open: a window that was moved would end before what its opener counts on. */
export const scheduleSync = (
  bus: Bus,
  which: Which,
  conversation: string,
  at: number,
  options?: { firstWins?: boolean },
): Promise<boolean> => {
  const data = { site: which.site, conversation, connection: which.id };
  return schedule(bus, 'sync-due', `${lookOf(which, conversation)}${AGAIN}`, at, data, options);
};

/** The window is over: of several CRMs each has its turn by itself, so that one which hangs holds up none of the others. */
export const passOn = (bus: Bus, which: Which, conversation: string): Promise<boolean> => {
  const data = { site: which.site, conversation, connection: which.id };
  // One that stands still has its look before it, and will see all of it.
  const options = { firstWins: true, sameTrace: true };
  return schedule(bus, 'sync-due', lookOf(which, conversation), clock.now(), data, options);
};
