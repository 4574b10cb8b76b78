// What is left of the attempts to log in: a bucket per key, refilled evenly, as in limits.ts, but one for all gateways, and it outlives their restarts. They lie in
// MongoDB beside the passwords that are guessed at: while it is away nobody can be let in, so nothing is ever tried uncounted. A full bucket is forgotten by itself.
import { createHmac } from 'node:crypto';
import { isDuplicateKey, type Store } from '@continuo/store';

export interface Allowance {
  /** Counts one. @returns 0 when allowed, else the milliseconds until the next one is. @throws when MongoDB is away */
  take(key: string): Promise<number>;
  /** Takes a count back: it should not have been one. */
  giveBack(key: string): Promise<void>;
}

interface Bucket {
  /** A keyed hash: whoever reads the collection learns no address and no e-mail. */
  _id: string;
  left: number;
  /** By MongoDB's clock, which all gateways share. */
  at: Date;
  allowed: boolean;
  fullAt: Date;
}

const TRIES = 5;

export type Allowances = Awaited<ReturnType<typeof openAllowances>>;

/** @param secret the same at every gateway */
export async function openAllowances({ connection }: Store, secret: string) {
  const buckets = connection.collection<Bucket>('allowances');
  await buckets.createIndex({ fullAt: 1 }, { expireAfterSeconds: 0 });

  /** At most `most` per `perMs` in the long run, and `most` at once after a pause. */
  return (name: string, most: number, perMs: number): Allowance => {
    const idOf = (key: string): string => createHmac('sha256', secret).update(`allowance:${name}:${key}`).digest('hex');
    const passed = { $max: [0, { $subtract: ['$$NOW', { $ifNull: ['$at', '$$NOW'] }] }] };
    const refilled = { $add: [{ $ifNull: ['$left', most] }, { $divide: [{ $multiply: [passed, most] }, perMs] }] };
    const untilFull = { $divide: [{ $multiply: [{ $subtract: [most, '$left'] }, perMs] }, most] };
    /** One update, so that no two gateways can count the same one. */
    const takeOne = [
      { $set: { left: { $min: [most, refilled] }, at: '$$NOW' } },
      { $set: { allowed: { $gte: ['$left', 1] } } },
      { $set: { left: { $cond: ['$allowed', { $subtract: ['$left', 1] }, '$left'] } } },
      { $set: { fullAt: { $add: ['$$NOW', untilFull] } } },
    ];
    const taken = async (_id: string): Promise<Bucket> => {
      for (let tries = 1; ; tries++)
        try {
          const options = { upsert: true, returnDocument: 'after' } as const;
          return (await buckets.findOneAndUpdate({ _id }, takeOne, options)) as Bucket;
        } catch (error) {
          // Somebody else has made it in the same moment.
          if (!isDuplicateKey(error) || tries === TRIES) throw error;
        }
    };
    return {
      async take(key) {
        const { allowed, left } = await taken(idOf(key));
        return allowed ? 0 : Math.ceil(((1 - left) * perMs) / most);
      },
      async giveBack(key) {
        await buckets.updateOne({ _id: idOf(key) }, [{ $set: { left: { $min: [most, { $add: ['$left', 1] }] } } }]);
      },
    };
  };
}

/** Takes one from each in turn; the first that is exhausted answers. */
export async function takeAllowed(...parts: readonly (readonly [Allowance, string])[]): Promise<number> {
  for (const [allowance, key] of parts) {
    const waitMs = await allowance.take(key);
    if (waitMs > 0) return waitMs;
  }
  return 0;
}
