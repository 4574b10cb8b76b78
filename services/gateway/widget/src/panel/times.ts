// Times and days in the visitor's language and zone, by the product's clock.
import { breath } from '../breath.ts';

export interface Times {
  clock(at: number): string;
  /** "tomorrow, 09:00", later than that with weekday and date. */
  moment(at: number): string;
  /** "Today", "Yesterday", "Tuesday, 17 November". */
  day(at: number): string;
  /** "today", "7 days ago". */
  ago(at: number): string;
  /** "Fri 16:00 – 18:00" */
  window(span: { from: number; until: number }): string;
}

const DAY = 86_400_000;

/**
 * Each of these reads once, for the whole process, a part of what the browser knows of languages, which takes ten milliseconds, on a phone forty: the dearest thing
 * that a panel does, and half of it at once if formatters are made straight away. Done before by a worker (times-ready.ts), it holds nobody up.
 */
const DEAR = [Intl.Collator, Intl.Segmenter, Intl.DateTimeFormat, Intl.NumberFormat];

/** Each part in a task of its own. */
export async function prepareTimes(language: string): Promise<void> {
  for (const part of DEAR as { supportedLocalesOf(languages: string): unknown }[]) {
    await breath();
    part.supportedLocalesOf(language);
  }
}

export function timesIn(language: string, now: () => number): Times {
  const formatter = <T>(make: () => T) => {
    let made: T | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const dates = (options: Intl.DateTimeFormatOptions) => formatter(() => new Intl.DateTimeFormat(language, options));
  const clock = dates({ timeStyle: 'short' });
  const day = dates({ weekday: 'long', day: 'numeric', month: 'long' });
  const withYear = dates({ day: 'numeric', month: 'long', year: 'numeric' });
  const range = dates({ weekday: 'short', hour: 'numeric', minute: '2-digit' });
  const relative = formatter(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
  /** No formatter writes it between a relative day and a time. */
  const comma = { ar: '، ', zh: ' ' }[language.slice(0, 2)] ?? ', ';
  const daysSince = (at: number) => Math.round((midnight(now()) - midnight(at)) / DAY);
  const ago = (at: number) => relative().format(-daysSince(at), 'day');

  return {
    clock: (at) => clock().format(at),
    moment: (at) => [daysSince(at) < -1 ? day().format(at) : ago(at), clock().format(at)].join(comma),
    ago,
    window: ({ from, until }) => range().formatRange(from, until),
    day(at) {
      const days = daysSince(at);
      if (days === 0 || days === 1) return capital(ago(at), language);
      return capital((days < 300 ? day : withYear)().format(at), language);
    },
  };
}

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
const capital = (text: string, language: string): string => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
