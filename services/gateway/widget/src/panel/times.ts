// Times and days in the visitor's language and zone, by the product's clock.
export interface Times {
  clock(at: number): string;
  /** "Today", "Yesterday", "Tuesday, 17 November". */
  day(at: number): string;
  /** "today", "7 days ago". */
  ago(at: number): string;
  /** "Fri 16:00 – 18:00" */
  window(span: { from: number; until: number }): string;
}

const DAY = 86_400_000;

export function timesIn(language: string, now: () => number): Times {
  const clock = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });
  const withYear = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' });
  const range = new Intl.DateTimeFormat(language, { weekday: 'short', hour: 'numeric', minute: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const daysSince = (at: number) => Math.round((midnight(now()) - midnight(at)) / DAY);
  const ago = (at: number) => relative.format(-daysSince(at), 'day');

  return {
    clock: (at) => clock.format(at),
    ago,
    window: ({ from, until }) => range.formatRange(from, until),
    day(at) {
      const days = daysSince(at);
      if (days === 0 || days === 1) return capital(ago(at), language);
      return capital((days < 300 ? day : withYear).format(at), language);
    },
  };
}

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
const capital = (text: string, language: string): string => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
