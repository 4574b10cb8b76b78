// When a site's people are usually there, in the site's own time zone. It words what is promised ("back tomorrow at 9") and bounds when somebody may be
// asked to call; who is there now is never decided by it. Pure, with Intl alone: browsers use it, too.

const MINUTE = 60_000;
/** Beyond this nothing is promised: a site that is closed for so long says more than a date. */
const LOOK_AHEAD_DAYS = 60;

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `HH:MM` by the clock on the site's wall; `24:00` is the end of the day. */
export interface Opening {
  from: string;
  until: string;
}
export interface WorkingHours {
  /** IANA name. */
  timeZone: string;
  /** Of a day that is not there nobody works. */
  week: Partial<Record<Weekday, Opening[] | undefined>>;
  /** Holidays (no openings) and days with other hours, by date. */
  exceptions?: { date: string; open: Opening[] }[] | undefined;
}
/** In milliseconds since 1970. */
export interface Span {
  from: number;
  until: number;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Every opening that has not ended at `at`, soonest first, up to so many days ahead. */
export function* openingsFrom(hours: WorkingHours, at: number, days = LOOK_AHEAD_DAYS): Generator<Span> {
  const today = dateOf(hours.timeZone, at);
  for (let ahead = 0; ahead <= days; ahead++)
    for (const span of openingsOn(hours, { ...today, day: today.day + ahead })) if (span.until > at) yield span;
}

const nextOf = (hours: WorkingHours, at: number): Span | undefined => openingsFrom(hours, at).next().value ?? undefined;

export const isOpenAt = (hours: WorkingHours, at: number): boolean => (nextOf(hours, at)?.from ?? Infinity) <= at;

/** When somebody will be back. Nothing is said inside working hours: then somebody should be there, and nobody knows when he will. */
export function backAt(hours: WorkingHours, at: number): number | undefined {
  const next = nextOf(hours, at);
  return next && next.from > at ? next.from : undefined;
}

/** Does all of it lie within one opening? */
export function isWithin(hours: WorkingHours, { from, until }: Span): boolean {
  const open = nextOf(hours, from);
  return open !== undefined && open.from <= from && until <= open.until;
}

/** `day` may lie beyond the month’s end. */
interface Day {
  year: number;
  month: number;
  day: number;
}

function openingsOn({ timeZone, week, exceptions = [] }: WorkingHours, date: Day): Span[] {
  const { year, month, day } = date;
  const name = new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
  const weekday = WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] as Weekday;
  const open = exceptions.find((one) => one.date === name)?.open ?? week[weekday] ?? [];
  return open.map(({ from, until }) => ({
    from: momentOf(timeZone, date, minutesOf(from)),
    until: momentOf(timeZone, date, minutesOf(until)),
  }));
}

function momentOf(timeZone: string, { year, month, day }: Day, minutes: number): number {
  const wall = Date.UTC(year, month - 1, day) + minutes * MINUTE;
  const guess = wall - offsetAt(timeZone, wall);
  // The clock may have been changed between the two.
  return wall - offsetAt(timeZone, guess);
}

/** In which time is written for people of a site: by the clock on its wall, if its hours say where that hangs. */
export const timeZoneOf = (
  { hours }: { hours?: Pick<WorkingHours, 'timeZone'> | undefined },
  otherwise = 'UTC',
): string => hours?.timeZone ?? otherwise;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall shows there, as if it were UTC. */
export function wallAt(timeZone: string, at: number): number {
  let format = formats.get(timeZone);
  if (!format) {
    const numeric = 'numeric' as const;
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    formats.set(timeZone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const offsetAt = (timeZone: string, at: number): number => wallAt(timeZone, at) - Math.floor(at / 1000) * 1000;

function dateOf(timeZone: string, at: number): Day {
  const wall = new Date(wallAt(timeZone, at));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
}
