// The servers that all test files of one run share: MongoDB (a database per world), BottleCRM (an organisation per
// world), Chromium. The test runner announces them in the environment; without it the first test that asks starts them,
// and they end with the run, even when the run is killed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BottleCrm, type BottleCrmAccess, bottleCrmAt } from './bottlecrm.ts';
import { findChromium } from './chromium.ts';
import { identify } from './process-identity.ts';

const KEEPER = fileURLToPath(new URL('test-keeper.ts', import.meta.url));

/** Which shared server; each is started at most once for a run. */
export type SharedServer = 'mongo' | 'crm';

/** Written by the keeper when its server is up, or when it cannot be. */
export type KeeperReport = { ready: unknown } | { failed: string };

export async function testMongoUrl(): Promise<string> {
  return process.env.CONTINUO_TEST_MONGO_URL ?? ((await shared('mongo')) as string);
}

export async function testCrm(): Promise<BottleCrm> {
  const announced = process.env.CONTINUO_TEST_CRM;
  return bottleCrmAt(announced ? JSON.parse(announced) : ((await shared('crm')) as BottleCrmAccess));
}

export function testChromium(): string {
  const path = process.env.CONTINUO_TEST_CHROMIUM ?? findChromium();
  if (path) return path;
  throw new Error('There is no Chromium: install one (Debian: apt-get install chromium) or set CHROMIUM_BIN to it.');
}

/** Ends the shared servers now instead of when the run's process ends, and waits until they are gone. */
export async function releaseTestServers(): Promise<void> {
  const run = runFolder();
  for (const name of await readdir(run).catch(() => [])) await writeFile(join(run, name, 'release'), '');
  while (existsSync(run)) await sleep(50);
}

async function shared(server: SharedServer): Promise<unknown> {
  const dir = join(runFolder(), server);
  if (await claim(dir)) {
    const args = [KEEPER, server, dir, String(ownerPid())];
    spawn(process.execPath, args, { detached: true, stdio: 'ignore' }).unref();
  }
  for (;;) {
    const report = await readReport(dir);
    if (report && 'failed' in report) throw new Error(report.failed);
    if (report) return report.ready;
    await sleep(50);
  }
}

/** The process whose end is the end of the run. */
function ownerPid(): number {
  return Number(process.env.CONTINUO_TEST_OWNER ?? process.pid);
}

function runFolder(): string {
  const owner = identify(ownerPid());
  if (!owner) throw new Error(`CONTINUO_TEST_OWNER names the process ${ownerPid()}, which is not there.`);
  return join(tmpdir(), `continuo-test-${owner.pid}-${owner.started.replace(/\W/g, '')}`);
}

/** Several test files ask at once; whoever makes the folder starts the server. */
async function claim(dir: string): Promise<boolean> {
  await mkdir(dirname(dir), { recursive: true, mode: 0o711 });
  try {
    await mkdir(dir, { mode: 0o711 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readReport(dir: string): Promise<KeeperReport | undefined> {
  try {
    return JSON.parse(await readFile(join(dir, 'report.json'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
