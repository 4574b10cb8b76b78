// Link records in MongoDB: primary documents, written by compare-and-set on `version`. Whoever works on a conversation holds a short lease; it fences:
// every save proves that nobody else took over, so a process that was paused finds out before its next call. Times are the database's own.
import { DEFAULT_CRM_CONNECTION } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import type { mongo } from 'mongoose';
import type { Chosen } from './domain/choice.ts';
import { type Link, linkState, type RecordRef } from './domain/link.ts';
import { keyOf, type Which } from './domain/which.ts';

export const LEASE_MS = 20_000;

export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

export interface StoredLink extends Link {
  _id: string;
  version: number;
  /** `left`: it lacked something when its connection was taken from the site, and waits for nothing. */
  state: ReturnType<typeof linkState> | 'left';
  /** Product's time of the last change that a person would see. */
  changedAt: number;
  holder?: string;
  leaseUntil?: Date;
  /** Since when (machine's time) a note may stand twice: a call of unknown outcome, or a writer that was overtaken. */
  doubt?: number;
  /** Product's time at which the dialogue was first seen here. */
  startedAt?: number;
  /** A person wants it compared with what the CRM holds, since then (product's time). */
  recheck?: number;
  /** A look for that is set: one that cannot be looked through now has its own next look, and stands in nobody's way. */
  recheckSet?: true;
  /** Said by a person, and not yet looked at. */
  chosen?: Chosen;
}
export interface Lease {
  link(): Link;
  doubt(): number | undefined;
  recheck(): number | undefined;
  chosen(): Chosen | undefined;
  /** Compare-and-set; also renews the lease. @throws {LeaseLostError} */
  save(link: Link, changedAt: number): Promise<void>;
  /** Asked right before each request: whoever stood still while another took over has old news. @throws {LeaseLostError} */
  confirm(): Promise<void>;
  /** Keeps the lease over a long call; silent when it is lost, since the next save tells. */
  renew(): Promise<void>;
  release(): Promise<void>;
}
export interface Links {
  /** @param key of the connection, here and below */
  read(key: string, conversation: string): Promise<StoredLink | undefined>;
  /** undefined: somebody else is at it. */
  acquire(fresh: Link, holder: string): Promise<Lease | undefined>;
  /** Notes of this conversation have to be looked through for doubles; needs no lease. */
  raiseDoubt(key: string, conversation: string): Promise<void>;
  clearDoubt(key: string, conversation: string, since: number): Promise<void>;
  /** Whether the dialogue of any link of the connection stands, or partly stands, on this record. */
  names(which: Which, record: RecordRef): Promise<boolean>;
  clearRecheck(key: string, conversation: string, since: number): Promise<void>;
  /** Writes down whom a person chose. @returns false when nobody asks that (any more) or it is none of those who fit */
  choose(key: string, conversation: string, record: RecordRef | undefined, by: string, at: number): Promise<boolean>;
  clearChosen(key: string, conversation: string, at: number): Promise<void>;
  /** The connection is the site's no more: what it lacks waits for nothing, and whoever is at it finds that out. */
  leave(which: Which): Promise<void>;
  readonly collection: mongo.Collection<StoredLink>;
}

export const linkId = (key: string, conversation: string): string => `${key}-${conversation}`;
/** A replica of a release that knew one connection writes no id, and may still run beside this one. */
export const linksOf = ({ site, id }: Which): mongo.Filter<StoredLink> => ({
  site,
  connectionId: id === DEFAULT_CRM_CONNECTION ? { $in: [id, null as unknown as string] } : id,
});
export const keyOfLink = ({ site, connectionId: id }: Link): string => keyOf({ site, id });
const leaseEnd = { $add: ['$$NOW', LEASE_MS] };
const free = { $or: [{ leaseUntil: { $exists: false } }, { $expr: { $lt: ['$leaseUntil', '$$NOW'] } }] };

export async function openLinks(store: Store): Promise<Links> {
  const collection = store.connection.collection('crm_links') as unknown as mongo.Collection<StoredLink>;
  await collection.createIndex({ site: 1, connectionId: 1, state: 1, changedAt: -1 });
  await collection.createIndex({ site: 1, connectionId: 1, changedAt: -1 });
  await collection.createIndex({ behindSince: 1 }, { sparse: true });
  await collection.createIndex({ site: 1, 'record.id': 1 });
  await collection.createIndex({ site: 1, recheck: 1 }, { partialFilterExpression: { recheck: { $exists: true } } });
  await collection.createIndex({ state: 1, connection: 1 });

  async function ensure(fresh: Link): Promise<void> {
    const document = { ...fresh, version: 0, state: linkState(fresh), changedAt: 0, startedAt: clock.now() };
    await collection.updateOne(
      { _id: linkId(keyOfLink(fresh), fresh.conversation) },
      { $setOnInsert: document },
      { upsert: true },
    );
  }

  return {
    collection,
    read: async (key, conversation) => (await collection.findOne({ _id: linkId(key, conversation) })) ?? undefined,
    async acquire(fresh, holder) {
      await ensure(fresh);
      const taken = await collection.findOneAndUpdate(
        { _id: linkId(keyOfLink(fresh), fresh.conversation), ...free },
        [{ $set: { version: { $add: ['$version', 1] }, holder, leaseUntil: leaseEnd } }],
        { returnDocument: 'after' },
      );
      return taken ? leaseOn(collection, taken, holder) : undefined;
    },
    async raiseDoubt(key, conversation) {
      await collection.updateOne({ _id: linkId(key, conversation) }, { $set: { doubt: Date.now() } });
    },
    async names(which, { kind, id }) {
      const at = [
        { 'record.kind': kind, 'record.id': id },
        { parts: { $elemMatch: { 'record.kind': kind, 'record.id': id } } },
        { pointers: { $elemMatch: { 'at.kind': kind, 'at.id': id } } },
      ];
      return (await collection.findOne({ ...linksOf(which), $or: at }, { projection: { _id: 1 } })) !== null;
    },
    async clearDoubt(key, conversation, since) {
      await collection.updateOne({ _id: linkId(key, conversation), doubt: since }, { $unset: { doubt: true } });
    },
    async choose(key, conversation, record, by, at) {
      const one = record && { 'choice.candidates': { $elemMatch: { kind: record.kind, id: record.id } } };
      const { matchedCount } = await collection.updateOne(
        { _id: linkId(key, conversation), choice: { $exists: true }, 'choice.settled': { $exists: false }, ...one },
        [
          {
            $set: {
              chosen: {
                about: '$choice.about',
                connection: '$connection',
                ...(record && { record: { $literal: { kind: record.kind, id: record.id } } }),
                by: { $literal: by },
                at,
              },
            },
          },
        ],
      );
      return matchedCount > 0;
    },
    async clearChosen(key, conversation, at) {
      await collection.updateOne({ _id: linkId(key, conversation), 'chosen.at': at }, { $unset: { chosen: true } });
    },
    async clearRecheck(key, conversation, since) {
      const looked = { recheck: true, recheckSet: true } as const;
      await collection.updateOne({ _id: linkId(key, conversation), recheck: since }, { $unset: looked });
    },
    async leave(which) {
      const lacking = { state: { $in: ['pending' as const, 'failed' as const, 'held' as const] } };
      await collection.updateMany(
        { ...linksOf(which), ...lacking },
        { $set: { state: 'left' }, $unset: { behindSince: true }, $inc: { version: 1 } },
      );
      const asked = { recheck: true, recheckSet: true, doubt: true } as const;
      await collection.updateMany(linksOf(which), { $unset: asked });
    },
  };
}

const takenOver = ({ conversation }: Link): LeaseLostError =>
  new LeaseLostError(`the link of conversation ${conversation} was taken over`);

function leaseOn(collection: mongo.Collection<StoredLink>, taken: StoredLink, holder: string): Lease {
  const { _id, doubt, recheck, chosen } = taken;
  let { version } = taken;
  let link: Link = linkOf(taken);
  return {
    link: () => link,
    doubt: () => doubt,
    recheck: () => recheck,
    chosen: () => chosen,
    async save(next, changedAt) {
      const { matchedCount } = await collection.updateOne({ _id, version }, [
        {
          $replaceWith: {
            $mergeObjects: [
              { $literal: { ...next, _id, version: version + 1, state: linkState(next), changedAt, holder } },
              {
                leaseUntil: leaseEnd,
                doubt: '$doubt',
                startedAt: '$startedAt',
                recheck: '$recheck',
                recheckSet: '$recheckSet',
                chosen: '$chosen',
              },
            ],
          },
        },
      ]);
      if (matchedCount === 0) throw takenOver(next);
      version += 1;
      link = next;
    },
    async confirm() {
      if (!(await collection.findOne({ _id, version }, { projection: { _id: 1 } }))) throw takenOver(link);
    },
    async renew() {
      await collection.updateOne({ _id, holder }, [{ $set: { leaseUntil: leaseEnd } }]);
    },
    async release() {
      await collection.updateOne({ _id, holder, version }, { $unset: { holder: true, leaseUntil: true } });
    },
  };
}

function linkOf({
  _id,
  version: _version,
  state: _state,
  changedAt: _changedAt,
  holder: _holder,
  leaseUntil: _leaseUntil,
  doubt: _doubt,
  startedAt: _startedAt,
  recheck: _recheck,
  recheckSet: _recheckSet,
  chosen: _chosen,
  ...link
}: StoredLink): Link {
  return { ...link, connectionId: link.connectionId ?? DEFAULT_CRM_CONNECTION };
}
