// The delivery log: for each thing that is pushed (a lead, a part of a transcript) which version was sent last, what came of the last attempts, and since
// when it fails. Primary documents: versions must never be given twice. What was said does not stand here, only a digest of it.
import { deriveId } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import type { mongo } from 'mongoose';
import type { CrmFault } from '../crm-error.ts';

/** What is pushed: one part of a dialogue, one task that came of it, the deal it became, or without any of them the lead of its visitor. */
export interface Subject {
  lead: string;
  conversation: string | undefined;
  part?: number;
  task?: number;
  deal?: true;
}
export interface Attempt {
  at: number;
  milliseconds: number;
  version: number;
  outcome: 'delivered' | CrmFault;
  /** For whoever reads the journal; only of a failure. */
  words?: string;
}
export interface Delivery {
  key: string;
  part?: number;
  task?: number;
  deal?: true;
  /** Of the message that was sent last. */
  id: string;
  version: number;
  state: 'waiting' | 'delivered' | 'given-up';
  failingSince?: number;
  /** The last ones, oldest first. */
  attempts: Attempt[];
}
export interface Deliveries {
  /** Before the first byte goes out. Content that was the last one is the same message again, other content is the next version. */
  begin(site: string, subject: Subject, digest: string): Promise<Delivery>;
  end(begun: Delivery, attempt: Attempt, failed?: { since: number; givenUp: boolean }): Promise<void>;
  /** Of one dialogue: its parts and its visitor's lead. */
  list(site: string, conversation: string): Promise<Delivery[]>;
}

interface Stored extends Omit<Delivery, 'id' | 'key'> {
  _id: string;
  site: string;
  /** One of a part or task; of a lead all that it was written for. */
  conversations: string[];
  digest: string;
}
const ATTEMPTS_KEPT = 20;

function keyOf(site: string, { lead, conversation, part, task, deal }: Subject): string {
  if (part !== undefined) return `${site} part ${conversation} ${part}`;
  if (deal) return `${site} deal ${conversation}`;
  return task === undefined ? `${site} lead ${lead}` : `${site} task ${conversation} ${task}`;
}

export async function openDeliveries(store: Store): Promise<Deliveries> {
  const collection = store.connection.collection('crm_deliveries') as unknown as mongo.Collection<Stored>;
  await collection.createIndex({ site: 1, conversations: 1 });
  return {
    async begin(site, subject, digest) {
      const { conversation, part, task, deal } = subject;
      const _id = keyOf(site, subject);
      const same = { $eq: ['$digest', digest] };
      const stored = await collection.findOneAndUpdate(
        { _id },
        [
          {
            $set: {
              site,
              ...(part !== undefined && { part }),
              ...(task !== undefined && { task }),
              ...(deal && { deal }),
              conversations: { $setUnion: [{ $ifNull: ['$conversations', []] }, conversation ? [conversation] : []] },
              digest,
              version: { $cond: [same, '$version', { $add: [{ $ifNull: ['$version', 0] }, 1] }] },
              state: { $cond: [same, '$state', 'waiting'] },
              attempts: { $ifNull: ['$attempts', []] },
            },
          },
        ],
        { upsert: true, returnDocument: 'after' },
      );
      return deliveryOf(stored as Stored);
    },
    async end(begun, attempt, failed) {
      const _id = begun.key;
      await collection.updateOne({ _id }, { $push: { attempts: { $each: [attempt], $slice: -ATTEMPTS_KEPT } } });
      // Not when a newer version was begun meanwhile: how that one stands is its own.
      await collection.updateOne(
        { _id, version: begun.version },
        failed
          ? { $set: { state: failed.givenUp ? 'given-up' : 'waiting', failingSince: failed.since } }
          : { $set: { state: 'delivered' }, $unset: { failingSince: true } },
      );
    },
    list: async (site, conversation) =>
      // A lead has no part, which sorts first.
      (await collection.find({ site, conversations: conversation }).sort({ part: 1 }).toArray()).map(deliveryOf),
  };
}

function deliveryOf({
  _id,
  site: _site,
  digest: _digest,
  conversations: _conversations,
  ...delivery
}: Stored): Delivery {
  return { ...delivery, key: _id, id: deriveId('push', _id, String(delivery.version)) };
}
