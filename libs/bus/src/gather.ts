export interface Gathered<T> {
  push(one: T): void;
  /** Does at once what is still to be done. */
  flush(): void;
}

/** Does for all together what came in one turn of the event loop, e.g. so that what is said to a server goes out in one write. */
export function gather<T>(work: (one: T) => void): Gathered<T> {
  let all: T[] = [];
  const flush = (): void => {
    const these = all;
    all = [];
    for (const one of these) work(one);
  };
  return {
    push(one) {
      if (all.push(one) === 1) setImmediate(flush);
    },
    flush,
  };
}
