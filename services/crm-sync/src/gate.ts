// Stands before the calls of one connection, the same for all replicas: a document per connection with the circuit breaker, written by compare-and-set, and the
// token bucket of its requests. So a dead CRM costs its own connection some waiting and every other one, of the same site too, nothing. Times are the database's own.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@continuo/store';
import type { mongo } from 'mongoose';
import type { Rate } from './connectors/connector.ts';
import { CrmError } from './connectors/crm-error.ts';
import {
  type Admission,
  admit,
  afterLife,
  afterNothing,
  afterReport,
  type Breaker,
  CLOSED,
  type GateReport,
  holdsBack,
} from './domain/breaker.ts';

/** Dialogues of one connection that one process works on together: few, so that a CRM that hangs does not take all hands. */
export const AT_ONCE = 4;
/** For a connector that names none: less than the least that a vendor is known to allow in a second. */
export const DEFAULT_RATE: Rate = { perSecond: 10, burst: 20 };
const FULL_MS = 2_000;

export interface Left {
  /** Dialogues were held back from the CRM, and it works again: whatever waits for it may go. */
  recovered: boolean;
}
/** One run of a dialogue. */
export interface Entered {
  open: true;
  /** As `Gates.pace`. */
  pace(rate?: Rate, signal?: AbortSignal): Promise<void>;
  /** A call succeeded, whatever comes of the dialogue it was made for. */
  worked(wrote: boolean): Promise<Left>;
  leave(report: GateReport | 'success' | 'neither'): Promise<Left>;
}
export type Entry =
  | Entered
  /** Without a time: nothing but a person brings it on. */
  | { open: false; waitMs: number | undefined; because?: GateReport };
/** A person wants the CRM left alone. Stays through new settings, tries and restarts. */
export interface Pause {
  /** Product's time. */
  at: number;
  by: string;
}
export interface Standing {
  breaker: Breaker;
  paused?: Pause;
  /** By the clock that the breaker's times are of. */
  now: number;
}
export interface Gates {
  enter(key: string, revision: number): Promise<Entry>;
  /** Resolves when one more request may be sent. @throws {CrmError} when the connection has been stopped meanwhile */
  pace(key: string, revision: number, rate?: Rate, signal?: AbortSignal): Promise<void>;
  /** What came of a call that did not ask to enter: a test that a person wanted. */
  tell(key: string, revision: number, report: GateReport | 'success'): Promise<Left>;
  /** A person wants it tried now: no pause is waited for. A key that was refused has no more tries than before. */
  hurry(key: string, revision: number): Promise<void>;
  pause(key: string, pause: Pause): Promise<void>;
  resume(key: string): Promise<void>;
  /** The connection is removed: made again, it is not paused. */
  forget(key: string): Promise<void>;
  standing(key: string, revision: number): Promise<Standing>;
  /** Of many, in their order. */
  standings(of: readonly { key: string; revision: number }[]): Promise<Omit<Standing, 'now'>[]>;
}

interface Stored {
  _id: string;
  version: number;
  /** Of the connection that it stands before: saved or retried by hand, it begins anew. */
  revision: number;
  breaker: Breaker;
  paused?: Pause;
  /** When the bucket is full again, and what the database's clock showed at the last look. */
  fullAt?: Date;
  now: Date;
}

/** @param changed is told whenever a person would see that a connection stands otherwise than before */
export function openGates(
  store: Store,
  random: () => number = Math.random,
  changed: (key: string) => Promise<void> = async () => {},
): Gates {
  const collection = store.connection.collection('crm_gates') as unknown as mongo.Collection<Stored>;
  const inside = new Map<string, number>();

  async function look(key: string, more: mongo.Document = {}): Promise<Stored> {
    const fresh = { version: { $ifNull: ['$version', 0] }, revision: { $ifNull: ['$revision', 0] } };
    const stages = [
      { $set: { now: '$$NOW', ...fresh, breaker: { $ifNull: ['$breaker', CLOSED] } } },
      ...(Object.keys(more).length > 0 ? [{ $set: more }] : []),
    ];
    // When another replica makes it at the same moment MongoDB itself looks again, since nothing but the key is asked for.
    const found = await collection.findOneAndUpdate({ _id: key }, stages, { upsert: true, returnDocument: 'after' });
    return found as Stored;
  }

  /** Compare-and-set: decided again until nobody came between. */
  async function change<T>(
    key: string,
    revision: number,
    decide: (breaker: Breaker, now: number, stored: Stored) => { breaker: Breaker; result: T },
  ): Promise<T> {
    for (;;) {
      const stored = await look(key);
      const known = breakerOf(stored, revision);
      const { breaker, result } = decide(known, stored.now.getTime(), stored);
      // An older revision is over: its news are nobody's.
      if (breaker === known || stored.revision > revision) return result;
      const { matchedCount } = await collection.updateOne(
        { _id: key, version: stored.version },
        { $set: { breaker, revision }, $inc: { version: 1 } },
      );
      if (matchedCount === 0) continue;
      if (differs(known, breaker)) await changed(key);
      return result;
    }
  }

  const told = (key: string, revision: number, report: GateReport | 'success', lived: boolean): Promise<Left> =>
    change(key, revision, (breaker, now, stored) => {
      if (report !== 'success')
        return { breaker: afterReport(breaker, report, now, random(), lived), result: { recovered: false } };
      const { failures, refusals } = stored.breaker;
      const news = failures > 0 || refusals > 0;
      // What failed may have been an earlier revision: whoever waits since then is waked as well.
      return { breaker: news ? { ...CLOSED } : breaker, result: { recovered: holdsBack(stored.breaker) } };
    });

  /** @returns whether calls failed before this one: if it succeeds, that is news */
  async function pace(key: string, revision: number, rate = DEFAULT_RATE, signal?: AbortSignal): Promise<boolean> {
    const interval = 1_000 / rate.perSecond;
    // The bucket as one time: each request moves it on by its share, and whoever finds it further ahead than a full bucket waits.
    const fullAt = { $add: [{ $max: [{ $ifNull: ['$fullAt', '$$NOW'] }, '$$NOW'] }, interval] };
    const stored = await look(key, { fullAt });
    const { stopped, because, failures, refusals } = breakerOf(stored, revision);
    if (stopped && because) throw new CrmError(because.failure, because.words);
    const waitMs = (stored.fullAt as Date).getTime() - stored.now.getTime() - rate.burst * interval;
    if (waitMs > 0) await sleep(waitMs, undefined, signal && { signal }).catch(() => {});
    return failures > 0 || refusals > 0;
  }

  const alive = (key: string, revision: number, wrote: boolean): Promise<Left> =>
    change(key, revision, (breaker) => {
      const next = afterLife(breaker, wrote);
      return { breaker: next, result: { recovered: holdsBack(breaker) && !holdsBack(next) } };
    });

  return {
    tell: (key, revision, report) => told(key, revision, report, false),
    pace: async (key, revision, rate, signal) => void (await pace(key, revision, rate, signal)),
    async enter(key, revision) {
      const here = inside.get(key) ?? 0;
      if (here >= AT_ONCE) return { open: false, waitMs: FULL_MS };
      inside.set(key, here + 1);
      const leaveRoom = once(() => {
        const left = (inside.get(key) ?? 1) - 1;
        if (left > 0) inside.set(key, left);
        else inside.delete(key);
      });
      try {
        const entry = await change<{ admission: Admission; because?: GateReport | undefined }>(
          key,
          revision,
          (breaker, now, { paused }) => {
            if (paused) return { breaker, result: { admission: { open: false, waitMs: undefined } } };
            const { breaker: next, admission } = admit(breaker, now);
            return { breaker: next, result: { admission, because: breaker.because } };
          },
        );
        if (!entry.admission.open) {
          leaveRoom();
          const { waitMs } = entry.admission;
          return { open: false, waitMs, ...(entry.because && { because: entry.because }) };
        }
        const { probe } = entry.admission;
        let gone = false;
        let failing = false;
        let lived = false;
        return {
          open: true,
          async pace(rate, signal) {
            failing = await pace(key, revision, rate, signal);
          },
          async worked(wrote) {
            lived = true;
            return failing ? alive(key, revision, wrote) : { recovered: false };
          },
          async leave(report) {
            if (gone) return { recovered: false };
            gone = true;
            leaveRoom();
            if (report !== 'neither') return told(key, revision, report, lived);
            if (probe)
              await change(key, revision, (breaker) => ({ breaker: afterNothing(breaker), result: undefined }));
            return { recovered: false };
          },
        };
      } catch (error) {
        leaveRoom();
        throw error;
      }
    },
    hurry: (key, revision) =>
      change(key, revision, (breaker) => ({
        breaker: breaker.pausedUntil > 0 ? { ...breaker, pausedUntil: 0, probeUntil: 0 } : breaker,
        result: undefined,
      })),
    async pause(key, paused) {
      await look(key);
      await collection.updateOne({ _id: key, paused: { $exists: false } }, { $set: { paused } });
      await changed(key);
    },
    async resume(key) {
      await collection.updateOne({ _id: key }, { $unset: { paused: true } });
      await changed(key);
    },
    async forget(key) {
      await collection.updateOne({ _id: key }, { $unset: { paused: true } });
    },
    async standing(key, revision) {
      const stored = await look(key);
      const { now, paused } = stored;
      return { breaker: breakerOf(stored, revision), now: now.getTime(), ...(paused && { paused }) };
    },
    async standings(of) {
      const found = await collection.find({ _id: { $in: of.map(({ key }) => key) } }).toArray();
      const byKey = new Map(found.map((stored) => [stored._id, stored]));
      return of.map(({ key, revision }) => {
        const stored = byKey.get(key);
        return {
          breaker: stored ? breakerOf(stored, revision) : CLOSED,
          ...(stored?.paused && { paused: stored.paused }),
        };
      });
    },
  };
}

const breakerOf = ({ revision: known, breaker = CLOSED }: Stored, revision: number): Breaker =>
  known >= revision ? breaker : CLOSED;

/** What the next one may do is nobody's news. */
const differs = (a: Breaker, b: Breaker): boolean =>
  a.stopped !== b.stopped ||
  a.pausedUntil !== b.pausedUntil ||
  a.failures > 0 !== b.failures > 0 ||
  a.because?.failure !== b.because?.failure;

function once(run: () => void): () => void {
  let ran = false;
  return () => {
    if (!ran) run();
    ran = true;
  };
}
