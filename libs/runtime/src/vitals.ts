// What keeps a process alive, told by itself: each loop says when it turned last and whether it lacks something. `/livez` and `/readyz` read it.
// A loop turns while a dependency is away, too – it waits in short steps – so only a loop that hangs makes the process count as dead.

export interface Vital extends Disposable {
  /** The loop has turned. */
  tick(): void;
  /** What the loop cannot work without and does not find, in words; undefined: nothing. */
  lacks(what: string | undefined): void;
}
interface Entry {
  name: string;
  withinMs: number;
  at: number;
  lack: string | undefined;
}

const entries = new Set<Entry>();
let drainingSince: number | undefined;
const draining = new AbortController();

/** @param withinMs a loop that has not turned for so long hangs */
export function vital(name: string, withinMs: number): Vital {
  const entry: Entry = { name, withinMs, at: performance.now(), lack: undefined };
  entries.add(entry);
  return {
    tick() {
      entry.at = performance.now();
    },
    lacks(what) {
      entry.lack = what;
    },
    [Symbol.dispose]: () => void entries.delete(entry),
  };
}

/** Loops that hang. @param now by `performance.now()` */
export const hanging = (now = performance.now()): string[] =>
  [...entries].filter(({ at, withinMs }) => now - at > withinMs).map(({ name }) => `${name} hangs`);

/** Why no new work should come here, as far as the process knows by itself. */
export const lacking = (): string[] => [
  ...(drainingSince === undefined ? [] : ['it is draining']),
  ...[...entries].flatMap(({ name, lack }) => (lack === undefined ? [] : [`${name}: ${lack}`])),
];

/** From now on the process is not ready, and loops take no new work. */
export const startDraining = (): void => {
  drainingSince ??= performance.now();
  draining.abort();
};
/** Aborted when the process begins to drain: all loops stop at once, though they are disposed of one after the other. */
export const drainSignal: AbortSignal = draining.signal;
export const drainSeconds = (): number =>
  drainingSince === undefined ? 0 : (performance.now() - drainingSince) / 1000;
