// One call in flight per person with each CRM across all replicas: a short lease per key of a contact, so two dialogues of one new person make one lead.
import type { Contact } from '@continuo/contracts';
import type { Store } from '@continuo/store';
import type { mongo } from 'mongoose';
import { LEASE_MS } from './links.ts';

export interface ContactLock {
  renew(): Promise<void>;
  release(): Promise<void>;
}
export interface ContactLocks {
  /** All keys or none; undefined: somebody else is at one of them. */
  acquire(keys: readonly string[], holder: string): Promise<ContactLock | undefined>;
}
interface Stored {
  _id: string;
  holder: string;
  until: Date;
}

/** What a person may be known by; records are told apart by them, so are locks. */
/** @param key of the connection: what one CRM is told holds up no other */
export const contactKeys = (key: string, visitor: string, { email, phone, externalId }: Contact): string[] =>
  [
    `visitor ${visitor}`,
    email && `email ${email.toLowerCase()}`,
    phone && `phone ${phone}`,
    externalId && `external ${externalId}`,
  ]
    .filter((name) => typeof name === 'string' && name !== '')
    .map((name) => `${key} ${name}`)
    // Everybody takes them in the same order.
    .sort();

const KEPT_SECONDS = 3600;
const NEVER = new Date(0);
const leaseEnd = { $add: ['$$NOW', LEASE_MS] };

export async function openContactLocks(store: Store): Promise<ContactLocks> {
  const collection = store.connection.collection('crm_contact_locks') as unknown as mongo.Collection<Stored>;
  await collection.createIndex({ until: 1 }, { expireAfterSeconds: KEPT_SECONDS });

  async function take(_id: string, holder: string): Promise<boolean> {
    await collection.updateOne({ _id }, { $setOnInsert: { holder: '', until: NEVER } }, { upsert: true });
    const { matchedCount } = await collection.updateOne({ _id, $expr: { $lt: ['$until', '$$NOW'] } }, [
      { $set: { holder, until: leaseEnd } },
    ]);
    return matchedCount === 1;
  }
  const release = async (keys: readonly string[], holder: string) => {
    await collection.deleteMany({ _id: { $in: [...keys] }, holder });
  };

  return {
    async acquire(keys, holder) {
      for (const [index, key] of keys.entries())
        if (!(await take(key, holder))) {
          await release(keys.slice(0, index), holder);
          return undefined;
        }
      return {
        renew: async () => {
          await collection.updateMany({ _id: { $in: [...keys] }, holder }, [{ $set: { until: leaseEnd } }]);
        },
        release: () => release(keys, holder),
      };
    },
  };
}
