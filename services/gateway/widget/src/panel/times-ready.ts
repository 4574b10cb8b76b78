// Has what formatters of time read first (times.ts) read by a worker. Without one, for want of a network or where the browser starts none, the first formatter
// reads it: the times are the same.
import worker from './times-worker.ts?worker&url';

/** Who waits has a dialogue to see. */
const LONGEST_MS = 1_000;

export const timesReady = (): Promise<void> =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, LONGEST_MS);
    const reader = new Worker(worker);
    reader.onmessage = reader.onerror = () => resolve();
  }).catch(() => {});
