// Does to the processes what the schedule says, and tells what was under way at that moment.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation, Replica } from './installation.ts';
import { type Fault, isServer, type Server, type Target } from './schedule.ts';
import type { ChaosServers } from './servers.ts';

/** One blow as it fell. */
export interface Hurt {
  /** When, by the wall clock. */
  at: number;
  target: Target;
  how: Fault['how'];
  /** Commands that were sent and not answered yet. */
  inFlight: number;
}

/** One fault after the other; each is over before the next begins. */
export async function hurt(
  schedule: readonly Fault[],
  servers: ChaosServers,
  { replicas }: Pick<Installation, 'replicas'>,
  inFlight: () => number,
): Promise<Hurt[]> {
  const began = Date.now();
  const done: Hurt[] = [];
  const note = (target: Target, how: Fault['how']): void =>
    void done.push({ at: Date.now(), target, how, inFlight: inFlight() });
  const replicaOf = ({ target, replica }: { target: Exclude<Target, Server>; replica: number }): Replica => {
    const all = replicas(target);
    return all[replica % all.length] as Replica;
  };

  for (const { at, target, replica, how, holdMs, meanwhile } of schedule) {
    await sleep(Math.max(0, began + at - Date.now()));
    await untilWaitedFor(inFlight);
    if (!isServer(target)) {
      note(target, how);
      await hurtReplica(replicaOf({ target, replica }), how, holdMs);
      continue;
    }
    const server = await servers.leading[target]();
    note(target, how);
    if (how === 'step-down') await servers.stepDown?.();
    else process.kill(server.current.pid, how);
    await sleep(holdMs / 2);
    if (meanwhile) {
      note(meanwhile.target, 'SIGKILL');
      replicaOf(meanwhile).process.signal('SIGKILL');
    }
    await sleep(holdMs / 2);
    if (how === 'SIGSTOP') process.kill(server.current.pid, 'SIGCONT');
    if (how === 'SIGKILL') await server.restart();
    if (meanwhile) await restart(replicaOf(meanwhile));
  }
  return done;
}

/** A blow while nobody waits for an answer shows little. People write all the time, so that is moments. */
async function untilWaitedFor(inFlight: () => number): Promise<void> {
  for (let tries = 0; inFlight() === 0 && tries < 500; tries++) await sleep(10);
}

async function hurtReplica(replica: Replica, how: Fault['how'], holdMs: number): Promise<void> {
  replica.process.signal(how as NodeJS.Signals);
  await sleep(holdMs);
  if (how === 'SIGSTOP') replica.process.signal('SIGCONT');
  else await restart(replica);
}

async function restart(replica: Replica): Promise<void> {
  await replica.process.exited;
  await replica.start();
}
