// Finds RabbitMQ and the Erlang it runs on: the environment, Debian's own place, the project's cache, then Debian's packages unpacked into that cache. They
// are not installed: that needs no root and starts no public server. apt checks what it downloads against Debian's signatures.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serversCache } from './cache.ts';
import { isExecutable, onPath } from './on-path.ts';

const run = promisify(execFile);

/** Not the one in /usr/sbin: that one switches to another user and drops the environment. */
const IN_PLACE = 'usr/lib/rabbitmq/bin/rabbitmq-server';
const ERLANG = 'usr/lib/erlang';
const ERLANG_PARTS = [
  ...['asn1', 'base', 'crypto', 'eldap', 'ftp', 'inets', 'mnesia', 'os-mon', 'parsetools'],
  ...['public-key', 'runtime-tools', 'snmp', 'ssl', 'syntax-tools', 'tftp', 'tools', 'xmerl'],
];
const PACKAGES = ['rabbitmq-server', ...ERLANG_PARTS.map((part) => `erlang-${part}`), 'libsctp1'];

export interface FoundRabbitMq {
  server: string;
  /** Folder of `erl` and `epmd`, when they are not on the PATH. */
  erlangBin?: string;
  /** For the log. */
  source: string;
}
export interface ResolveRabbitMqOptions {
  cacheDir?: string;
  onProgress?: (line: string) => void;
  env?: NodeJS.ProcessEnv;
  /** Where Debian puts things; a test's own. */
  root?: string;
}

export async function resolveRabbitMq({
  env = process.env,
  cacheDir = serversCache(env),
  onProgress = () => {},
  root = '/',
}: ResolveRabbitMqOptions = {}): Promise<FoundRabbitMq> {
  const named = env.RABBITMQ_SERVER_BIN;
  if (named) {
    if (!isExecutable(named)) throw new Error(`RABBITMQ_SERVER_BIN=${named} is not an executable file.`);
    return { server: named, source: 'RABBITMQ_SERVER_BIN in the environment' };
  }
  const installed = join(root, IN_PLACE);
  if (isExecutable(installed) && !onPath('erl', env).next().done)
    return { server: installed, source: 'Debian package' };
  const cached = join(cacheDir, 'rabbitmq-debian');
  if (!existsSync(cached)) await unpackInto(cached, cacheDir, onProgress);
  return { server: join(cached, IN_PLACE), erlangBin: join(cached, ERLANG, 'bin'), source: 'cache' };
}

async function unpackInto(target: string, cacheDir: string, onProgress: (line: string) => void): Promise<void> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb'))
    throw new Error('There is no RabbitMQ: install one and set RABBITMQ_SERVER_BIN to its rabbitmq-server.');
  onProgress('downloading RabbitMQ and Erlang (apt, 35 MB)');
  await mkdir(cacheDir, { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, 'download-'));
  try {
    await download(scratch);
    const whole = join(scratch, 'whole');
    await mkdir(whole);
    for (const file of (await readdir(scratch)).filter((name) => name.endsWith('.deb')))
      await run('dpkg-deb', ['-x', join(scratch, file), whole]);
    await moveErlang(join(whole, ERLANG));
    const erl = join(whole, ERLANG, 'bin', 'erl');
    await run(erl, ['-noshell', '-eval', '{ok, _} = application:ensure_all_started(ssl), halt().'], {
      timeout: 60_000,
    });
    // Somebody else may have been quicker; his is as good.
    await rename(whole, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error;
    });
  } catch (error) {
    throw new Error(
      `RabbitMQ cannot be had from Debian’s packages: ${lastLine(error)} Install it, or set RABBITMQ_SERVER_BIN to a rabbitmq-server.`,
      { cause: error },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function download(cwd: string): Promise<void> {
  const get = () => run('apt-get', ['download', '-q', ...PACKAGES], { cwd, timeout: 600_000 });
  await get().catch(async (error: unknown) => {
    // The list of packages may be missing or old; only root may bring it up to date.
    if (process.getuid?.() !== 0) throw error;
    await run('apt-get', ['update', '-q'], { timeout: 600_000 });
    await get();
  });
}

/** Debian's start script knows only where Debian puts it: it is told to look where it is. */
async function moveErlang(dir: string): Promise<void> {
  const script = join(dir, 'bin', 'erl');
  const text = await readFile(script, 'utf8');
  const moved = text.replaceAll('ROOTDIR=/usr/lib/erlang', 'ROOTDIR=$(cd "$progdir/.." && pwd)');
  if (moved === text) throw new Error('Its erl is not the script that was expected.');
  await writeFile(script, moved);
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).split('\n').at(-1) ?? '';
}
