// Makes the replica set and the services' user, and adds members that are not in it yet; the members' own key is what lets it in. Safe to run again.
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, storeConfig } from '@continuo/runtime';
import { MongoClient, MongoServerError } from 'mongodb';
import { z } from 'zod';

export const config = {
  CONTINUO_MONGO_MEMBERS: z
    .string()
    .regex(/^[^,\s]+:\d+(,[^,\s]+:\d+)*$/, 'HOST:PORT,… is expected')
    .describe('members of the replica set, as they call each other'),
  CONTINUO_MONGO_KEY: z.string().min(32).describe('key by which the members know each other (secret)'),
  CONTINUO_MONGO_PASSWORD: z.string().min(16).describe('password of the services’ user (secret)'),
  CONTINUO_MONGO_DATABASE: storeConfig.CONTINUO_MONGO_DATABASE,
};
type Config = z.infer<z.ZodObject<typeof config>>;

const NOT_YET_INITIALIZED = 94;
const USER_UNKNOWN = 11;
const PRIMARY_MS = 120_000;
const USER = 'continuo';

export async function initMongo(env: Config): Promise<void> {
  const hosts = env.CONTINUO_MONGO_MEMBERS.split(',');
  const auth = { username: '__system', password: env.CONTINUO_MONGO_KEY };
  {
    await using first = client([hosts[0] as string], { auth, directConnection: true });
    await makeReplicaSet(first, hosts);
  }
  await using set = client(hosts, { auth, replicaSet: 'rs0' });
  await addMembers(set, hosts);
  await saveUser(set, env);
}

function client(hosts: string[], options: ConstructorParameters<typeof MongoClient>[1]): MongoClient {
  return new MongoClient(`mongodb://${hosts.join(',')}/?authSource=local&authMechanism=SCRAM-SHA-256`, {
    serverSelectionTimeoutMS: PRIMARY_MS,
    ...options,
  });
}

async function makeReplicaSet(first: MongoClient, hosts: string[]): Promise<void> {
  const admin = first.db('admin');
  try {
    await admin.command({ replSetGetStatus: 1 });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED)) throw error;
    await admin.command({ replSetInitiate: { _id: 'rs0', members: hosts.map((host, _id) => ({ _id, host })) } });
  }
  const until = Date.now() + PRIMARY_MS;
  while (!(await admin.command({ hello: 1 })).setName) {
    if (Date.now() > until) throw new Error('the replica set has not come up in two minutes');
    await sleep(500);
  }
}

/** One at a time: MongoDB refuses to add two voters at once. */
async function addMembers(set: MongoClient, hosts: string[]): Promise<void> {
  const admin = set.db('admin');
  for (const host of hosts) {
    const { config: now } = await admin.command({ replSetGetConfig: 1 });
    if (now.members.some((member: { host: string }) => member.host === host)) continue;
    const _id = Math.max(...now.members.map((member: { _id: number }) => member._id)) + 1;
    await admin.command({
      replSetReconfig: { ...now, version: now.version + 1, members: [...now.members, { _id, host }] },
    });
  }
}

/** The password follows the Secret, so changing it is: change the Secret, run this, restart the services. */
async function saveUser(set: MongoClient, env: Config): Promise<void> {
  const database = set.db(env.CONTINUO_MONGO_DATABASE);
  const user = { pwd: env.CONTINUO_MONGO_PASSWORD, roles: [{ role: 'readWrite', db: env.CONTINUO_MONGO_DATABASE }] };
  try {
    await database.command({ updateUser: USER, ...user });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === USER_UNKNOWN)) throw error;
    await database.command({ createUser: USER, ...user });
  }
}

if (import.meta.main) {
  try {
    await initMongo(readConfig(config));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
