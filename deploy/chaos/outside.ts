// A server that somebody else ends makes the rest of a run meaningless: it breaks off and says so in a sentence.
import type { Restartable } from '@continuo/servers';
import type { Server } from './schedule.ts';

export class BrokenOffError extends Error {
  override name = 'BrokenOffError';
}

export interface Outside extends Disposable {
  /** Rejects as soon as a server ends that this run has not ended. @throws {BrokenOffError} */
  readonly ended: Promise<never>;
  /** From now on the end of this process is the run's own doing. */
  ends(pid: number): void;
}

const LOOK_EVERY_MS = 100;

/** @param members every server of a kind, under whatever process each runs now */
export function watchOutside(members: readonly (readonly [Server, Restartable])[]): Outside {
  const own = new Set<number>();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  // Whoever waits for it hears of it.
  ended.catch(() => {});
  let over = false;
  const known = new Set<number>();
  const look = (): void => {
    for (const [name, { current }] of members) {
      const { pid, exited } = current;
      if (known.has(pid)) continue;
      known.add(pid);
      void exited.then((how) => {
        if (!over && !own.has(pid))
          reject(new BrokenOffError(`${name} (process ${pid}) ended with ${how}, and this run did not do it`));
      });
    }
  };
  look();
  const looking = setInterval(look, LOOK_EVERY_MS);
  return {
    ended,
    ends: (pid) => void own.add(pid),
    [Symbol.dispose]: () => {
      over = true;
      clearInterval(looking);
    },
  };
}
