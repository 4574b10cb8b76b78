// How often somebody may do something: a bucket per key, refilled evenly. Full buckets are forgotten, so memory follows who is active now.

export interface Limit {
  /** Counts one. @returns 0 when allowed, else the milliseconds until the next one is */
  take(key: string): number;
  /** Takes a count back: it should not have been one. */
  giveBack(key: string): void;
  /** Forgets whoever is back at the full allowance. */
  sweep(): void;
  readonly size: number;
}

/** What is left of one allowance, as of a moment. */
export interface Bucket {
  left: number;
  at: number;
}

/** Counts one against a bucket that its owner keeps. @returns 0 when allowed, else the milliseconds until the next one is */
export function takeOne(bucket: Bucket, most: number, perMs: number, at: number): number {
  refill(bucket, most, perMs, at);
  if (bucket.left < 1) return Math.ceil(((1 - bucket.left) * perMs) / most);
  bucket.left -= 1;
  return 0;
}

function refill(bucket: Bucket, most: number, perMs: number, at: number): void {
  bucket.left = Math.min(most, bucket.left + (Math.max(0, at - bucket.at) * most) / perMs);
  bucket.at = at;
}

/** At most `most` per `perMs` in the long run, and `most` at once after a pause. */
export function limitOf(most: number, perMs: number, now: () => number): Limit {
  const buckets = new Map<string, Bucket>();
  return {
    take(key) {
      let bucket = buckets.get(key);
      if (!bucket) {
        bucket = { left: most, at: now() };
        buckets.set(key, bucket);
      }
      return takeOne(bucket, most, perMs, now());
    },
    giveBack(key) {
      const bucket = buckets.get(key);
      if (bucket) bucket.left = Math.min(most, bucket.left + 1);
    },
    sweep() {
      for (const [key, bucket] of buckets) {
        refill(bucket, most, perMs, now());
        if (bucket.left >= most) buckets.delete(key);
      }
    },
    get size() {
      return buckets.size;
    },
  };
}

/** Takes one from each limit in turn; the first that is exhausted answers. */
export function takeAll(...parts: readonly (readonly [Limit, string])[]): number {
  for (const [limit, key] of parts) {
    const waitMs = limit.take(key);
    if (waitMs > 0) return waitMs;
  }
  return 0;
}

/** The same, but nothing is taken from any when one is exhausted. */
export function takeAllOrNone(...parts: readonly (readonly [Limit, string])[]): number {
  for (const [index, [limit, key]] of parts.entries()) {
    const waitMs = limit.take(key);
    if (waitMs === 0) continue;
    for (const [taken, from] of parts.slice(0, index)) taken.giveBack(from);
    return waitMs;
  }
  return 0;
}
