// MongoDB and NATS from their images, for the same tests that otherwise run on programs of this machine.
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mongoCommand } from '@continuo/servers';
import { GenericContainer, Wait } from 'testcontainers';

/** The ones that docker-compose.yml names. */
export const NATS_IMAGE = process.env['NATS_IMAGE'] ?? 'nats:2.15.1-alpine';
const MONGO_IMAGE = process.env['MONGO_IMAGE'] ?? 'mongo:8.0.20';
const MONGO_PORT = 27_017;
const PRIMARY_MS = 60_000;
const LAUNCHER = fileURLToPath(new URL('nats-launcher.ts', import.meta.url));

/** By it the runner finds what a killed test has left. */
export const labels = (): Record<string, string> => ({ 'continuo.test': process.env['CONTINUO_TEST_OWNER'] ?? '' });

/** @returns the address of a replica set of one */
export async function startMongoContainer(): Promise<{ url: string } & AsyncDisposable> {
  const container = await new GenericContainer(MONGO_IMAGE)
    .withCommand(['mongod', '--replSet', 'rs0', '--bind_ip_all'])
    .withExposedPorts(MONGO_PORT)
    .withLabels(labels())
    .withWaitStrategy(Wait.forLogMessage('Waiting for connections'))
    .start();
  const port = container.getMappedPort(MONGO_PORT);
  const members = [{ _id: 0, host: `127.0.0.1:${MONGO_PORT}` }];
  await mongoCommand(port, { replSetInitiate: { _id: 'rs0', members } });
  for (const until = Date.now() + PRIMARY_MS; !(await mongoCommand(port, { hello: 1 }))['isWritablePrimary']; ) {
    if (Date.now() > until) throw new Error('the replica set has no primary after a minute');
    await sleep(100);
  }
  const url = `mongodb://127.0.0.1:${port}/?replicaSet=rs0&directConnection=true`;
  return { url, [Symbol.asyncDispose]: async () => void (await container.stop()) };
}

/** @returns an executable that is called as nats-server is, and runs one in a container */
export async function natsExecutable(folder: string): Promise<string> {
  const path = join(folder, 'nats-server');
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${LAUNCHER}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
