// Times and numbers as the language writes them, in the reader's own time zone. Pure but for that zone.
import type { Texts } from './en.ts';

export interface Format {
  number(value: number): string;
  /** "1.2 MB" */
  bytes(value: number): string;
  /** "€298.00"; a plain number where the currency is unknown */
  money(value: number, currency: string | undefined): string;
  /** 14:02 */
  time(at: number): string;
  timeWithSeconds(at: number): string;
  /** Tuesday, 17 November; the year only when it is another one. */
  day(at: number, now: number): string;
  /** "today, 14:02", "tomorrow, 09:00", "17 November, 17:52" */
  dayAndTime(at: number, now: number): string;
  /** "today, 16:00–18:00", "today, 23:00 – tomorrow, 01:00" */
  window(span: { from: number; until: number }, now: number): string;
  /** 12 s, 3 min, 2 h, 5 d */
  short(ms: number): string;
  /** As `short`, below ten seconds with a tenth: 0.8 s */
  brief(ms: number): string;
  /** "12 s ago"; "just now" below five seconds */
  ago(at: number, now: number): string;
  /** "a week ago": the largest unit that fits */
  longAgo(at: number, now: number): string;
  language(code: string): string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const;

const BYTES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** 3:18, and 1:02:05 above an hour. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export const sameDay = (one: number, other: number): boolean =>
  new Date(one).toDateString() === new Date(other).toDateString();

export function createFormat(language: 'en' | 'ru', texts: Texts): Format {
  // British English: the console shows 24 hours and the day before the month.
  const locale = language === 'en' ? 'en-GB' : 'ru-RU';
  const numbers = new Intl.NumberFormat(locale);
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const seconds = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
  const thisYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
  const anyYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
  const relative = new Intl.RelativeTimeFormat(locale);
  const languages = new Intl.DisplayNames(locale, { type: 'language' });

  const date = (at: number, now: number): string =>
    new Date(at).getFullYear() === new Date(now).getFullYear() ? thisYear.format(at) : anyYear.format(at);
  const short = (ms: number): string => {
    const { s, min, h, d } = texts.units;
    if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} ${s}`;
    if (ms < HOUR) return `${Math.floor(ms / MINUTE)} ${min}`;
    return ms < DAY ? `${Math.floor(ms / HOUR)} ${h}` : `${Math.floor(ms / DAY)} ${d}`;
  };
  /** The day by a word where there is one, else by `other`. */
  const near = (at: number, now: number, other: (at: number) => string): string => {
    if (sameDay(at, now)) return texts.today;
    if (sameDay(at, now - DAY)) return texts.yesterday;
    return sameDay(at, now + DAY) ? texts.tomorrow : other(at);
  };
  const dayAndTime = (at: number, now: number): string =>
    texts.at(
      near(at, now, () => date(at, now)),
      time.format(at),
    );
  const day = (at: number, now: number): string => {
    const name = weekday.format(at);
    return `${name[0]?.toLocaleUpperCase(locale)}${name.slice(1)}, ${date(at, now)}`;
  };
  return {
    number: (value) => numbers.format(value),
    bytes(value) {
      const power = Math.min(BYTES.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
      const size = { style: 'unit', unit: BYTES[power], maximumFractionDigits: power > 1 ? 1 : 0 } as const;
      return new Intl.NumberFormat(locale, size as Intl.NumberFormatOptions).format(value / 1000 ** power);
    },
    money: (value, currency) =>
      currency === undefined
        ? numbers.format(value)
        : new Intl.NumberFormat(locale, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' }).format(
            value,
          ),
    time: (at) => time.format(at),
    timeWithSeconds: (at) => seconds.format(at),
    day,
    dayAndTime,
    window: ({ from, until }, now) =>
      sameDay(from, until)
        ? texts.at(
            near(from, now, (at) => day(at, now)),
            `${time.format(from)}–${time.format(until)}`,
          )
        : `${dayAndTime(from, now)} – ${dayAndTime(until, now)}`,
    short,
    brief: (ms) => (ms < 10 * SECOND ? `${numbers.format(Math.round(ms / 100) / 10)} ${texts.units.s}` : short(ms)),
    ago: (at, now) => (now - at < 5 * SECOND ? texts.justNow : texts.ago(short(now - at))),
    longAgo(at, now) {
      // Six days and 23 hours are a week.
      const [unit, size] = UNITS.find(([, ms]) => now - at >= ms * 0.95) ?? UNITS[5];
      const text = relative.format(-Math.max(1, Math.round((now - at) / size)), unit);
      // "1 week ago" is "a week ago" in speech; Russian leaves the number out.
      return text.replace(/^1\s/, language === 'ru' ? '' : unit === 'hour' ? 'an ' : 'a ');
    },
    language: (code) => languages.of(code) ?? code,
  };
}
