// Does to the processes what the schedule says, and tells what was under way at that moment.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from '@continuo/servers';
import type { Installation, Replica } from './installation.ts';
import { type Fault, isServer, type Server, type Target } from './schedule.ts';

/** A server that can be killed and started again on its port with its data. */
export interface KilledServer {
  current: RunningServer;
  start: () => Promise<RunningServer>;
}
/** One blow as it fell. */
export interface Hurt {
  target: Target;
  how: Fault['how'];
  /** Commands that were sent and not answered yet. */
  inFlight: number;
}

/** One fault after the other; each is over before the next begins. */
export async function hurt(
  schedule: readonly Fault[],
  servers: Record<Server, KilledServer>,
  { replicas }: Pick<Installation, 'replicas'>,
  inFlight: () => number,
): Promise<Hurt[]> {
  const began = Date.now();
  const done: Hurt[] = [];
  const note = (target: Target, how: Fault['how']): void => void done.push({ target, how, inFlight: inFlight() });
  const replicaOf = ({ target, replica }: { target: Exclude<Target, Server>; replica: number }): Replica => {
    const all = replicas(target);
    return all[replica % all.length] as Replica;
  };

  for (const { at, target, replica, how, holdMs, meanwhile } of schedule) {
    await sleep(Math.max(0, began + at - Date.now()));
    note(target, how);
    if (!isServer(target)) {
      await hurtReplica(replicaOf({ target, replica }), how, holdMs);
      continue;
    }
    await hurtServer(servers[target], how, async () => {
      if (!meanwhile) return void (await sleep(holdMs));
      await sleep(holdMs / 2);
      note(meanwhile.target, 'SIGKILL');
      replicaOf(meanwhile).process.signal('SIGKILL');
      await sleep(holdMs / 2);
    });
    if (meanwhile) await restart(replicaOf(meanwhile));
  }
  return done;
}

async function hurtServer(server: KilledServer, how: Fault['how'], hold: () => Promise<void>): Promise<void> {
  process.kill(server.current.pid, how);
  await hold();
  if (how === 'SIGSTOP') process.kill(server.current.pid, 'SIGCONT');
  else {
    await server.current.stop();
    server.current = await server.start();
  }
}

async function hurtReplica(replica: Replica, how: Fault['how'], holdMs: number): Promise<void> {
  replica.process.signal(how);
  await sleep(holdMs);
  if (how === 'SIGSTOP') replica.process.signal('SIGCONT');
  else await restart(replica);
}

async function restart(replica: Replica): Promise<void> {
  await replica.process.exited;
  await replica.start();
}
