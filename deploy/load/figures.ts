// The arithmetic of the load run: quantiles, medians, and the verdict on a figure. Pure.

export interface Target {
  must: number;
  aim: number;
  /** Which way is better. */
  better: 'more' | 'less';
  /** What was measured is easier than what this goal is for: it is never said to be reached, nor is one beyond it. */
  easier?: 'must' | 'aim';
}
export interface Figure {
  id: string;
  what: string;
  value: number;
  unit: string;
  /** What the figure was made of, in words. */
  detail: string;
  target: Target;
  /** What was looked at: with none of it nothing was measured. */
  samples: { count: number; of: string };
  /** Of a ratio. */
  sides?: { measured: number; limit: number; unit: string };
  /** Something was lost meanwhile: no goal is reached, whatever the value. */
  broken?: boolean;
}
export type Verdict = 'aim' | 'must' | 'missed' | 'easier' | 'not measured';

/** Of what is sorted already. NaN when there is nothing. */
export const quantile = (sorted: ArrayLike<number>, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export const quotient = (
  measured: number,
  limit: number,
  unit: string,
): Pick<Figure, 'value' | 'unit' | 'detail'> & Required<Pick<Figure, 'sides'>> => ({
  value: measured / limit,
  unit: '',
  detail: `${shown(measured)} ÷ ${shown(limit)} ${unit}`,
  sides: { measured, limit, unit },
});

/** Why there is nothing to judge. */
function notMeasured({ value, samples }: Figure): string | undefined {
  if (!(samples.count > 0)) return `${samples.count} ${samples.of} were looked at`;
  return Number.isFinite(value) ? undefined : `it comes to ${value}`;
}

/** `easier`: neither goal can be claimed, because what was asked for was less than what they are for. */
export function verdictOn(figure: Figure): Verdict {
  const { value, target, broken = false } = figure;
  const { must, aim, better, easier } = target;
  const reaches = (goal: number): boolean => (better === 'more' ? value >= goal : value <= goal);
  if (notMeasured(figure) !== undefined) return 'not measured';
  if (broken || !reaches(must)) return 'missed';
  if (easier === 'must') return 'easier';
  return reaches(aim) && easier === undefined ? 'aim' : 'must';
}

/** A figure as data. */
export function judged(figure: Figure): Omit<Figure, 'value'> & {
  value: number | null;
  reached: Verdict;
  reason?: string;
} {
  const reason = notMeasured(figure);
  const reached = verdictOn(figure);
  return reason === undefined ? { ...figure, reached } : { ...figure, value: null, reached, reason };
}

export const shown = (value: number): string =>
  value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));

/** As a table of Markdown, so that it can be pasted where people read it. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { id, what, unit, detail, target } = figure;
    const { value, reached, reason } = judged(figure);
    const sign = target.better === 'more' ? '≥' : '≤';
    const goals = `${sign} ${shown(target.must)} | ${sign} ${shown(target.aim)}`;
    const measured = value === null ? '–' : `${shown(value)}${unit && ` ${unit}`}`;
    return `| ${id} | ${what} | ${measured} | ${goals} | ${reached} | ${reason ? `${reason}; ` : ''}${detail} |`;
  });
  return [
    '| | figure | measured | must | aim | reached | from |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
