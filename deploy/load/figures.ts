// The arithmetic of the load run: quantiles, medians, and the verdict on a figure. Pure; the only part of it that tests look at.

export interface Target {
  must: number;
  aim: number;
  /** Which way is better. */
  better: 'more' | 'less';
  /** What was measured is easier than what the aim is for: it is never said to be reached. */
  easier?: boolean;
}
export interface Figure {
  id: string;
  what: string;
  value: number;
  unit: string;
  /** What the figure was made of, e.g. both sides of a ratio. */
  detail: string;
  target: Target;
}
export type Verdict = 'aim' | 'must' | 'missed';

/** Of what is sorted already. NaN when there is nothing. */
export const quantile = (sorted: ArrayLike<number>, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** A figure that could not be taken (NaN) is missed. */
export function verdictOn(value: number, { must, aim, better, easier = false }: Target): Verdict {
  const reaches = (goal: number): boolean => (better === 'more' ? value >= goal : value <= goal);
  return reaches(aim) && !easier ? 'aim' : reaches(must) ? 'must' : 'missed';
}

export const shown = (value: number): string =>
  value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));

/** As a table of Markdown, so that it can be pasted where people read it. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ id, what, value, unit, detail, target }) => {
    const sign = target.better === 'more' ? '≥' : '≤';
    const goals = `${sign} ${shown(target.must)} | ${sign} ${shown(target.aim)}`;
    return `| ${id} | ${what} | ${shown(value)}${unit && ` ${unit}`} | ${goals} | ${verdictOn(value, target)} | ${detail} |`;
  });
  return [
    '| | figure | measured | must | aim | reached | from |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
