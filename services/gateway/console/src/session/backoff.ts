// How long to wait before the next try: doubling, never longer than 15 s, spread so that a thousand clients do not come back at once.
const FIRST_MS = 400;
const LONGEST_MS = 15_000;

/** @param random between 0 and 1; half of the wait is certain, half is luck */
export function delayBefore(attempt: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  return Math.round(whole / 2 + (whole / 2) * random);
}
