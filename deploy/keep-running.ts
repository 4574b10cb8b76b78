// Starts a process again when it ends by itself. The first time at once, then ever later; one that ends again and again within a short time would never stand,
// and is given up in words that say what to do.

export interface Kept {
  /** Resolves with the exit code or the signal. */
  exited: Promise<number | string>;
  stop(): Promise<void>;
}
export interface Keeping<Process extends Kept> {
  name: string;
  /** Where its last words are. */
  log: string;
  begin(): Promise<Process>;
  say(line: string): void;
  /** It is not started any more; in words for people. */
  givenUp(error: Error): void;
}

/** So many ends within so long are one too many. */
export const MOST_ENDS = 5;
export const WITHIN_MS = 60_000;
const FIRST_PAUSE_MS = 500;
/** Whoever stops waits no longer for one that is just being started again: it has done nothing yet, and is stopped whenever it stands. */
export const START_GRACE_MS = 3_000;

/** @param ends when it ended, the last one now. @returns how long to wait before it is started again; undefined: give up */
export function pauseAfter(ends: readonly number[]): number | undefined {
  const now = ends.at(-1) ?? 0;
  const lately = ends.filter((end) => end > now - WITHIN_MS).length;
  if (lately >= MOST_ENDS) return undefined;
  return lately < 2 ? 0 : FIRST_PAUSE_MS * 2 ** (lately - 2);
}

/** Begins it, and keeps it running until it is disposed of. @throws when it cannot be begun the first time */
export async function keepRunning<Process extends Kept>({
  name,
  log,
  begin,
  say,
  givenUp,
}: Keeping<Process>): Promise<AsyncDisposable & { first: Process }> {
  const first = await begin();
  const stopped = new AbortController();
  let current: Process = first;
  let starting: Promise<unknown> = Promise.resolve();
  const ends: number[] = [];
  let abandoned = false;

  async function watch(): Promise<void> {
    for (let how: string | number = await current.exited; !stopped.signal.aborted; ) {
      ends.push(Date.now());
      const pauseMs = pauseAfter(ends);
      if (pauseMs === undefined) {
        // Not waited for: it may well be that all is disposed of now, this one included.
        givenUp(
          new Error(
            `${name} ended by itself ${MOST_ENDS} times within a minute, at last with ${how}, and is not started again. Its log says why: ${log}. Mend that, then start anew.`,
          ),
        );
        return;
      }
      say(`${name} ended by itself (${how}) and is started again${pauseMs > 0 ? ` in ${pauseMs / 1000} s` : ''}.`);
      await pause(pauseMs, stopped.signal);
      if (stopped.signal.aborted) return;
      const begun = begin();
      starting = begun.catch(() => undefined);
      how = await begun.then(
        (process) => {
          current = process;
          if (abandoned) void process.stop();
          return process.exited;
        },
        ({ message }: Error) => message.split('\n', 1)[0]?.replace(/:$/, '') ?? '',
      );
    }
  }
  const watching = watch();

  return {
    first,
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      abandoned = await isLate(starting);
      if (abandoned) return;
      await current.stop();
      await watching;
    },
  };
}

async function isLate(starting: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const late = await Promise.race([
    starting.then(() => false),
    pause(START_GRACE_MS, over.signal).then(() => !over.signal.aborted),
  ]);
  over.abort();
  return late;
}

function pause(ms: number, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    end.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
