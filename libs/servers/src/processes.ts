// Starts, watches and stops one server process. A folder belongs to one living launcher; a server ends with it, and where the system cannot see to that
// the next launcher stops it. Its data is kept.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endingWithUs, type LastSignal } from './ending-with-us.ts';
import { freePort, isFree } from './ports.ts';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

/** What every start function gives back: where the server is and how to end it. */
export interface RunningServer extends AsyncDisposable {
  url: string;
  port: number;
  pid: number;
  /** Resolves with the exit code or the signal. */
  exited: Promise<number | string>;
  /** Leaves no process; safe to call twice. */
  stop(): Promise<void>;
}

export interface LaunchedProcess {
  pid: number;
  /** Resolves with the exit code or the signal. */
  exited: Promise<number | string>;
  /** A throwing probe is asked again; the process's death fails at once, with the end of its output. */
  waitUntil(probe: () => Promise<unknown>, timeoutMs?: number): Promise<void>;
  stop(graceMs?: number): Promise<void>;
}

interface LaunchOptions {
  /** What people know the server as; used in messages. */
  name: string;
  dir: string;
  port: number;
  command: string;
  args: string[];
  /** The launcher's own when left out. */
  env?: NodeJS.ProcessEnv;
  /** What it gets when the launcher ends without having stopped it. */
  lastSignal?: LastSignal;
}

export class AlreadyRunningError extends Error {
  override name = 'AlreadyRunningError';
}

export class PortTakenError extends Error {
  override name = 'PortTakenError';
}

interface State {
  owner: ProcessIdentity;
  server: ProcessIdentity;
}

export const STATE_FILE = 'process.json';
const LOG_FILE = 'output.log';

/**
 * Own process group: Ctrl-C in a terminal reaches only the launcher, which stops services before servers.
 * The log is a file, not a pipe: what it says while the launcher dies is kept.
 */
export async function launch({
  name,
  dir,
  port,
  command,
  args,
  env = process.env,
  lastSignal,
}: LaunchOptions): Promise<LaunchedProcess> {
  await mkdir(dir, { recursive: true });
  await takeOver(name, dir);
  // Otherwise the probes that follow would find a stranger's server there and take it for this one.
  if (!(await isFree(port))) throw portTaken(name, port);

  const output = openSync(join(dir, LOG_FILE), 'w');
  const child = spawn(...endingWithUs(command, args, lastSignal), {
    cwd: dir,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
    child.once('error', (error) => resolve(error.message));
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${name} cannot be run: ${await exited}`);
  child.unref(); // a server is no reason for its launcher to go on
  await remember(dir, pid);
  const spare = killAtExit(() => signalGroup(pid, 'SIGKILL'));
  let ended: number | string | undefined;
  void exited.then((how) => {
    ended = how;
    spare();
  });

  const stop = async (graceMs = 10_000) => {
    if (ended === undefined) child.kill('SIGTERM');
    const patience = new AbortController();
    const late = await Promise.race([
      exited.then(() => false),
      sleep(graceMs, true, { signal: patience.signal }).catch(() => false),
    ]);
    patience.abort();
    if (late) {
      signalGroup(pid, 'SIGKILL');
      await exited;
    }
    await rm(join(dir, STATE_FILE), { force: true });
  };

  const waitUntil = async (probe: () => Promise<unknown>, timeoutMs = 60_000) => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      try {
        await probe();
        return;
      } catch (error) {
        if (ended !== undefined) throw await lastWords({ name, dir, port, ended });
        if (Date.now() > deadline) {
          await stop(2_000);
          throw new Error(`${name} was not ready in ${timeoutMs / 1000} s; its log is ${join(dir, LOG_FILE)}`, {
            cause: error,
          });
        }
        await sleep(50);
      }
    }
  };

  return { pid, exited, waitUntil, stop };
}

/** With a port of the caller's, on that one; otherwise on a free one, chosen again if somebody was quicker. */
export async function onPort<T>(wanted: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  if (wanted !== undefined) return start(wanted);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === 5) throw error;
    }
  }
}

/** The front that every server shows: the same `stop` by name and by `await using`. */
export function running(url: string, port: number, server: LaunchedProcess): RunningServer {
  const stop = () => server.stop();
  return { url, port, pid: server.pid, exited: server.exited, stop, [Symbol.asyncDispose]: stop };
}

/** Claims a folder for this launcher. @throws {AlreadyRunningError} while another living one has it */
export async function takeOver(name: string, dir: string): Promise<void> {
  const state = await readState(dir);
  if (state && isRunning(state.server)) {
    if (isRunning(state.owner)) {
      throw new AlreadyRunningError(
        `${name} in ${dir} is in use by process ${state.owner.pid}: stop that one or choose another folder.`,
      );
    }
    process.kill(state.server.pid, 'SIGTERM');
    const deadline = Date.now() + 20_000;
    while (isRunning(state.server) && Date.now() < deadline) await sleep(25);
    if (isRunning(state.server)) signalGroup(state.server.pid, 'SIGKILL');
  }
  await rm(join(dir, STATE_FILE), { force: true });
}

async function readState(dir: string): Promise<State | undefined> {
  try {
    return JSON.parse(await readFile(join(dir, STATE_FILE), 'utf8'));
  } catch {
    return undefined; // never started here, or killed while writing it
  }
}

/** Writes down which process runs in a folder and who started it. */
export async function remember(dir: string, pid: number): Promise<void> {
  const state = { owner: identify(process.pid), server: identify(pid) };
  await writeFile(join(dir, STATE_FILE), JSON.stringify(state));
}

async function lastWords(end: { name: string; dir: string; port: number; ended: number | string }): Promise<Error> {
  const text = await readFile(join(end.dir, LOG_FILE), 'utf8').catch(() => '');
  if (/address (already )?in use/i.test(text)) return portTaken(end.name, end.port);
  const tail = text.trim().split('\n').slice(-15).join('\n');
  return new Error(`${end.name} ended (${end.ended}) while starting:\n${tail}`);
}

export function portTaken(name: string, port: number): PortTakenError {
  return new PortTakenError(`${name}: port ${port} is taken: stop what listens there or choose another port.`);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

const killers = new Set<() => void>();

/** However this process ends, `kill` is called then; one listener serves all. @returns gives it up, for what has ended by itself */
export function killAtExit(kill: () => void): () => void {
  if (killers.size === 0) process.once('exit', killAll);
  killers.add(kill);
  return () => {
    killers.delete(kill);
    if (killers.size === 0) process.off('exit', killAll);
  };
}

function killAll(): void {
  for (const kill of killers) kill();
}
