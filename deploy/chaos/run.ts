// One run: servers of its own, people who write, faults by the seed, and at the end the checker in a process of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keptSecrets, type RunningServer, startMongo, startNats } from '@continuo/servers';
import type { Evidence, Finding } from './check.ts';
import { type Hurt, hurt, type KilledServer } from './hurt.ts';
import { natsUsers, startInstallation } from './installation.ts';
import { openLedger } from './ledger.ts';
import { startTraffic } from './people.ts';
import { type Fault, scheduleOf } from './schedule.ts';

export interface ChaosOptions {
  seed: number;
  seconds: number;
  /** At least so many are acknowledged before it ends. */
  messages: number;
  faults: number;
  visitors: number;
  /** Acknowledge before the write, to see the checker find it. */
  plant?: boolean;
  /** In place of the seed's own faults. */
  schedule?: Fault[];
}
export interface ChaosResult {
  schedule: Fault[];
  hurts: Hurt[];
  acknowledged: number;
  findings: Finding[];
  /** Kept when something was broken: ledger, logs and data. */
  dir: string;
}

const PLANT = fileURLToPath(new URL('plant.mjs', import.meta.url));
const CHECK = fileURLToPath(new URL('check.ts', import.meta.url));

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, seconds, messages, faults, visitors, plant = false } = options;
  const dir = await mkdtemp(join(tmpdir(), 'continuo-chaos-'));
  await using stack = new AsyncDisposableStack();
  const secrets = await keptSecrets(join(dir, 'secrets.json'));
  const nats = await server((port) => startNats({ dir: join(dir, 'nats'), users: natsUsers(secrets), ...port }));
  stack.defer(() => nats.current.stop());
  const mongo = await server((port) => startMongo({ dir: join(dir, 'mongo'), ...port }));
  stack.defer(() => mongo.current.stop());
  const installation = stack.use(
    await startInstallation({
      dir,
      secrets,
      natsUrl: nats.current.url,
      mongoUrl: mongo.current.url,
      counts: { gateway: 2, conversation: 2, 'crm-sync': 2 },
      agents: 4,
      capacity: Math.max(1, Math.floor(visitors / 5)),
      ...(plant && { nodeOptions: `--import=${PLANT}` }),
    }),
  );
  using ledger = openLedger(join(dir, 'ledger.jsonl'));
  const traffic = stack.use(await startTraffic({ installation, ledger, seed, visitors, mailed: 2 }));

  const schedule = options.schedule ?? scheduleOf({ seed, faults, seconds });
  const until = Date.now() + seconds * 1_000;
  const hurts = await hurt(schedule, { 'nats-server': nats, mongod: mongo }, installation, traffic.inFlight);
  const patience = Date.now() + 300_000;
  while ((Date.now() < until || ledger.acknowledged() < messages) && Date.now() < patience) await sleep(100);
  await traffic.finish();
  await traffic.writeScreens();

  const evidence: Evidence = {
    ledger: ledger.file,
    nats: { url: nats.current.url, user: 'admin', password: secrets.nats.admin },
    mongo: { url: mongo.current.url, database: installation.database },
    crm: installation.crm,
    mailUrl: installation.mail.httpUrl,
    site: installation.site.id,
    capacity: installation.capacity,
  };
  const findings = await check(join(dir, 'evidence.json'), evidence);
  await stack.disposeAsync();
  const whole = findings.length > 0 && findings.every(({ broken }) => broken.length === 0);
  if (whole) await rm(dir, { recursive: true, force: true });
  return { schedule, hurts, acknowledged: ledger.acknowledged(), findings, dir };
}

async function server(start: (port: { port?: number }) => Promise<RunningServer>): Promise<KilledServer> {
  const current = await start({});
  return { current, start: () => start({ port: current.port }) };
}

/** @throws when the checker ends without its findings */
export async function check(file: string, evidence: Evidence): Promise<Finding[]> {
  await writeFile(file, JSON.stringify(evidence), { mode: 0o600 });
  const child = spawn(process.execPath, [CHECK, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (output === '') throw new Error(`the checker found nothing to say: ${errors}`);
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Finding);
}
