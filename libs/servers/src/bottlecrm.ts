// A real CRM: BottleCRM (PyPI `django-crm`), installed into the cache and run by the scripts in ../bottlecrm.
// One organisation per test world keeps worlds apart; an organisation's token sees that organisation only.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serversCache } from './cache.ts';
import { onPath } from './on-path.ts';
import { launch, onPort, type RunningServer } from './processes.ts';

const SCRIPT = fileURLToPath(new URL('../bottlecrm/bottlecrm.py', import.meta.url));
const INTERPRETERS = ['python3', 'python3.13', 'python3.12', 'python3.14', 'python'];
/** The first start installs 400 MB; on a slow machine that takes minutes. */
const START_TIMEOUT_MS = 30 * 60_000;

/** Plain data, so that a running CRM can be announced to another process. */
export interface BottleCrmAccess {
  baseUrl: string;
  apiUrl: string;
  /** Unlimited in time and scope, for the records of `orgId`. */
  token: string;
  /** Valid for seven days; manages organisations and credentials, which `token` may not. */
  jwt: string;
  orgId: string;
  db: 'postgres' | 'sqlite';
}

export interface BottleCrmOrganisation {
  token: string;
  jwt: string;
  orgId: string;
}

export interface BottleCrm extends BottleCrmAccess {
  newOrganisation(name: string): Promise<BottleCrmOrganisation>;
}

export interface BottleCrmOptions {
  /** Data and logs; kept between starts. */
  dir: string;
  /** A free one when left out. */
  port?: number;
  /** PostgreSQL where it is installed, else SQLite; a folder keeps what it began with. */
  db?: 'postgres' | 'sqlite';
  onProgress?: (line: string) => void;
}

export async function startBottleCrm(
  options: BottleCrmOptions,
): Promise<BottleCrm & RunningServer & { access: BottleCrmAccess }> {
  const { db = 'auto', onProgress = () => {} } = options;
  const dir = resolve(options.dir);
  await mkdir(dir, { recursive: true });
  const command = findPython();
  return onPort(options.port, async (port) => {
    const cache = join(serversCache(), 'bottlecrm');
    const args = [SCRIPT, '--dir', dir, '--cache', cache, '--port', String(port), '--db', db];
    const startId = randomUUID();
    const server = await launch({
      name: 'BottleCRM',
      dir,
      port,
      command,
      args: [...args, '--start-id', startId],
      // It ends web server and database in their order.
      lastSignal: 'SIGTERM',
    });
    const progress = progressReader(dir, onProgress);
    const ready = async () => {
      await progress();
      const { startId: whose, ...access } = JSON.parse(await readFile(join(dir, 'ready.json'), 'utf8'));
      if (whose !== startId) throw new Error('this file was left behind by an earlier start');
      return access as BottleCrmAccess;
    };
    await server.waitUntil(ready, START_TIMEOUT_MS).catch(async (error) => {
      throw (await sentence(dir)) ?? error;
    });
    const access = await ready();
    const stop = () => server.stop(30_000);
    return {
      ...bottleCrmAt(access),
      access,
      url: access.baseUrl,
      port,
      pid: server.pid,
      exited: server.exited,
      stop,
      [Symbol.asyncDispose]: stop,
    };
  });
}

/** A client for a BottleCRM that runs already. */
export function bottleCrmAt(access: BottleCrmAccess): BottleCrm {
  return { ...access, newOrganisation: (name) => newOrganisation(access, name) };
}

async function newOrganisation({ apiUrl, jwt }: BottleCrmAccess, name: string): Promise<BottleCrmOrganisation> {
  const created = await post<{ org: { id: string } }>(`${apiUrl}org/`, jwt, { name });
  const orgId = created.org.id;
  const switched = await post<{ access_token: string }>(`${apiUrl}auth/switch-org/`, jwt, { org_id: orgId });
  // An empty list of scopes means all of them.
  const wish = { name: 'Continuo', scopes: [] };
  const { token } = await post<{ token: string }>(`${apiUrl}profile/tokens/`, switched.access_token, wish);
  return { token, jwt: switched.access_token, orgId };
}

async function post<Answer>(url: string, jwt: string, body: object): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    // A connection kept open is closed by the server at the very moment it is used again.
    headers: { authorization: `Bearer ${jwt}`, 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`BottleCRM answered ${answer.status} to POST ${url}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Answer;
}

function findPython(): string {
  if (process.env.BOTTLE_PYTHON) return process.env.BOTTLE_PYTHON;
  for (const name of INTERPRETERS) {
    for (const path of onPath(name)) return path;
  }
  throw new Error('BottleCRM needs Python 3.12 or newer: install one, or set BOTTLE_PYTHON to one.');
}

/** Hands on the launcher's progress lines, each once. */
function progressReader(dir: string, onProgress: (line: string) => void): () => Promise<void> {
  let told = 0;
  return async () => {
    const lines = (await output(dir)).split('\n').slice(0, -1);
    for (const line of lines.slice(told)) {
      const text = /^\[bottlecrm +[\d.]+s\] (.*)$/.exec(line)?.[1];
      if (text) onProgress(text);
    }
    told = lines.length;
  };
}

/** The launcher's own sentence about why it gave up. */
async function sentence(dir: string): Promise<Error | undefined> {
  const reason = /\] error: (.*)$/m.exec(await output(dir))?.[1];
  return reason ? new Error(reason) : undefined;
}

function output(dir: string): Promise<string> {
  return readFile(join(dir, 'output.log'), 'utf8').catch(() => '');
}
