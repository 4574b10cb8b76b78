// The data's version: brought up step by step, by one at a time, and never back. Streams: made once the whole cluster is there.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connectBus, provision } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { type Restartable, startNatsCluster, testMongoUrl } from '@continuo/servers';
import { connectStore, type Migration, migrate, migrations, type Store } from '@continuo/store';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT } from './run-node.ts';

let url: string;
let store: Store;
const database = `provision_${newId()}`;

beforeAll(async () => {
  url = await testMongoUrl();
  store = await connectStore({ url, database });
});
afterAll(async () => {
  await store?.connection.dropDatabase();
  await store?.[Symbol.asyncDispose]();
});

/** Adds one to a number that everybody sees, which is wrong as soon as a step is run twice. */
const counting = (version: number, more: () => unknown = () => {}): Migration => ({
  version,
  says: 'counts',
  async run(connection) {
    await more();
    await connection.collection('counted').updateOne({ version }, { $inc: { times: 1 } }, { upsert: true });
  },
});
const counted = async (): Promise<Record<number, number>> => {
  const found = await store.connection.collection('counted').find().sort({ version: 1 }).toArray();
  return Object.fromEntries(found.map(({ version, times }) => [version, times]));
};
const standsAt = async () => (await store.connection.collection('schema').findOne({}))?.['version'];

test('the steps of this release are numbered without a gap', () =>
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1)));

test('several at once run each step once, in order, and all wait until the last is done', async () => {
  const steps = [1, 2, 3].map((version) => counting(version, () => sleep(100)));
  const ran = await Promise.all([1, 2, 3].map(() => migrate(store.connection, steps)));
  expect(await counted()).toEqual({ 1: 1, 2: 1, 3: 1 });
  expect(ran.flat().sort()).toEqual([1, 2, 3]);
  expect(await standsAt()).toBe(3);
});

test('run again it does nothing, and with a new step only that one', async () => {
  const steps = [1, 2, 3].map((version) => counting(version));
  expect(await migrate(store.connection, steps)).toEqual([]);
  expect(await migrate(store.connection, [...steps, counting(4)])).toEqual([4]);
  expect(await counted()).toEqual({ 1: 1, 2: 1, 3: 1, 4: 1 });
});

test('a step that fails holds nobody up: the next run begins with it', async () => {
  const steps = [1, 2, 3, 4].map((version) => counting(version));
  const failing = counting(5, () => {
    throw new Error('no room');
  });
  await expect(migrate(store.connection, [...steps, failing])).rejects.toThrow('no room');
  expect(await standsAt()).toBe(4);
  expect(await migrate(store.connection, [...steps, counting(5)])).toEqual([5]);
});

test('whoever was killed at a step is relieved when his lease is over, by the clock of the database', async () => {
  const schema = store.connection.collection('schema');
  await schema.updateOne({}, { $set: { worker: 'killed', until: new Date(Date.now() + 1_500) } });
  const steps = [1, 2, 3, 4, 5, 6].map((version) => counting(version));
  expect(await migrate(store.connection, steps)).toEqual([6]);
});

test('a step that takes longer than its lease is not begun by another', async () => {
  for (const [index, leaseMs] of [2_000, 6_000, 18_000].entries()) {
    const version = 7 + index;
    let longest = 0;
    const slow = counting(version, async () => {
      const until = Date.now() + 2.2 * leaseMs;
      for (let last = Date.now(); last < until; last = Date.now()) {
        await store.connection.db?.command({ ping: 1 });
        await sleep(50);
        longest = Math.max(longest, Date.now() - last);
      }
    });
    const steps = [...[1, 2, 3, 4, 5, 6, 7, 8].slice(0, version - 1).map((each) => counting(each)), slow];
    const both = [1, 2].map(() => migrate(store.connection, steps, leaseMs));
    const ran = (await Promise.all(both)).flat();
    // Where this process or the database stood still for as long as that, nobody could renew it: that shows nothing.
    if (longest > leaseMs / 3 && (await counted())[version] !== 1) continue;
    expect(ran).toEqual([version]);
    expect((await counted())[version]).toBe(1);
    return;
  }
  throw new Error('the machine stood still each time');
});

test('data of a newer release is refused in words, by provision and by every service, and left as it is', async () => {
  const found = await standsAt();
  const newer = `the data is of version ${found}, and this release knows versions up to ${migrations.length}`;
  await expect(migrate(store.connection)).rejects.toThrow(newer);
  await expect(connectStore({ url, database })).rejects.toThrow(newer);
  expect(await standsAt()).toBe(found);
});

test('who lets go of MongoDB, or is refused its data, does not say that it is away', async () => {
  const code = `
    import { connectStore } from '@continuo/store';
    await connectStore({ url: '${url}', database: '${database}' }).catch(({ name }) => console.log(name));
    await using store = await connectStore({ url: '${url}', database: '${database}_new' });
    console.log(store.available());`;
  const options = { cwd: ROOT, env: { ...process.env, CONTINUO_LOG_LEVEL: 'info' } };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], options);
  expect(stdout).toBe('NewerDataError\ntrue\n');
});

test('while a cluster lacks servers provision waits and says why, makes every stream with all its copies once they are there, and gives up in a sentence', async () => {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'continuo-provision-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const { members } = stack.use(await startNatsCluster({ dir }));
  const [first, ...others] = [...members.values()] as [Restartable, ...Restartable[]];
  await using bus = await connectBus({ name: 'admin', url: first.current.url });

  // Nobody leads any more.
  await Promise.all(others.map(({ current }) => current.stop()));
  const said: string[] = [];
  const onWait = (words: string) => said.push(words);
  // Patience with a slow machine.
  const provisioned = provision(bus, { replicas: 3, patienceMs: 200_000, onWait });
  await Promise.race([provisioned, eventually(() => expect(said.length).toBeGreaterThan(0))]);
  expect(said[0]).toMatch(/^NATS cannot make or change streams yet: .+\. It is tried again\.$/);
  await Promise.all(others.map((one) => one.restart()));
  await provisioned;
  const copies = async (name: string) => (await bus.jsm.streams.info(name)).config.num_replicas;
  expect(await Promise.all(['CONVERSATION', 'DEAD_LETTERS', 'KV_presence'].map(copies))).toEqual([3, 3, 3]);

  // Five copies never find a place here: the same words as from a cluster whose servers have not heard of each other yet.
  said.length = 0;
  await expect(provision(bus, { replicas: 5, patienceMs: 0, onWait })).rejects.toThrow(
    /^NATS could not make or change its streams for 0 s: no suitable peers for placement.*\. Are all servers of its cluster up/,
  );
  expect(said).toEqual([expect.stringMatching(/^NATS cannot make or change streams yet: no suitable peers/)]);
});
