// Which dialogues of a period are looked through: those that the CRM was told of, and those that it was not told of because it was connected later. These get a
// link of their own here, without anything in it, and are then written as any other.
import { clock } from '@continuo/runtime';
import type { SiteConnection } from './connections.ts';
import { newLink } from './domain/link.ts';
import { type Links, linksOf } from './links.ts';

/** @returns how many */
export async function askAll(
  { collection }: Pick<Links, 'collection'>,
  connection: SiteConnection,
  { from, to }: { from: number; to: number },
): Promise<number> {
  const { site, id, key, identity } = connection;
  const now = clock.now();
  // Begun before its end and written since its beginning: of a dialogue that went on for weeks no part is passed over.
  const begun = { $or: [{ startedAt: { $lte: to } }, { startedAt: { $exists: false } }] };
  await collection.updateMany(
    { ...linksOf(connection), connection: identity, lastPushedAt: { $gte: from }, ...begun },
    { $set: { recheck: now }, $unset: { recheckSet: true } },
  );
  const { site: _site, conversation: _conversation, ...blank } = newLink(site, '', identity, id);
  const fresh = { ...blank, version: 0, state: 'pending' as const, changedAt: now, recheck: now, behindSince: now };
  await collection
    .aggregate([
      { $match: { site, connectionId: { $ne: id }, ...begun, changedAt: { $gte: from } } },
      {
        $group: {
          _id: { $concat: [`${key}-`, '$conversation'] },
          site: { $first: '$site' },
          conversation: { $first: '$conversation' },
          startedAt: { $min: '$startedAt' },
          contact: { $first: '$contact' },
          wanted: { $max: '$wantedUpTo' },
        },
      },
      { $set: { ...fresh, wantedUpTo: '$wanted' } },
      { $unset: 'wanted' },
      { $merge: { into: collection.collectionName, whenMatched: 'keepExisting', whenNotMatched: 'insert' } },
    ])
    .toArray();
  return collection.countDocuments({ ...linksOf(connection), recheck: now });
}
