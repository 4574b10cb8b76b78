// How long what is said takes into the CRM: remembered for a day for whoever looks at the journal, and measured.
import { clock } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import { measure } from '@continuo/telemetry';
import type { mongo } from 'mongoose';

const DAY_MS = 24 * 3_600_000;
/** One document for each connection and quarter of an hour. */
const SLOT_MS = 900_000;
/** Neighbouring steps differ by a fifth: near enough for "95 of 100". */
const STEP = 1.2;

interface Slot {
  /** Key and time. */
  _id: string;
  at: number;
  writes: number;
  worst: number;
  /** Requests that were sent, and messages that arrived by them. */
  calls?: number;
  messages?: number;
  /** How many took so many steps. */
  steps: Record<string, number>;
  /** When MongoDB takes it away. */
  until: Date;
}
export interface Lags {
  /** A request is sent. It is noted with the next write of the connection, and costs no write of its own. */
  called(key: string): void;
  /** @param messages that arrived by it */
  add(key: string, connector: string, lagMs: number, messages: number): Promise<void>;
  lastDay(key: string): Promise<{
    written: number;
    lag95Ms?: number;
    callsPerMessage?: number;
    lags: { at: number; ms: number }[];
  }>;
}

export async function openLags(store: Store): Promise<Lags> {
  const collection = store.connection.collection('crm_lags') as unknown as mongo.Collection<Slot>;
  await collection.createIndex({ until: 1 }, { expireAfterSeconds: 0 });
  const calls = new Map<string, number>();
  return {
    called: (key) => void calls.set(key, (calls.get(key) ?? 0) + 1),
    async add(key, connector, lagMs, messages) {
      const sent = calls.get(key) ?? 0;
      calls.delete(key);
      measure('continuo.crm.write.lag.seconds', lagMs / 1000, { connector });
      const at = Math.floor(clock.now() / SLOT_MS) * SLOT_MS;
      await collection.updateOne(
        { _id: `${key} ${at}` },
        {
          $setOnInsert: { at, until: new Date(Date.now() + 2 * DAY_MS) },
          $inc: { writes: 1, calls: sent, messages, [`steps.${stepOf(lagMs)}`]: 1 },
          $max: { worst: lagMs },
        },
        { upsert: true },
      );
    },
    async lastDay(key) {
      const slots = await collection
        .find({ _id: { $gt: `${key} ${clock.now() - DAY_MS}`, $lt: `${key}!` } })
        .sort({ at: 1 })
        .toArray();
      const lag95Ms = percentile(slots, 0.95);
      const sum = (of: 'calls' | 'messages'): number => slots.reduce((all, slot) => all + (slot[of] ?? 0), 0);
      const messages = sum('messages');
      return {
        written: slots.reduce((sum, { writes }) => sum + writes, 0),
        ...(lag95Ms !== undefined && { lag95Ms }),
        ...(messages > 0 && { callsPerMessage: Math.round((100 * sum('calls')) / messages) / 100 }),
        lags: slots.map(({ at, worst }) => ({ at, ms: worst })),
      };
    },
  };
}

const stepOf = (lagMs: number): number => Math.ceil(Math.log(Math.max(1, lagMs)) / Math.log(STEP));

/** Pure. The smallest step that so great a share of all writes did not exceed. */
export function percentile(
  slots: readonly Pick<Slot, 'writes' | 'worst' | 'steps'>[],
  share: number,
): number | undefined {
  const counts = new Map<number, number>();
  for (const { steps } of slots)
    for (const [step, times] of Object.entries(steps))
      counts.set(Number(step), (counts.get(Number(step)) ?? 0) + times);
  let left = Math.ceil(slots.reduce((sum, { writes }) => sum + writes, 0) * share);
  for (const [step, times] of [...counts].sort(([a], [b]) => a - b)) {
    left -= times;
    if (left <= 0) return Math.min(Math.round(STEP ** step), Math.max(...slots.map(({ worst }) => worst)));
  }
  return undefined;
}
