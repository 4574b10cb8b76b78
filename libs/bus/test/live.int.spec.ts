// What gateways follow lives in the memory of a nats-server. That one may be killed, and come back at once, later or never.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { type Restartable, restartable, startNats, startNatsCluster } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { expect, test } from '@jest/globals';
import { append, type Bus, connectBus, lastOf, live, newEvent, provision } from '../src/index.ts';

const users = [{ user: 'admin', password: 'admin' }];
const admin = { name: 'admin', user: 'admin', password: 'admin' };
/** The client by itself takes 40 s and more, and does not find out at all as long as that server is away. */
const soon = { withinMs: 60_000 };

test('a gateway goes on seeing events, each once, when the one nats-server is killed and comes back at once', async () => {
  await using stack = new AsyncDisposableStack();
  const dir = await folder(stack);
  const nats = stack.use(await restartable((port) => startNats({ dir, users, ...(port !== undefined && { port }) })));
  const bus = stack.use(await connectBus({ ...admin, url: nats.current.url }));
  await provision(bus);
  const { seen, follow, write } = watcher(bus);
  stack.use(await follow());
  await write(1);
  await eventually(() => expect(seen).toEqual([1]));
  await kill(nats);
  await nats.restart();
  await write(2);
  await eventually(() => expect(seen).toEqual([1, 2]), soon);
});

test('a gateway goes on seeing events, each once, when that nats-server of a cluster is killed that kept its place', async () => {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await startNatsCluster({ dir: await folder(stack), users }));
  const bus = stack.use(await connectBus({ ...admin, url: nats.url }));
  await eventually(() => provision(bus, { replicas: 3 }));
  const { seen, follow, write } = watcher(bus);
  const { follower, place } = await elsewhere();
  stack.use(follower);
  await write(1);
  await eventually(() => expect(seen).toEqual([1]));
  await kill(place);
  await write(2);
  await eventually(() => expect(seen).toEqual([1, 2]), soon);
  await place.restart();
  await write(3);
  await eventually(() => expect(seen).toEqual([1, 2, 3]));

  /** Whoever follows from a place that its line does not lead to. The server chooses the place. */
  async function elsewhere(): Promise<{ follower: AsyncDisposable; place: Restartable }> {
    for (;;) {
      const known = await places(bus);
      const follower = await follow();
      const name = (await places(bus)).find(([consumer]) => !known.some(([other]) => other === consumer))?.[1];
      const place = name === bus.nc.info?.server_name ? undefined : nats.members.get(name ?? '');
      if (place) return { follower, place };
      await follower[Symbol.asyncDispose]();
    }
  }
});

async function folder(stack: AsyncDisposableStack): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'continuo-live-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function kill({ current }: Restartable): Promise<void> {
  process.kill(current.pid, 'SIGKILL');
  await current.exited;
}

/** A dialogue that is followed and written to. */
function watcher(bus: Bus) {
  const [site, key, visitor] = [newId(), newId(), newId()];
  const author = { kind: 'visitor', id: visitor } as const;
  const data = { author, text: 'one more', channel: 'chat' } as const;
  const seen: number[] = [];
  return {
    seen,
    follow: () => live(bus, 'CONVERSATION', { from: 'new' }, ({ number }) => void seen.push(number)),
    /** An append that nobody answered may have been stored: then this is what stands last. */
    write: (number: number) =>
      eventually(async () => {
        const last = await lastOf(bus, 'CONVERSATION', site, key);
        if (last?.number === number) return;
        await append(
          bus,
          newEvent('message-sent', { site, key, number, actor: author, cause: newId(), data }),
          last?.seq ?? 0,
        );
      }),
  };
}

async function places(bus: Bus): Promise<[name: string, place: string | undefined][]> {
  const found: [string, string | undefined][] = [];
  for await (const { name, cluster } of bus.jsm.consumers.list('CONVERSATION')) found.push([name, cluster?.leader]);
  return found;
}
