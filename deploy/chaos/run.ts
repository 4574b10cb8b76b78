// One run: servers of its own, people who write, faults by the seed, and at the end the checker in a process of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keptSecrets, type ServiceName } from '@continuo/servers';
import type { Evidence, Finding } from './check.ts';
import { type Hurt, hurt } from './hurt.ts';
import { startInstallation } from './installation.ts';
import { type Answer, openLedger } from './ledger.ts';
import { startTraffic } from './people.ts';
import { recordStream } from './record.ts';
import { type Fault, scheduleOf } from './schedule.ts';
import { oneOfEach, type StartServers } from './servers.ts';

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
  servers?: StartServers;
  /** Replicas; one where nothing is said. */
  counts?: Partial<Record<ServiceName, number>>;
}
export interface ChaosResult {
  schedule: Fault[];
  hurts: Hurt[];
  acknowledged: number;
  /** How long each of them took. */
  answers: readonly Answer[];
  findings: Finding[];
  /** Kept when something was broken: ledger, logs and data. */
  dir: string;
}

const TWO_OF_EACH = { gateway: 2, conversation: 2, 'crm-sync': 2 };
const OFTEN_SNAPSHOTS = fileURLToPath(new URL('often-snapshots.mjs', import.meta.url));
const PLANT = fileURLToPath(new URL('plant.mjs', import.meta.url));
const CHECK = fileURLToPath(new URL('check.ts', import.meta.url));

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, seconds, messages, faults, visitors, plant = false, counts = TWO_OF_EACH } = options;
  const dir = await mkdtemp(join(tmpdir(), 'continuo-chaos-'));
  await using stack = new AsyncDisposableStack();
  const secrets = await keptSecrets(join(dir, 'secrets.json'));
  const servers = stack.use(await (options.servers ?? oneOfEach)(dir, secrets));
  const installation = stack.use(
    await startInstallation({
      dir,
      secrets,
      natsUrl: servers.natsUrl,
      natsReplicas: servers.natsReplicas,
      mongoUrl: servers.mongoUrl,
      counts,
      agents: 4,
      capacity: Math.max(1, Math.floor(visitors / 5)),
      nodeOptions: [OFTEN_SNAPSHOTS, ...(plant ? [PLANT] : [])].map((file) => `--import=${file}`).join(' '),
    }),
  );
  const access = { url: servers.natsUrl, user: 'admin', password: secrets.nats.admin };
  const desk = join(dir, 'desk.jsonl');
  stack.use(await recordStream(access, 'DESK', desk));
  using ledger = openLedger(join(dir, 'ledger.jsonl'));
  const traffic = stack.use(await startTraffic({ installation, ledger, seed, visitors, mailed: 2 }));

  const schedule = options.schedule ?? scheduleOf({ seed, faults, seconds });
  const until = Date.now() + seconds * 1_000;
  const hurts = await hurt(schedule, servers, installation, traffic.inFlight);
  const patience = Date.now() + 300_000;
  while ((Date.now() < until || ledger.answers.length < messages) && Date.now() < patience) await sleep(100);
  await traffic.finish();
  await traffic.writeScreens();

  const evidence: Evidence = {
    ledger: ledger.file,
    desk,
    nats: access,
    mongo: { url: servers.mongoUrl, database: installation.database },
    crm: installation.crm,
    mailUrl: installation.mail.httpUrl,
    site: installation.site.id,
    capacity: installation.capacity,
  };
  const findings = await check(join(dir, 'evidence.json'), evidence);
  await stack.disposeAsync();
  const whole = findings.length > 0 && findings.every(({ broken }) => broken.length === 0);
  if (whole) await rm(dir, { recursive: true, force: true });
  return { schedule, hurts, acknowledged: ledger.answers.length, answers: ledger.answers, findings, dir };
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
