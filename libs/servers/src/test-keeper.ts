// node test-keeper.ts SERVER DIR OWNER: runs one shared test server for as long as the process OWNER lives, then removes
// its folder. A process of its own, because test files share nothing in memory and a killed run stops nobody.
import { existsSync } from 'node:fs';
import { rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBottleCrm } from './bottlecrm.ts';
import { startMongo } from './mongo.ts';
import { identify, isRunning } from './process-identity.ts';
import type { KeeperReport, SharedServer } from './test-servers.ts';

const START: Record<SharedServer, (dir: string) => Promise<{ ready: unknown; stop(): Promise<void> }>> = {
  mongo: async (dir) => {
    const mongo = await startMongo({ dir: join(dir, 'data') });
    return { ready: mongo.url, stop: mongo.stop };
  },
  crm: async (dir) => {
    const crm = await startBottleCrm({ dir: join(dir, 'data') });
    return { ready: crm.access, stop: crm.stop };
  },
};

const [server = '', dir = '', ownerPid = ''] = process.argv.slice(2);
const owner = identify(Number(ownerPid));

try {
  const { ready, stop } = await START[server as SharedServer](dir);
  await report({ ready });
  await endOfRun();
  await stop();
} catch (error) {
  await report({ failed: (error as Error).message });
  await endOfRun();
}
await leaveNothing();

async function endOfRun(): Promise<void> {
  while (owner && isRunning(owner) && !existsSync(join(dir, 'release'))) await sleep(200);
}

/** The last keeper of a run also removes the run's folder. */
async function leaveNothing(): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await rmdir(dirname(dir)).catch((error) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error;
  });
}

async function report(content: KeeperReport): Promise<void> {
  const part = join(dir, 'report.part');
  await writeFile(part, JSON.stringify(content), { mode: 0o600 });
  await rename(part, join(dir, 'report.json'));
}
