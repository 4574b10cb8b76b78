// node test-keeper.ts SERVER DIR OWNER: runs one shared test server for as long as the process OWNER lives, then removes
// its folder. A process of its own, because test files share nothing in memory and a killed run stops nobody.
import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBottleCrm } from './bottlecrm.ts';
import { startMongo } from './mongo.ts';
import { identify } from './process-identity.ts';
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

const [server = '', dir = '', owner = ''] = process.argv.slice(2);

try {
  const { ready, stop } = await START[server as SharedServer](dir);
  await report({ ready });
  while (identify(Number(owner))) await sleep(500);
  await stop();
} catch (error) {
  await report({ failed: (error as Error).message });
  while (identify(Number(owner))) await sleep(500);
}
await rm(dir, { recursive: true, force: true });
const run = dirname(dir);
if ((await readdir(run)).length === 0) await rmdir(run);

async function report(content: KeeperReport): Promise<void> {
  const part = join(dir, 'report.part');
  await writeFile(part, JSON.stringify(content), { mode: 0o600 });
  await rename(part, join(dir, 'report.json'));
}
