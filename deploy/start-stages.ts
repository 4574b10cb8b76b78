// What `npm start` has started, in three stages. Whoever stands on another is stopped before it, and all of one stage at once: nobody waits for his equals.

/** In the order in which they stop: what people reach, what works for them, what that stands on. */
export const STAGES = ['doors', 'services', 'servers'] as const;
export type Stage = (typeof STAGES)[number];

export interface Stages {
  /** Stopped with its stage. @throws when that is over already; the latecomer is then stopped at once */
  use<One extends AsyncDisposable>(stage: Stage, one: One): One;
  /** Goes through all stages, whatever one of them has to say. @throws what could not be stopped, in one sentence each */
  stop(): Promise<void>;
}

export function stages(): Stages {
  const standing = new Map<Stage, AsyncDisposable[]>(STAGES.map((stage) => [stage, []]));
  return {
    use(stage, one) {
      const others = standing.get(stage);
      if (!others) {
        void one[Symbol.asyncDispose]();
        throw new Error('all is being stopped');
      }
      others.push(one);
      return one;
    },
    async stop() {
      const faults: string[] = [];
      for (const stage of STAGES) {
        const all = standing.get(stage) ?? [];
        standing.delete(stage);
        for (const ended of await Promise.allSettled(all.map(async (one) => one[Symbol.asyncDispose]())))
          if (ended.status === 'rejected') faults.push((ended.reason as Error).message);
      }
      if (faults.length > 0) throw new Error(faults.join('; '));
    },
  };
}
