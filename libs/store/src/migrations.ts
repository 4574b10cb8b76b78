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
];
