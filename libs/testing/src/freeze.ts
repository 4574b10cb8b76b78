import { readdir, readFile } from 'node:fs/promises';
import { eventually } from './eventually.ts';

/**
 * Pauses a process and resolves once all its threads stand still: the signal alone is heard by one of them when it is its turn, and on a busy machine
 * the others go on working meanwhile. SIGCONT lets it go on.
 */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  if (process.platform !== 'linux') return;
  await eventually(async () => {
    const tasks = `/proc/${pid}/task`;
    for (const task of await readdir(tasks)) {
      // proc_pid_stat(5): the state comes after the name, which may hold anything.
      const state = /\) (\S)[^)]*$/.exec(await readFile(`${tasks}/${task}/stat`, 'utf8'))?.[1];
      if (state !== 'T') throw new Error(`a thread of process ${pid} is still at work (${state})`);
    }
  });
}
