// Visitors in MongoDB, each document the whole fold. A document is replaced only if nobody changed it since it was read, so replicas that fold
// page views of one visitor at once lose none.
import { isDuplicateKey, type Store } from '@continuo/store';
import type { mongo } from 'mongoose';
import type { Visitor } from '../domain/visit.ts';

interface VisitorDocument {
  /** `<site>:<visitor>` */
  _id: string;
  revision: number;
  view: Visitor;
}

export interface Visitors {
  find(site: string, visitor: string): Promise<Visitor | undefined>;
  /** Applies a change to what is stored; a change that returns what it was given writes nothing. */
  change(site: string, visitor: string, apply: (view: Visitor | undefined) => Visitor): Promise<void>;
}

const TRIES = 20;

export function openVisitors(store: Store): Visitors {
  const visitors = store.connection.collection('visitors') as unknown as mongo.Collection<VisitorDocument>;
  const key = (site: string, visitor: string): string => `${site}:${visitor}`;

  /** @returns false when somebody else wrote first */
  async function write(_id: string, before: VisitorDocument | null, view: Visitor): Promise<boolean> {
    try {
      if (!before) return (await visitors.insertOne({ _id, revision: 1, view })).acknowledged;
      const { revision } = before;
      const { matchedCount } = await visitors.replaceOne({ _id, revision }, { revision: revision + 1, view });
      return matchedCount === 1;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  return {
    find: async (site, visitor) => (await visitors.findOne({ _id: key(site, visitor) }))?.view,

    async change(site, visitor, apply) {
      const _id = key(site, visitor);
      for (let tries = 0; tries < TRIES; tries++) {
        const before = await visitors.findOne({ _id });
        const view = apply(before?.view);
        if (view === before?.view || (await write(_id, before, view))) return;
      }
      throw new Error(
        `visitor ${visitor} of site ${site}: ${TRIES} changes came in between; the page view is tried again`,
      );
    },
  };
}
