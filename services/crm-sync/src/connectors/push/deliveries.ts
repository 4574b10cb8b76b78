// The delivery log: for each thing that is pushed (a lead, a part of a transcript) which version was sent last, what came of the last attempts, and since
// when it fails. Primary documents: versions must never be given twice. What was said does not stand here, only a digest of it.
import { deriveId } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import type { mongo } from 'mongoose';
import { keyOf, type Which } from '../../domain/which.ts';
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
  /**
   * Before the first byte goes out. Content that was the last one is the same message again, other content is the next version. Two dialogues of one lead
   * that are refused in turn send each its own message again, as long as the receiver surely has no newer one.
   */
  begin(which: Which, subject: Subject, digest: string): Promise<Delivery>;
  /** @param refused the receiver surely does not have it */
  end(begun: Delivery, attempt: Attempt, failed?: { since: number; givenUp: boolean; refused: boolean }): Promise<void>;
  /** Of one dialogue: its parts and its visitor's lead. */
  list(which: Which, conversation: string): Promise<Delivery[]>;
}

interface Stored extends Omit<Delivery, 'id' | 'key'> {
  _id: string;
  site: string;
  /** One of a part or task; of a lead all that it was written for. */
  conversations: string[];
  /** Of the newest version. */
  digest: string;
  /** What each of them sent last. */
  sent: Record<string, { digest: string; version: number }>;
  /** The newest version that the receiver may have, and which it was before that one. */
  held: number;
  heldBefore: number;
}
const ATTEMPTS_KEPT = 20;

function idOf(which: Which, { lead, conversation, part, task, deal }: Subject): string {
  const key = keyOf(which);
  if (part !== undefined) return `${key} part ${conversation} ${part}`;
  if (deal) return `${key} deal ${conversation}`;
  return task === undefined ? `${key} lead ${lead}` : `${key} task ${conversation} ${task}`;
}

export async function openDeliveries(store: Store): Promise<Deliveries> {
  const collection = store.connection.collection('crm_deliveries') as unknown as mongo.Collection<Stored>;
  await collection.createIndex({ site: 1, conversations: 1 });
  return {
    async begin(which, subject, digest) {
      const { site } = which;
      const { conversation, part, task, deal } = subject;
      const _id = idOf(which, subject);
      const sender = conversation ?? 'nobody';
      const same = { $eq: ['$digest', digest] };
      const own = `$sent.${sender}`;
      const again = { $and: [{ $eq: [`${own}.digest`, digest] }, { $gte: [`${own}.version`, '$held'] }] };
      const next = { $add: [{ $ifNull: ['$version', 0] }, 1] };
      const isNew = { $gt: [`${own}.version`, { $ifNull: ['$version', 0] }] };
      const sending = { $cond: [same, '$version', { $cond: [again, `${own}.version`, next] }] };
      const stored = await collection.findOneAndUpdate(
        { _id },
        [
          { $set: { held: { $ifNull: ['$held', 0] }, heldBefore: { $ifNull: ['$heldBefore', 0] } } },
          { $set: { [`sent.${sender}`]: { digest, version: sending } } },
          {
            $set: {
              site,
              ...(part !== undefined && { part }),
              ...(task !== undefined && { task }),
              ...(deal && { deal }),
              conversations: { $setUnion: [{ $ifNull: ['$conversations', []] }, conversation ? [conversation] : []] },
              digest: { $cond: [isNew, digest, '$digest'] },
              version: { $max: ['$version', `${own}.version`] },
              state: { $cond: [isNew, 'waiting', '$state'] },
              attempts: { $ifNull: ['$attempts', []] },
              held: { $max: ['$held', `${own}.version`] },
              heldBefore: { $cond: [{ $lt: ['$held', `${own}.version`] }, '$held', '$heldBefore'] },
            },
          },
        ],
        { upsert: true, returnDocument: 'after' },
      );
      const { sent, ...known } = stored as Stored;
      return deliveryOf({ ...known, sent, version: sent[sender]?.version ?? known.version });
    },
    async end(begun, attempt, failed) {
      const _id = begun.key;
      const { version } = begun;
      await collection.updateOne(
        { _id },
        {
          $push: { attempts: { $each: [attempt], $slice: -ATTEMPTS_KEPT } },
          ...(!failed && { $max: { held: version } }),
        },
      );
      if (failed?.refused) await collection.updateOne({ _id, held: version }, [{ $set: { held: '$heldBefore' } }]);
      // Not when a newer version was begun meanwhile: how that one stands is its own.
      await collection.updateOne(
        { _id, version },
        failed
          ? { $set: { state: failed.givenUp ? 'given-up' : 'waiting', failingSince: failed.since } }
          : { $set: { state: 'delivered' }, $unset: { failingSince: true } },
      );
    },
    async list(which, conversation) {
      const _id = { $gt: `${keyOf(which)} `, $lt: `${keyOf(which)}!` };
      // A lead has no part, which sorts first.
      const found = collection.find({ site: which.site, conversations: conversation, _id }).sort({ part: 1 });
      return (await found.toArray()).map(deliveryOf);
    },
  };
}

function deliveryOf({
  _id,
  site: _site,
  digest: _digest,
  conversations: _conversations,
  sent: _sent,
  held: _held,
  heldBefore: _heldBefore,
  ...delivery
}: Stored): Delivery {
  return { ...delivery, key: _id, id: deriveId('push', _id, String(delivery.version)) };
}
