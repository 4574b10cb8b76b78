// What a load run is asked for on the command line. All faults are told at once, each in a sentence, before anything starts.
import { type Part, partsOf, partsWords } from './parts.ts';

export interface Plan {
  runs: number;
  seconds: number;
  sockets: number;
}
export interface Asked {
  plan: Plan;
  /** File for the figures. */
  json: string | undefined;
  parts: ReadonlySet<Part>;
}

const NUMBERS: Plan = { runs: 3, seconds: 5, sockets: 10_000 };
const NAMES = [...Object.keys(NUMBERS), 'json', 'only'];
/** Of one to six digits. */
const WHOLE = /^[1-9]\d{0,5}$/;

/** For who asks `--help`. */
export const HELP = [
  `Options, with what is usual: ${Object.entries(NUMBERS)
    .map(([name, usual]) => `--${name} ${usual}`)
    .join(', ')}, --json …, --only ….`,
  ...partsWords(),
].join('\n');

/** @throws with a line for each fault; node:util's `parseArgs` stops at the first one, and takes the next option for a missing value */
export function askedFor(args: readonly string[]): Asked {
  const faults: string[] = [];
  const plan = { ...NUMBERS };
  let json: string | undefined;
  let only: string | undefined;
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [option = '', inline] = word.split(/=(.*)/s, 2);
    if (!word.startsWith('-')) {
      faults.push(`${word}: this word belongs to no option.`);
      continue;
    }
    const value = inline ?? (left[0]?.startsWith('--') ? undefined : left.shift());
    const name = option.slice(2);
    if (!option.startsWith('--') || !NAMES.includes(name)) faults.push(`${option}: there is no such option.`);
    else if (value === undefined || (name === 'json' && value === '')) faults.push(`${option}: the value is missing.`);
    else if (name === 'json') json = value;
    else if (name === 'only') only = value;
    else if (WHOLE.test(value)) plan[name as keyof Plan] = Number(value);
    else faults.push(`${option} ${value}: this must be a whole number from 1 to 999999.`);
  }
  let parts: ReadonlySet<Part> = new Set();
  try {
    parts = partsOf(only);
  } catch (error) {
    faults.push((error as Error).message);
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { plan, json, parts };
}
