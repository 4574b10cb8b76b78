// The Job that makes the replica set of a new installation, on three real servers that let nobody in without the key; and what the manifests ask such a server whether it is ready.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchMongod } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { initMongo } from './mongodb-init.ts';
import { render } from './render.ts';
import { named } from './workloads.ts';

const KEY = 'k'.repeat(40);
const stack = new AsyncDisposableStack();
let hosts: string[];
let probe: string[];

beforeAll(async () => {
  probe = named(await render('ha'), 'StatefulSet', 'mongodb')?.spec.template.spec.containers[0].readinessProbe.exec
    ?.command;
  const dir = await mkdtemp(join(tmpdir(), 'continuo-members-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const keyFile = join(dir, 'key');
  await writeFile(keyFile, KEY, { mode: 0o600 });
  const members = await Promise.all(
    [1, 2, 3].map((member) =>
      launchMongod(join(dir, `member-${member}`), undefined, async () => {}, undefined, ['--keyFile', keyFile]),
    ),
  );
  for (const member of members) stack.defer(() => member.stop());
  hosts = members.map(({ port }) => `127.0.0.1:${port}`);
}, 240_000);
afterAll(() => stack.disposeAsync(), 60_000);

const init = (members: string[], password: string) =>
  initMongo({
    CONTINUO_MONGO_MEMBERS: members.join(','),
    CONTINUO_MONGO_KEY: KEY,
    CONTINUO_MONGO_PASSWORD: password,
    CONTINUO_MONGO_DATABASE: 'continuo',
  });
/** Whether each server is ready, as Kubernetes would ask it. */
const ready = (): boolean[] =>
  hosts.map((host) => {
    const [program = '', ...words] = probe.map((word) => word.replace('127.0.0.1/27017', host.replace(':', '/')));
    return spawnSync(program, words, { timeout: 10_000 }).status === 0;
  });
const as = (username: string, password: string, authSource: string) =>
  new MongoClient(`mongodb://${hosts[0]}/`, {
    auth: { username, password },
    authSource,
    authMechanism: 'SCRAM-SHA-256',
    replicaSet: 'rs0',
    serverSelectionTimeoutMS: 20_000,
  });
const service = (password: string) => as('continuo', password, 'continuo');
async function configuration(): Promise<{ version: number; members: { host: string; newlyAdded?: true }[] }> {
  await using member = as('__system', KEY, 'local');
  const [stored] = await member.db('local').collection('system.replset').find().toArray();
  return stored as unknown as Awaited<ReturnType<typeof configuration>>;
}

test('a server that belongs to no set is not ready, though it takes connections', () => {
  expect(ready()).toEqual([false, false, false]);
});

test('a first member becomes a set of one, with a user who may do the services’ work and no more', async () => {
  await init(hosts.slice(0, 1), 'the first password');
  expect(ready()).toEqual([true, false, false]);
  await using user = service('the first password');
  await user
    .db('continuo')
    .collection('tried')
    .insertOne({ tried: true }, { writeConcern: { w: 'majority' } });
  await expect(user.db('admin').command({ listDatabases: 1, nameOnly: false })).resolves.toMatchObject({
    databases: [{ name: 'continuo' }],
  });
  await expect(user.db('other').collection('tried').insertOne({})).rejects.toThrow(/not authorized/);
  await expect(user.db('admin').command({ replSetGetConfig: 1 })).rejects.toThrow(/not authorized/);
});

test('two more join it one after the other, with what it holds, and the password follows the Secret', async () => {
  await init(hosts, 'the second password');
  expect((await configuration()).members.map(({ host }) => host)).toEqual(hosts);
  await using system = as('__system', KEY, 'local');
  await eventually(
    async () => {
      const { members } = await system.db('admin').command({ replSetGetStatus: 1 });
      expect(members.map(({ stateStr }: { stateStr: string }) => stateStr).sort()).toEqual([
        'PRIMARY',
        'SECONDARY',
        'SECONDARY',
      ]);
    },
    { withinMs: 60_000 },
  );
  expect(ready()).toEqual([true, true, true]);
  await using user = service('the second password');
  const tried = user.db('continuo').collection('tried');
  await tried.insertOne({ tried: 'by three' }, { writeConcern: { w: 3 } });
  expect(await tried.countDocuments({}, { readPreference: 'secondary' })).toBe(2);
  await using former = service('the first password');
  await expect(former.db('continuo').collection('tried').findOne()).rejects.toThrow(/Authentication failed/);
});

test('run again it changes nothing, also from several at once', async () => {
  // The primary writes a new version by itself for each member that has caught up.
  const before = await eventually(async () => {
    const now = await configuration();
    expect(now.members.filter(({ newlyAdded }) => newlyAdded)).toEqual([]);
    return now;
  });
  await Promise.all([init(hosts, 'the second password'), init(hosts, 'the second password')]);
  expect((await configuration()).version).toBe(before.version);
});

test('a member that cannot serve, as one that is catching up, is not ready', async () => {
  await using second = new MongoClient(`mongodb://${hosts[1]}/`, {
    auth: { username: '__system', password: KEY },
    authSource: 'local',
    authMechanism: 'SCRAM-SHA-256',
    directConnection: true,
  });
  await second.db('admin').command({ replSetMaintenance: 1 });
  expect(ready()).toEqual([true, false, true]);
  await second.db('admin').command({ replSetMaintenance: 0 });
  await eventually(() => expect(ready()).toEqual([true, true, true]));
});
