// A stretch of time that a person chooses, in his own days. Pure but for his time zone.
export const CHOICES = ['day', 'week', 'month', 'days'] as const;
export type Choice = (typeof CHOICES)[number];

const DAY_MS = 86_400_000;
const BACK: Record<Exclude<Choice, 'days'>, number> = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };

/** @returns undefined when the days make no period: the last one is before the first, or one is missing */
export function periodOf(
  choice: Choice,
  { from, to }: { from: string; to: string },
  now: number,
): { from: number; to: number } | undefined {
  if (choice !== 'days') return { from: now - BACK[choice], to: now };
  const [begin, end] = [startOf(from), startOf(to)];
  if (begin === undefined || end === undefined || end < begin) return undefined;
  // The last day counts whole, however long it is.
  const next = new Date(end);
  next.setDate(next.getDate() + 1);
  return { from: begin, to: next.getTime() };
}

/** 2026-11-27, as a date field wants it. */
export function dayOf(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function startOf(day: string): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (!year || !month || !date) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(date)).getTime();
}
