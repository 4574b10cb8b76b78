// Moments and lengths of time as the visitor's language writes them, in his own zone; the site's zone is named where it shows another time. Pure.
import { backAt, openingsFrom, type Span, type WorkingHours } from '@continuo/contracts/working-hours';
import type { Times } from '../times.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A call is promised for no longer than so. */
const WINDOW = 3 * HOUR;
const WINDOWS = 4;
/** A weekday alone says which one is meant. */
const DAYS_AHEAD = 5;

/** "3 minutes", rounded up; hours where minutes would pretend to be exact. */
export function lengthIn(region: string, ms: number): string {
  const hours = ms > 90 * MINUTE;
  const unit = { style: 'unit', unit: hours ? 'hour' : 'minute', unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(region, unit).format(Math.max(1, Math.ceil(ms / (hours ? HOUR : MINUTE))));
}

/** When somebody is back, for him and, if the clock differs there, for the site. */
export function backIn(
  times: Times,
  region: string,
  hours: WorkingHours | undefined,
  now: number,
): { here: string; there: string | undefined } | undefined {
  const at = hours && backAt(hours, now);
  if (!hours || at === undefined) return undefined;
  const there = new Intl.DateTimeFormat(region, {
    timeZone: hours.timeZone,
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'shortGeneric',
  });
  const wall = (timeZone?: string) =>
    new Intl.DateTimeFormat('en', { dateStyle: 'short', timeStyle: 'short', ...(timeZone && { timeZone }) }).format(at);
  return {
    here: times.moment(at),
    there: wall() === wall(hours.timeZone) ? undefined : there.format(at),
  };
}

/** The next times at which a call may be asked for: whole hours inside the site's openings, or by day where it has set none. */
export function windowsFrom(hours: WorkingHours | undefined, now: number): Span[] {
  const soonest = Math.ceil((now + 30 * MINUTE) / HOUR) * HOUR;
  const windows: Span[] = [];
  for (const open of hours ? openingsFrom(hours, now, DAYS_AHEAD) : daysFrom(now))
    for (let from = Math.max(open.from, soonest); from < open.until; from += WINDOW) {
      const until = Math.min(from + WINDOW, open.until);
      if (until - from >= HOUR) windows.push({ from, until });
      if (windows.length === WINDOWS) return windows;
    }
  return windows;
}

function* daysFrom(now: number): Generator<Span> {
  for (let day = 0; day <= DAYS_AHEAD; day++) {
    const at = new Date(now);
    at.setDate(at.getDate() + day);
    yield { from: at.setHours(9, 0, 0, 0), until: at.setHours(18, 0, 0, 0) };
  }
}
