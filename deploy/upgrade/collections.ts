// Which collections an upgrade is tried with: each has data in `deploy/backup/older-release`, or gets them in the story of `npm run upgrade`, or needs none.

/** Only the story has data for them. */
export const FROM_STORY = ['crm_deliveries', 'file_bytes.chunks', 'file_bytes.files', 'files', 'visitors'];

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
