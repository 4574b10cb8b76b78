// An installation on servers of its own, people who write, faults by the seed, and at the end the checker in a process of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keptSecrets, type ServiceName } from '@continuo/servers';
import type { Evidence } from './check.ts';
import { endOf, type Others } from './end.ts';
import { type Hurt, hurt } from './hurt.ts';
import { type Company, type Installation, startInstallation } from './installation.ts';
import type { Finding } from './judge.ts';
import { type Answer, openLedger } from './ledger.ts';
import { watchOutside } from './outside.ts';
import { startTraffic } from './people.ts';
import { recordStream } from './record.ts';
import { watchRequests } from './requests.ts';
import { type Fault, scheduleOf } from './schedule.ts';
import { oneOfEach, type StartServers } from './servers.ts';

export interface SeedOptions {
  seed: number;
  seconds: number;
  /** At least so many are acknowledged before it ends. */
  messages: number;
  faults: number;
  visitors: number;
  /** In place of the seed's own faults. */
  schedule?: Fault[];
  /** In place of any fault: whatever is done to the installation while people write. */
  instead?(installation: Installation, company: Company): Promise<Others>;
}
export interface ChaosOptions extends SeedOptions, InstallationWish {
  /** Acknowledge before the write, to see the checker find it. */
  plant?: boolean;
}
export interface InstallationWish {
  /** For ledgers, logs and data; made where none is given. */
  dir?: string;
  servers?: StartServers;
  /** Replicas; one where nothing is said. */
  counts?: Partial<Record<ServiceName, number>>;
}
export interface SeedRun {
  schedule: Fault[];
  hurts: Hurt[];
  acknowledged: number;
  /** How long each of them took. */
  answers: readonly Answer[];
  /** What every screen shows by now is written down, and the checker is asked. */
  check(): Promise<Finding[]>;
}
export interface ChaosResult extends Omit<SeedRun, 'check'> {
  findings: Finding[];
  /** Ledger, logs and data; whoever asked for the run removes it. */
  dir: string;
}
/** An installation that any number of seeds is run on, one after the other: each has a company with people of its own, who stay until all is over. */
export interface Chaos extends AsyncDisposable {
  /** Ledgers, logs and data; whoever started it removes it. */
  readonly dir: string;
  run(options: SeedOptions): Promise<SeedRun>;
  /** From now on the gateways acknowledge before the write. */
  plant(): Promise<void>;
}

const TWO_OF_EACH = { gateway: 2, conversation: 2, 'crm-sync': 2 };
const PLANT = fileURLToPath(new URL('plant.mjs', import.meta.url));
const CHECK = fileURLToPath(new URL('check.ts', import.meta.url));

export async function startChaos({
  servers: startServers = oneOfEach,
  counts = TWO_OF_EACH,
  ...given
}: InstallationWish = {}): Promise<Chaos> {
  const dir = given.dir ?? (await mkdtemp(join(tmpdir(), 'continuo-chaos-')));
  await using stack = new AsyncDisposableStack();
  const secrets = await keptSecrets(join(dir, 'secrets.json'));
  const servers = stack.use(await startServers(dir, secrets));
  const outside = stack.use(watchOutside(servers.members));
  const { natsUrl, natsReplicas, mongoUrl } = servers;
  const installation = stack.use(await startInstallation({ dir, secrets, natsUrl, natsReplicas, mongoUrl, counts }));
  const access = { url: natsUrl, user: 'admin', password: secrets.nats.admin };
  const desk = join(dir, 'desk.jsonl');
  stack.use(await recordStream(access, 'DESK', desk));
  const requests = stack.use(await watchRequests(access));
  let runs = 0;

  async function run({ seed, seconds, messages, faults, visitors, ...given }: SeedOptions): Promise<SeedRun> {
    runs += 1;
    const name = `${runs}-seed-${seed}`;
    const company = await installation.newCompany({ agents: 4, capacity: Math.max(1, Math.floor(visitors / 5)) });
    const ledger = openLedger(join(dir, `${name}.ledger.jsonl`));
    owned.use(ledger);
    const { gateways } = installation;
    const traffic = owned.use(await startTraffic({ company, gateways, ledger, seed, visitors, mailed: 2 }));

    const schedule = given.schedule ?? (given.instead ? [] : scheduleOf({ seed, faults, seconds }));
    const until = Date.now() + seconds * 1_000;
    const hurts = await hurt(schedule, { servers, installation, traffic, requests, outside });
    const others = await given.instead?.(installation, company);
    if (others) owned.use(others);
    const patience = Date.now() + 300_000;
    while ((Date.now() < until || ledger.answers.length < messages) && Date.now() < patience) await sleep(100);
    const end = endOf(ledger, traffic, others);
    await end.finish();

    return {
      schedule,
      hurts,
      acknowledged: ledger.answers.length,
      answers: ledger.answers,
      check: () => Promise.race([checkAll(), outside.ended]),
    };
    async function checkAll(): Promise<Finding[]> {
      await end.writeScreens();
      return check(join(dir, `${name}.evidence.json`), {
        ledger: ledger.file,
        desk,
        nats: access,
        mongo: { url: mongoUrl, database: installation.database },
        crm: company.crm,
        mailUrl: installation.mail.httpUrl,
        site: company.site.id,
        capacity: company.capacity,
      });
    }
  }

  async function plant(): Promise<void> {
    installation.preload(PLANT);
    for (const replica of installation.replicas('gateway')) {
      await replica.process.stop();
      await replica.start();
    }
  }

  const owned = stack.move();
  return {
    dir,
    run: (options) => Promise.race([run(options), outside.ended]),
    plant,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** One seed on an installation of its own. */
export async function runChaos({
  plant = false,
  servers,
  counts,
  dir,
  ...options
}: ChaosOptions): Promise<ChaosResult> {
  const chaos = await startChaos({ ...(servers && { servers }), ...(counts && { counts }), ...(dir && { dir }) });
  try {
    if (plant) await chaos.plant();
    const { check: checked, ...run } = await chaos.run(options);
    return { ...run, findings: await checked(), dir: chaos.dir };
  } finally {
    await chaos[Symbol.asyncDispose]();
  }
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
