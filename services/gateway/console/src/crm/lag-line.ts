// The line of the last 24 hours: how long writes took, quarter by quarter. Pure: figures in, places on a sheet out.
export interface Lag {
  at: number;
  ms: number;
}
export interface LagLine {
  /** As the `d` of a path. */
  path: string;
  /** The longest, and where it stands. */
  peak: { x: number; y: number; at: number; ms: number };
}

const QUARTER_MS = 900_000;
const QUARTERS = 96;
/** What is faster than this is flat: nobody need look at it. */
const CALM_MS = 20_000;

/** @returns undefined when nothing was written */
export function lagLine(
  lags: readonly Lag[],
  now: number,
  { width, height }: { width: number; height: number },
): LagLine | undefined {
  const last = Math.floor(now / QUARTER_MS);
  const shown = lags.filter(({ at }) => last - Math.floor(at / QUARTER_MS) < QUARTERS);
  const longest = shown.reduce<Lag | undefined>((most, lag) => (most && most.ms >= lag.ms ? most : lag), undefined);
  if (!longest) return undefined;
  const top = Math.max(longest.ms, CALM_MS);
  const byQuarter = new Map(shown.map(({ at, ms }) => [Math.floor(at / QUARTER_MS), ms]));
  const place = (quarter: number) => ({
    x: round(((quarter - (last - QUARTERS + 1)) / (QUARTERS - 1)) * width),
    y: round(height - ((byQuarter.get(quarter) ?? 0) / top) * height),
  });
  const places = Array.from({ length: QUARTERS }, (_, index) => place(last - QUARTERS + 1 + index));
  return {
    path: `M${places.map(({ x, y }) => `${x} ${y}`).join('L')}`,
    peak: { ...place(Math.floor(longest.at / QUARTER_MS)), at: longest.at, ms: longest.ms },
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
