import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Restartable, RunningServer } from '@continuo/servers';
import { afterAll, expect, test } from '@jest/globals';
import { watchOutside } from './outside.ts';

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});
function server(): RunningServer {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  children.push(child);
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  const stop = async (): Promise<void> => void child.kill('SIGKILL');
  return { url: '', port: 0, pid: child.pid as number, exited, stop, [Symbol.asyncDispose]: stop };
}
const restartable = (): Restartable & { current: RunningServer } => ({
  current: server(),
  async restart() {
    this.current = server();
  },
  async [Symbol.asyncDispose]() {},
});

/** As the run itself does it. */
async function replaced(nats: Restartable & { current: RunningServer }, ends: (pid: number) => void): Promise<void> {
  const first = nats.current;
  ends(first.pid);
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  await nats.restart();
}

test('a server that the run ends itself is none of its business, and one that somebody else ends breaks it off in a sentence', async () => {
  const [nats, mongo] = [restartable(), restartable()];
  using outside = watchOutside([
    ['nats-server', nats],
    ['mongod', mongo],
  ]);
  await replaced(nats, outside.ends);
  const { pid } = mongo.current;
  process.kill(pid, 'SIGKILL');
  await expect(outside.ended).rejects.toThrow(`mongod (process ${pid}) ended with SIGKILL, and this run did not do it`);
});

test('the process that took the place of one that the run ended is watched as well', async () => {
  const nats = restartable();
  using outside = watchOutside([['nats-server', nats]]);
  await replaced(nats, outside.ends);
  const { pid } = nats.current;
  process.kill(pid, 'SIGKILL');
  await expect(outside.ended).rejects.toThrow(`nats-server (process ${pid}) ended with SIGKILL`);
});
