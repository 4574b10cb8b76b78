// The parts of a load run, in their order. `--only` names one; what it is measured against in the same run is taken with it.

export const PARTS = {
  fresh: 'Q9: fresh services',
  rate: 'Q1a: durable messages as shipped',
  screen: 'Q2, Q3: time to the screen',
  sockets: 'Q4, Q5: sockets',
  overload: 'P4: twice the maximum',
  sync: 'Q1c: durable messages with the default sync',
  again: 'Q9: npm start for the second time',
  replicas: 'Q1b: durable messages with three NATS replicas',
};
export type Part = keyof typeof PARTS;

/** Those that belong to the maximum rate of the same run. */
const AFTER_RATE: readonly Part[] = ['screen', 'overload'];
const NAMES = Object.keys(PARTS) as Part[];

/** All in a line each. */
export const partsWords = (): string[] => NAMES.map((name) => `  ${name.padEnd(9)} ${PARTS[name]}`);

/** @throws with the list of all when there is none of that name */
export function partsOf(only: string | undefined): ReadonlySet<Part> {
  if (only === undefined) return new Set(NAMES);
  const part = NAMES.find((name) => name === only);
  if (!part) throw new Error([`--only ${only}: there is no such part. There are:`, ...partsWords()].join('\n'));
  return new Set(AFTER_RATE.includes(part) ? ['rate', part] : [part]);
}
