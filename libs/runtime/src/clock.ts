// The product's clock. With CONTINUO_TEST_CLOCK=1 it runs ahead by the milliseconds in CONTINUO_TEST_CLOCK_FILE, a file the test owns and
// moves, so that "a week later" is real for every process. Leases and network time-outs stay on real time and do not use this.
import { readFileSync } from 'node:fs';

const file = process.env['CONTINUO_TEST_CLOCK'] === '1' ? process.env['CONTINUO_TEST_CLOCK_FILE'] : undefined;

/** Milliseconds by which the product's time is ahead of the machine's: 0 but in tests. */
function offset(): number {
  if (file === undefined) return 0;
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

export const clock = {
  /** Milliseconds since 1970, UTC. */
  now: (): number => Date.now() + offset(),
  /** The machine's moment at which the product's clock will show `time`. */
  toMachineTime: (time: number): number => time - offset(),
} as const;
