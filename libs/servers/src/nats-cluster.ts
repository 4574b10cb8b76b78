// Three nats-servers as one JetStream cluster on loopback, each with its own data: what a company runs, on one machine.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type NatsUser, startNats } from './nats.ts';
import { freePort } from './ports.ts';
import { type Restartable, restartable } from './restartable.ts';

export interface NatsCluster extends AsyncDisposable {
  /** All addresses, separated by commas. */
  readonly url: string;
  /** By server name, as JetStream names its leaders. */
  readonly members: ReadonlyMap<string, Restartable>;
}

const SIZE = 3;

/** Ready when every member says that it is healthy; so is a member that is started again. */
export async function startNatsCluster({ dir, users }: { dir: string; users?: NatsUser[] }): Promise<NatsCluster> {
  await using stack = new AsyncDisposableStack();
  const secret = randomBytes(32).toString('hex');
  const places = await Promise.all(
    Array.from({ length: SIZE }, async (_, index) => ({
      name: `nats-${index + 1}`,
      routePort: await freePort(),
      healthPort: await freePort(),
    })),
  );
  const routes = places.map(({ routePort }) => `nats://route:${secret}@127.0.0.1:${routePort}`);
  const started = await Promise.all(
    places.map(async (place) => {
      const member = await restartable((port) =>
        startNats({
          dir: join(dir, place.name),
          cluster: { ...place, routes, secret },
          ...(users && { users }),
          ...(port !== undefined && { port }),
        }),
      );
      return [place.name, stack.use(member)] as const;
    }),
  );
  const owned = stack.move();
  return {
    url: started.map(([, { current }]) => current.url).join(','),
    members: new Map(started),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
