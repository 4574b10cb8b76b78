// What gateways follow lives on one member of a cluster of nats-servers; that member may be killed while the line to another one stands.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { startNatsCluster } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { expect, test } from '@jest/globals';
import { append, type Bus, connectBus, lastOf, live, newEvent, provision } from '../src/index.ts';

const admin = { name: 'admin', user: 'admin', password: 'admin' };

test('a gateway goes on seeing events, each once, when the nats-server is killed that kept its place', async () => {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'continuo-live-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const nats = stack.use(await startNatsCluster({ dir, users: [{ user: 'admin', password: 'admin' }] }));
  const bus = stack.use(await connectBus({ ...admin, url: nats.url }));
  await eventually(() => provision(bus, { replicas: 3 }));
  const [site, key, visitor] = [newId(), newId(), newId()];
  const author = { kind: 'visitor', id: visitor } as const;
  const data = { author, text: 'one more', channel: 'chat' } as const;
  const seen: number[] = [];

  const { follower, place } = await elsewhere();
  stack.use(follower);
  await write(1);
  await eventually(() => expect(seen).toEqual([1]));
  const member = nats.members.get(place)?.current as { pid: number; exited: Promise<unknown> };
  process.kill(member.pid, 'SIGKILL');
  await member.exited;
  await write(2);
  await eventually(() => expect(seen).toEqual([1, 2]), { withinMs: 20_000 });
  await nats.members.get(place)?.restart();
  await write(3);
  await eventually(() => expect(seen).toEqual([1, 2, 3]));

  /** Whoever follows from a place that its line does not lead to. The server chooses the place. */
  async function elsewhere(): Promise<{ follower: AsyncDisposable; place: string }> {
    for (;;) {
      const known = await places(bus);
      const follower = await live(bus, 'CONVERSATION', { from: 'new' }, ({ number }) => void seen.push(number));
      const place = (await places(bus)).find(([name]) => !known.some(([other]) => other === name))?.[1];
      if (place !== undefined && place !== bus.nc.info?.server_name) return { follower, place };
      await follower[Symbol.asyncDispose]();
    }
  }

  /** An append that nobody answered may have been stored: then this is what stands last. */
  async function write(number: number): Promise<void> {
    const event = newEvent('message-sent', { site, key, number, actor: author, cause: newId(), data });
    await eventually(async () => {
      const last = await lastOf(bus, 'CONVERSATION', site, key);
      if (last?.number !== number) await append(bus, event, last?.seq ?? 0);
    });
  }
});

async function places(bus: Bus): Promise<[name: string, place: string | undefined][]> {
  const found: [string, string | undefined][] = [];
  for await (const { name, cluster } of bus.jsm.consumers.list('CONVERSATION')) found.push([name, cluster?.leader]);
  return found;
}
