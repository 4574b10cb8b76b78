// Three NATS servers keep three copies of everything, settings too: where the installation has grown from one server, and where it was restored.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus, openSettings, provision, putAgent } from '@continuo/bus';
import { type AgentSettings, newId } from '@continuo/contracts';
import { type NatsCluster, startNats, startNatsCluster, testMongoUrl } from '@continuo/servers';
import { connectStore, type Store } from '@continuo/store';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createBackup, keptStreams } from './create.ts';
import { restoreBackup } from './restore.ts';

const employee: AgentSettings = {
  id: newId(),
  site: newId(),
  name: 'Ada',
  email: 'ada@example.com',
  role: 'agent',
  capacity: 3,
};
const admin = { user: 'admin', password: 'admin' };
const stack = new AsyncDisposableStack();
let folder: string;
let nats: NatsCluster;
let bus: Bus;
let store: Store;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-copies-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  nats = stack.use(await startNatsCluster({ dir: join(folder, 'nats'), users: [admin] }));
  bus = stack.use(await connectBus({ name: 'admin', url: nats.url, ...admin }));
  store = stack.use(await connectStore({ url: await testMongoUrl(), database: `copies_${newId()}` }));
  stack.defer(async () => void (await store.connection.dropDatabase()));
}, 240_000);
afterAll(() => stack.disposeAsync(), 60_000);

/** Streams whose copies are not as many as wanted. */
async function others(wanted: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { config } of bus.jsm.streams.list())
    if (config.num_replicas !== wanted) found.push(`${config.name}: ${config.num_replicas}`);
  return found;
}
/** Of everything: no member has to catch up with another. */
async function inStep(): Promise<void> {
  for await (const { config, cluster } of bus.jsm.streams.list())
    expect([config.name, cluster?.replicas?.map(({ current }) => current)]).toEqual([config.name, [true, true]]);
}

test('an installation that grows from one server to three has its settings whichever server is away', async () => {
  await eventually(() => provision(bus));
  await putAgent(bus, employee);
  expect(await others(1)).toEqual([]);
  await provision(bus, { replicas: 3 });
  expect(await others(3)).toEqual([]);
  await provision(bus, { replicas: 3 });
  expect(await others(3)).toEqual([]);
  await eventually(inStep);

  const { cluster } = await bus.jsm.streams.info('KV_settings');
  const keeper = nats.members.get(cluster?.leader ?? '');
  process.kill(keeper?.current.pid as number, 'SIGKILL');
  await keeper?.current.exited;
  await eventually(async () => {
    await using settings = await openSettings(bus);
    expect(settings.agent(employee.site, employee.id)).toEqual(employee);
  });
  await keeper?.restart();
  await eventually(inStep);
}, 240_000);

test('a restore makes as many copies as there were, or as it is told', async () => {
  const installation = { bus, store };
  await eventually(() => provision(bus, { replicas: 3 }));
  const backup = join(folder, 'backup');
  await createBackup(installation, backup);
  for (const name of keptStreams()) await bus.jsm.streams.delete(name);
  await bus.jsm.streams.delete('KV_presence');
  await restoreBackup(installation, backup);
  expect(await others(3)).toEqual([]);

  for (const name of keptStreams()) await bus.jsm.streams.delete(name);
  await restoreBackup({ ...installation, replicas: 1 }, backup);
  expect(await others(1)).toEqual([]);

  await using alone = await startNats({ dir: join(folder, 'alone'), users: [admin] });
  await using other = await connectBus({ name: 'admin', url: alone.url, ...admin });
  await expect(restoreBackup({ store, bus: other }, backup)).rejects.toThrow(
    'There were 3 copies of each stream, and this NATS server stands alone: set CONTINUO_NATS_REPLICAS=1',
  );
}, 240_000);
