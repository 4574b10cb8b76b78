// The shapes that documents have had, numbered. What is written here stays: a step is never changed or taken out, only added at the end. Each may be run again
// after it broke off half way, and leaves what the release before can still read, since its services run on while it works.
import type { Connection } from 'mongoose';

export interface Migration {
  /** One more than the one before. */
  version: number;
  says: string;
  run(connection: Connection): Promise<unknown>;
}

export const migrations: readonly Migration[] = [
  { version: 1, says: 'documents as they were when shapes were first numbered', run: async () => {} },
  {
    version: 2,
    says: 'each conversation in the list says whether somebody has something to do for it',
    // No release before could be asked for any task.
    run: (connection) =>
      connection.collection('conversations').updateMany({ tasks: { $exists: false } }, { $set: { tasks: null } }),
  },
  {
    version: 3,
    says: 'each link says which of the site’s CRM connections it belongs to',
    // No release before could have more than one, and what it writes meanwhile is read as of that one.
    run: (connection) =>
      connection
        .collection('crm_links')
        .updateMany({ connectionId: { $exists: false } }, { $set: { connectionId: 'crm' } }),
  },
];
