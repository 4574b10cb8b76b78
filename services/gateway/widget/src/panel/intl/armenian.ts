// Armenian for a browser that has no data of it, as Chromium has none and would write English. Fetched by such a browser alone (mount.tsx). What the panel
// asks of `Intl` is answered here as Unicode's data has it, for Armenian, in the frame's own document; everything else goes to the browser.
const MONTHS =
  'հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի'.split(
    ' ',
  );
const WEEKDAYS = 'կիրակի երկուշաբթի երեքշաբթի չորեքշաբթի հինգշաբթի ուրբաթ շաբաթ'.split(' ');
const SHORT_WEEKDAYS = 'կիր երկ երք չրք հնգ ուր շբթ'.split(' ');
/** As the browser names them in English. */
const KNOWN_WEEKDAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
/** By the names of the places where most who speak it live; any other by its distance from Greenwich. */
const ZONES: Record<string, string> = { 'Asia/Yerevan': 'Հայաստան', 'Europe/Moscow': 'Մոսկվա' };
const DAYS: Record<number, string> = {
  [-2]: 'նախանցյալ օրը',
  [-1]: 'երեկ',
  0: 'այսօր',
  1: 'վաղը',
  2: 'վաղը չէ մյուս օրը',
};
const UNITS: Record<string, string> = {
  minute: 'րոպե',
  hour: 'ժամ',
  byte: 'բայթ',
  kilobyte: 'կԲ',
  megabyte: 'ՄԲ',
  gigabyte: 'ԳԲ',
};
const { DateTimeFormat, NumberFormat } = Intl;

function dates({ timeZone, weekday, month, year, timeZoneName }: Intl.DateTimeFormatOptions = {}) {
  const known = new DateTimeFormat('en-GB', {
    ...(timeZone && { timeZone }),
    weekday: 'short',
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'shortOffset',
  });
  const partsOf = (at: number) =>
    Object.fromEntries(known.formatToParts(at).map(({ type, value }) => [type, value])) as Record<string, string>;
  const format = (at: number): string => {
    const part = partsOf(at);
    const monthName = MONTHS[Number(part['month']) - 1];
    const day = Number(part['day']);
    const weekdayAt = KNOWN_WEEKDAYS.indexOf(part['weekday'] ?? '');
    if (year) return `${day} ${monthName}, ${part['year']} թ.`;
    if (month) return `${monthName} ${day}, ${WEEKDAYS[weekdayAt]}`;
    const clock = `${part['hour']}:${part['minute']}`;
    if (timeZoneName) return `${clock} ${ZONES[timeZone ?? ''] ?? part['timeZoneName']}`;
    return weekday ? `${SHORT_WEEKDAYS[weekdayAt]}, ${clock}` : clock;
  };
  return {
    format,
    formatRange(from: number, until: number): string {
      const [first, last] = [format(from), format(until)];
      const [day, clock] = last.split(', ');
      return day && first.startsWith(day) ? `${first}–${clock}` : `${first} – ${last}`;
    },
  };
}

function numbers({ unit, maximumFractionDigits }: Intl.NumberFormatOptions = {}) {
  // The same comma and gaps.
  const known = new NumberFormat('ru', {
    useGrouping: 'min2',
    ...(maximumFractionDigits !== undefined && { maximumFractionDigits }),
  });
  return { format: (value: number) => known.format(value) + (unit ? ` ${UNITS[unit]}` : '') };
}

const relative = () => ({
  format: (days: number) => DAYS[days] ?? `${Math.abs(days)} օր${days < 0 ? ' առաջ' : 'ից'}`,
});

/** Also of `Intl.DisplayNames`, for countries (armenian-countries.ts). */
export function answer(
  name: 'DateTimeFormat' | 'NumberFormat' | 'RelativeTimeFormat' | 'DisplayNames',
  make: (options: never) => object,
): void {
  const construct = (known: typeof Intl.DateTimeFormat, [language, options]: [string, never]): object =>
    /^hy\b/.test(language) ? make(options) : new known(language, options);
  Object.assign(Intl, { [name]: new Proxy(Intl[name], { construct } as ProxyHandler<object>) });
}
answer('DateTimeFormat', dates);
answer('NumberFormat', numbers);
answer('RelativeTimeFormat', relative);
