// One installation on servers of its own, with its limits on callers lifted, the crowd before it, and the raw limit on the same servers.
import { join } from 'node:path';
import { keptSecrets, startNats } from '@continuo/servers';
import { startWorld, type World } from '@continuo/testing';
import { natsUsers } from '../chaos/installation.ts';
import { LIFTED_LIMITS } from '../lifted-limits.ts';
import { type Reach, reach } from './reach.ts';
import { claimShare } from './worker.ts';

export interface Stand extends Reach, AsyncDisposable {
  readonly world: World;
  /** From now on JetStream acknowledges before the disk has it. */
  syncByDefault(): Promise<void>;
}

export async function startStand(): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  // As shipped: the clock of the tests reads a file each time it is asked.
  const world = stack.use(await startWorld({ ownMongo: true, env: { ...LIFTED_LIMITS, CONTINUO_TEST_CLOCK: '0' } }));
  const secrets = await keptSecrets(join(world.dir, 'secrets.json'));
  const natsPort = Number(world.admin.nc.getServer().split(':').at(-1));
  const { host, port: mongoPort } = world.database;
  const servers = {
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    natsPassword: secrets.nats.admin,
    replicas: 1 as const,
    mongoUrl: `mongodb://${host}:${mongoPort}/?replicaSet=rs0&directConnection=true`,
  };
  const place = () => ({
    gateway: world.gateways()[0] as string,
    site: world.site.id,
    origin: world.site.origins[0] as string,
  });
  const [{ email, password }] = world.employees as [World['employees'][number]];
  const owned = stack.move();
  return {
    ...reach(servers, place, { email, password }),
    world,
    syncByDefault: async () => {
      await world.nats.away();
      const dir = join(world.dir, 'nats');
      owned.use(await startNats({ dir, port: natsPort, users: natsUsers(secrets), syncInterval: '2m' }));
      claimShare();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
