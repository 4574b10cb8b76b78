// Processes of the load run: each is asked by name and answers once. None outlives its parent.
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Question {
  id: number;
  name: string;
  args: unknown;
}
interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}
export interface Worker {
  readonly pid: number;
  ask<T>(name: string, args?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a module of this folder; it is ready when its `answer` was called. */
export async function startWorker(file: string, env: Record<string, string> = {}): Promise<Worker> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { env: { ...process.env, ...env } });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
  };
  // Also where it could not be started or asked: the part of the run fails then, not the run.
  child.on('error', failAll);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      failAll(new Error(`${file} ended (${signal ?? code})`));
      resolve();
    });
  });
  let questions = 0;
  const wait = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
  child.on('message', ({ id, result, error }: Answer) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(`${file}: ${error}`));
  });
  await wait(0);
  return {
    pid: child.pid as number,
    ask: (name, args) => {
      const id = ++questions;
      child.send({ id, name, args } satisfies Question);
      return wait(id) as Promise<never>;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The worker's side: answers what it is asked, and ends with its parent. */
export function answer(handlers: Record<string, (args: never) => unknown>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async ({ id, name, args }: Question) => {
    try {
      process.send?.({ id, result: await handlers[name]?.(args as never) } satisfies Answer);
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.message : String(error) } satisfies Answer);
    }
  });
  process.send?.({ id: 0 } satisfies Answer);
}

/** Asks for the fair share of this process and its children among the machine's other sessions. @returns whether the kernel granted it to all */
export function claimShare(): boolean {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  try {
    for (const pid of ['self', ...pids]) writeFileSync(`/proc/${pid}/autogroup`, '-19');
    return true;
  } catch {
    return false;
  }
}

/** Memory of a process in KiB: its own, and its part of what it shares. */
export function pssKiB(pid: number): number {
  const [, kib] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kib);
}
