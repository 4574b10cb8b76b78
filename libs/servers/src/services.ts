// Continuo's own services as processes, for `npm start` and for tests: each from its source, with its identity and secrets in the environment.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endingWithUs } from './ending-with-us.ts';
import { isFree } from './ports.ts';
import { killAtExit, portTaken, remember, STATE_FILE, takeOver } from './processes.ts';

export const SERVICES = ['conversation', 'visitor-tracking', 'crm-sync', 'email-fallback', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];
/** Who connects to NATS: the services, the operator's tools, and the administrator who provisions. */
export const NATS_USERS = [...SERVICES, 'operator', 'admin'] as const;

export interface Secrets {
  nats: Record<(typeof NATS_USERS)[number], string>;
  tokenKey: string;
  linkKey: string;
  credentialsKey: string;
}

/** Made at the first start and kept in `file`, which only its owner may read. */
export async function keptSecrets(file: string): Promise<Secrets> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = () => randomBytes(32).toString('hex');
  const nats = Object.fromEntries(NATS_USERS.map((user) => [user, secret()])) as Secrets['nats'];
  const secrets: Secrets = { nats, tokenKey: secret(), linkKey: secret(), credentialsKey: secret() };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  await chmod(file, 0o600);
  return secrets;
}

export interface Surroundings {
  natsUrl: string;
  mongoUrl: string;
  database: string;
  smtpUrl: string;
  secrets: Secrets;
  /** Set for all services, e.g. the test clock. */
  extra?: Record<string, string>;
}

/** What a service finds in its environment: nothing that another one needs alone. */
export function serviceEnvironment(
  name: ServiceName,
  { natsUrl, mongoUrl, database, smtpUrl, secrets, extra }: Surroundings,
): Record<string, string> {
  const own: Partial<Record<ServiceName, Record<string, string>>> = {
    gateway: { CONTINUO_TOKEN_KEY: secrets.tokenKey, CONTINUO_LINK_KEY: secrets.linkKey },
    'crm-sync': {
      CONTINUO_LINK_KEY: secrets.linkKey,
      CONTINUO_CREDENTIALS_KEY: secrets.credentialsKey,
      // The CRM of demo and tests runs on this machine.
      CONTINUO_OUTBOUND_ALLOW: '127.0.0.1:*',
    },
    'email-fallback': { CONTINUO_SMTP_URL: smtpUrl },
  };
  return {
    ...withoutContinuo(process.env),
    CONTINUO_SERVICE: name,
    CONTINUO_NATS_URL: natsUrl,
    CONTINUO_NATS_USER: name,
    CONTINUO_NATS_PASSWORD: secrets.nats[name],
    CONTINUO_MONGO_URL: mongoUrl,
    CONTINUO_MONGO_DATABASE: database,
    ...own[name],
    ...extra,
  };
}

/** The launcher's own CONTINUO_ settings are not the services': an unknown one would be refused. */
function withoutContinuo(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => value !== undefined && !name.startsWith('CONTINUO_') && name !== 'NODE_OPTIONS',
    ),
  ) as Record<string, string>;
}

export interface ServiceProcess {
  readonly name: ServiceName;
  readonly port: number;
  readonly pid: number;
  /** Resolves with exit code or signal. */
  readonly exited: Promise<number | string>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL for one that does not drain. */
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Node keeps what it compiled: a start costs a third less. */
const COMPILED = join(root, '.cache', 'compiled');
const READY_MS = 60_000;
const DRAIN_MS = 28_000;

/**
 * Starts one replica and resolves when it is ready. `dir` holds its log and who runs it: one left behind by a killed launcher is stopped first.
 * @throws with the end of its log when it ends or is not ready in a minute
 */
export async function startService(
  name: ServiceName,
  { env, dir, httpPort = 0 }: { env: Record<string, string>; dir: string; httpPort?: number },
): Promise<ServiceProcess> {
  await mkdir(dir, { recursive: true });
  await takeOver(name, dir);
  if (httpPort > 0 && !(await isFree(httpPort))) throw portTaken(name, httpPort);
  const logFile = join(dir, 'output.log');
  const log = createWriteStream(logFile, { flags: 'w' });
  // Own process group: Ctrl-C reaches the launcher alone, which stops services before servers.
  const child = spawn(...endingWithUs(process.execPath, [join(root, 'services', name, 'src', 'main.ts')]), {
    cwd: root,
    env: { NODE_COMPILE_CACHE: COMPILED, ...env, CONTINUO_HTTP_PORT: String(httpPort) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
    child.once('error', (error) => resolve(error.message));
  });
  if (child.pid === undefined) throw new Error(`${name} cannot be run: ${await exited}`);
  await remember(dir, child.pid);
  void exited.then(killAtExit(() => void child.kill('SIGKILL')));

  child.stderr.pipe(log, { end: false });
  const lastLines = async (): Promise<string> => {
    await new Promise((resolve) => log.end(resolve));
    return (await readFile(logFile, 'utf8')).trim().split('\n').slice(-15).join('\n');
  };
  const port = await new Promise<number>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${name} was not ready in ${READY_MS / 1000} s`)), READY_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      const ready = line.startsWith('{"ready":true') ? (JSON.parse(line) as { port: number }) : undefined;
      if (!ready) return;
      clearTimeout(late);
      resolve(ready.port);
    });
    void exited.then((how) => {
      clearTimeout(late);
      reject(new Error(`${name} ended (${how}) while starting`));
    });
  }).catch(async (error: Error) => {
    child.kill('SIGKILL');
    throw new Error(`${error.message}:\n${await lastLines()}`);
  });
  void exited.then(() => log.end());
  return {
    name,
    port,
    pid: child.pid,
    exited,
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), DRAIN_MS);
      await exited;
      clearTimeout(late);
      await rm(join(dir, STATE_FILE), { force: true });
    },
  };
}
