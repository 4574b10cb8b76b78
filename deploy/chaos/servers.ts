// What stands behind an installation that is hurt: one NATS and one MongoDB here; deploy/cluster puts three of each in their place.
import { join } from 'node:path';
import { type Restartable, restartable, type Secrets, startMongo, startNats } from '@continuo/servers';
import { natsUsers } from './installation.ts';
import type { Server } from './schedule.ts';

export interface ChaosServers extends AsyncDisposable {
  /** One address or several, separated by commas. */
  readonly natsUrl: string;
  /** Copies of each stream. */
  readonly natsReplicas: 1 | 3;
  readonly mongoUrl: string;
  /** The one whose loss hurts most at this moment: among several, who leads. */
  readonly leading: Record<Server, () => Promise<Restartable>>;
  /** Every one of them. */
  readonly members: readonly (readonly [Server, Restartable])[];
  /** The primary of MongoDB hands over; only where there are several. */
  readonly stepDown?: () => Promise<void>;
}
export type StartServers = (dir: string, secrets: Secrets) => Promise<ChaosServers>;

export const oneOfEach: StartServers = async (dir, secrets) => {
  await using stack = new AsyncDisposableStack();
  const users = natsUsers(secrets);
  const on = (port: number | undefined) => (port === undefined ? {} : { port });
  const nats = stack.use(await restartable((port) => startNats({ dir: join(dir, 'nats'), users, ...on(port) })));
  const mongo = stack.use(await restartable((port) => startMongo({ dir: join(dir, 'mongo'), ...on(port) })));
  const owned = stack.move();
  return {
    natsUrl: nats.current.url,
    natsReplicas: 1,
    mongoUrl: mongo.current.url,
    leading: { 'nats-server': async () => nats, mongod: async () => mongo },
    members: [
      ['nats-server', nats],
      ['mongod', mongo],
    ],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
