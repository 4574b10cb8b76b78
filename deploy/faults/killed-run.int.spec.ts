// A run that is killed, by a person or because it took too long, runs no code of its own any more. What it had started ends all the same.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { identify, isRunning, type ProcessIdentity } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const RUN = join(import.meta.dirname, 'run-to-kill.ts');
type Known = ProcessIdentity & { command: string };
let scratch: string;
let run: ChildProcess | undefined;
let started: Known[] = [];
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'continuo-killed-'));
});
afterAll(async () => {
  run?.kill('SIGKILL');
  for (const one of started) if (isRunning(one)) process.kill(one.pid, 'SIGKILL');
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
});

/** All below a process, however deep. */
async function descendants(of: number): Promise<Known[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, number>();
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // Behind the command, which may itself hold brackets, stand the state and the parent.
    if (stat !== undefined) parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === of || isBelow(parent));
  };
  return Promise.all(
    pids.filter(isBelow).flatMap((pid) => {
      const identity = identify(pid);
      return identity ? [known(identity)] : [];
    }),
  );
}
const known = async (identity: ProcessIdentity): Promise<Known> => ({
  ...identity,
  command: (await readFile(`/proc/${identity.pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim(),
});
const commands = (processes: readonly Known[]): string[] => processes.map(({ command }) => command);

const outputOf = ({ stdout }: ChildProcess) => createInterface(stdout as NonNullable<typeof stdout>);
async function saysUp(one: ChildProcess): Promise<void> {
  for await (const line of outputOf(one)) if (line === 'up') return;
  throw new Error('the run ended by itself');
}

test('a run that is killed leaves no process behind, not even one that is frozen', async () => {
  run = spawn(process.execPath, [RUN, scratch], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: scratch },
  });
  const ended = once(run, 'exit');
  await saysUp(run);
  started = await descendants(run.pid as number);
  for (const kind of ['nats-server', 'mongod', 'conversation/src/main.ts', 'beam', 'epmd'])
    expect(commands(started)).toContainEqual(expect.stringContaining(kind));
  const mongo = started.find(({ command }) => command.includes('mongod'));
  process.kill((mongo as Known).pid, 'SIGSTOP');
  run.kill('SIGKILL');
  await ended;
  await eventually(() => expect(commands(started.filter(isRunning))).toEqual([]), { withinMs: 60_000 });
}, 300_000);

test.each([
  [
    'a worker of jest',
    `spawn(process.execPath, [...CODE, "await import('../jest/strip-types.mjs');" + LIVE], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })`,
  ],
  ['jest itself', `(await import('../run-node.ts')).runNode([...CODE, LIVE])`],
])('%s ends with whoever started it', async (_what, start) => {
  const code = `import { spawn } from 'node:child_process';
    const CODE = ['--input-type=module', '-e'];
    const LIVE = 'console.log(process.pid); setInterval(() => {}, 1000);';
    ${start}; setInterval(() => {}, 1000);`;
  run = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = await once(outputOf(run), 'line');
  started = [await known(identify(Number(pid)) as ProcessIdentity)];
  run.kill('SIGKILL');
  await eventually(() => expect(commands(started.filter(isRunning))).toEqual([]));
});
