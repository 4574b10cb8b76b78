// One installation on servers of its own, with its limits on callers lifted, the crowd before it, and the raw limit on the same servers.
import { join } from 'node:path';
import { permissionsOf } from '@continuo/bus';
import { keptSecrets, NATS_USERS, startNats } from '@continuo/servers';
import { startWorld, type World } from '@continuo/testing';
import type { Place } from './guests.ts';
import { claimShare, startWorker, type Worker } from './worker.ts';

const NO_LIMIT = '1000000000';
const LIFTED = [
  'SOCKETS_PER_ADDRESS',
  'CONNECTS_PER_ADDRESS',
  'FRAMES_PER_SOCKET',
  'COMMANDS_PER_VISITOR',
  'COMMANDS_PER_ADDRESS',
  'STARTS_PER_VISITOR',
  'STARTS_PER_ADDRESS',
  'STARTS_PER_SITE',
  'LOGINS_PER_ADDRESS',
  'LOGINS_PER_ACCOUNT',
];

export interface LimitOptions {
  /** Appends are shared. */
  batched: boolean;
  /** Forwarded when the append is acknowledged, before MongoDB has it. */
  early: boolean;
}
export interface RawLimit extends AsyncDisposable {
  readonly port: number;
  readonly gatewayPid: number;
}
export interface Stand extends AsyncDisposable {
  readonly world: World;
  place(): Place;
  crowd(): Promise<Worker & AsyncDisposable>;
  rawLimit(options: LimitOptions): Promise<RawLimit>;
  /** Cookie of a logged-in employee. */
  login(): Promise<string>;
  /** From now on JetStream acknowledges before the disk has it. */
  syncByDefault(): Promise<void>;
}

export async function startStand(): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const lifted = LIFTED.map((name) => [`CONTINUO_LIMIT_${name}`, NO_LIMIT]);
  // As shipped: the clock of the tests reads a file each time it is asked.
  const env = Object.fromEntries([...lifted, ['CONTINUO_TEST_CLOCK', '0']]);
  const world = stack.use(await startWorld({ ownMongo: true, env }));
  const secrets = await keptSecrets(join(world.dir, 'secrets.json'));
  const natsPort = Number(world.admin.nc.getServer().split(':').at(-1));
  const { host, port: mongoPort } = world.database;
  const reach = {
    NATS_URL: `nats://127.0.0.1:${natsPort}`,
    NATS_PASSWORD: secrets.nats.admin,
    MONGO_URL: `mongodb://${host}:${mongoPort}/?replicaSet=rs0&directConnection=true`,
  };
  const place = (): Place => ({
    gateway: world.gateways()[0] as string,
    site: world.site.id,
    origin: world.site.origins[0] as string,
  });
  const owned = stack.move();
  return {
    world,
    place,
    crowd: async () => {
      const crowd = await startWorker('./crowd.ts');
      claimShare();
      return { ...crowd, [Symbol.asyncDispose]: crowd.stop };
    },
    rawLimit: async ({ batched, early }) => {
      const env = { ...reach, BATCH: batched ? '1' : '0', EARLY: early ? '1' : '0' };
      const store = await startWorker('./limit-store.ts', env);
      const gateway = await startWorker('./limit-gateway.ts', env);
      claimShare();
      return {
        port: await gateway.ask<number>('port'),
        gatewayPid: gateway.pid,
        [Symbol.asyncDispose]: async () => {
          await gateway.stop();
          await store.stop();
        },
      };
    },
    login: async () => {
      const { gateway } = place();
      const [employee] = world.employees;
      const answer = await fetch(`${gateway}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-continuo': 'console', origin: gateway },
        body: JSON.stringify({ email: employee?.email, password: employee?.password }),
      });
      if (!answer.ok) throw new Error(`login answered ${answer.status}: ${await answer.text()}`);
      return answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
    },
    syncByDefault: async () => {
      await world.nats.away();
      const users = NATS_USERS.map((user) => ({
        user,
        password: secrets.nats[user],
        ...(user !== 'admin' && { permissions: permissionsOf(user) }),
      }));
      const dir = join(world.dir, 'nats');
      owned.use(await startNats({ dir, port: natsPort, users, syncInterval: '2m' }));
      claimShare();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
