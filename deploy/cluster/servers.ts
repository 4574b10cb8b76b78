// Three nats-servers with three copies of each stream, and a MongoDB of three members.
import { join } from 'node:path';
import { connectBus } from '@continuo/bus';
import { type Restartable, startMongoSet, startNatsCluster } from '@continuo/servers';
import { natsUsers } from '../chaos/installation.ts';
import type { StartServers } from '../chaos/servers.ts';

const SIZE = 3;

export const threeOfEach: StartServers = async (dir, secrets) => {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await startNatsCluster({ dir: join(dir, 'nats'), users: natsUsers(secrets) }));
  const mongo = stack.use(await startMongoSet({ dir: join(dir, 'mongo') }));
  const admin = { name: 'admin', url: nats.url, user: 'admin', password: secrets.nats.admin };

  /** Who leads the stream that every message is written to. */
  async function natsLeader(): Promise<Restartable> {
    await using bus = await connectBus(admin);
    const { cluster } = await bus.jsm.streams.info('CONVERSATION');
    const leader = nats.members.get(cluster?.leader ?? '');
    if (!leader) throw new Error('CONVERSATION has no leader');
    const copies = 1 + (cluster?.replicas?.length ?? 0);
    if (copies !== SIZE) throw new Error(`CONVERSATION has ${copies} copies instead of ${SIZE}`);
    return leader;
  }

  const owned = stack.move();
  return {
    natsUrl: nats.url,
    natsReplicas: SIZE,
    mongoUrl: mongo.url,
    leading: { 'nats-server': natsLeader, mongod: mongo.primary },
    members: [
      ...[...nats.members.values()].map((one) => ['nats-server', one] as const),
      ...mongo.members.map((one) => ['mongod', one] as const),
    ],
    stepDown: mongo.stepDown,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
