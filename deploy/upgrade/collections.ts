// Which collections an upgrade is tried with: each has data in one of the older releases beside `deploy/backup`, or needs none.
import { join } from 'node:path';
import { readManifest } from '../backup/manifest.ts';
import { ROOT } from '../run-node.ts';

/** Backups that older releases made, with their keys and what was said. */
export const OLDER_RELEASES = ['older-release', 'older-release-with-files'].map((name) =>
  join(ROOT, 'deploy/backup', name),
);

/** @returns the names of collections that have documents in one of them */
export async function filledInOlderReleases(): Promise<string[]> {
  const manifests = await Promise.all(OLDER_RELEASES.map(readManifest));
  return manifests.flatMap(({ collections }) =>
    collections.filter(({ documents }) => documents > 0).map(({ name }) => name),
  );
}

/** What stands there belongs to the code and to this minute, not to the people: nothing is lost with it. */
export const PASSING = [
  // How often somebody has tried something of late.
  'allowances',
  // Leases, taken anew when they are needed.
  'crm_contact_locks',
  'rebuild_turns',
  // The number of the last step of `migrate`, and what browsers load.
  'schema',
  'widget_assets',
];
