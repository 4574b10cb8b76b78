// Does to the processes what the schedule says, and tells what was under way at that moment.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer, ServiceName } from '@continuo/servers';
import type { Installation, Replica } from './installation.ts';
import type { Fault } from './schedule.ts';

/** A server that can be killed and started again on its port with its data. */
export interface Server {
  current: RunningServer;
  start: () => Promise<RunningServer>;
}
export interface Hurt extends Fault {
  /** Commands that were sent and not answered yet. */
  inFlight: number;
}

/** One fault after the other; each is over before the next begins. */
export async function hurt(
  schedule: readonly Fault[],
  servers: Record<'nats-server' | 'mongod', Server>,
  installation: Installation,
  inFlight: () => number,
): Promise<Hurt[]> {
  const began = Date.now();
  const done: Hurt[] = [];
  for (const fault of schedule) {
    await sleep(Math.max(0, began + fault.at - Date.now()));
    const { target } = fault;
    const under = inFlight();
    if (target === 'nats-server' || target === 'mongod') await hurtServer(fault, servers[target]);
    else await hurtReplica(fault, replicaFor(installation.replicas(target as ServiceName), fault));
    done.push({ ...fault, inFlight: under });
  }
  return done;
}

const replicaFor = (replicas: Replica[], { replica }: Fault): Replica => replicas[replica % replicas.length] as Replica;

async function hurtServer({ how, holdMs }: Fault, server: Server): Promise<void> {
  process.kill(server.current.pid, how);
  await sleep(holdMs);
  if (how === 'SIGSTOP') process.kill(server.current.pid, 'SIGCONT');
  else {
    await server.current.stop();
    server.current = await server.start();
  }
}

async function hurtReplica({ how, holdMs }: Fault, replica: Replica): Promise<void> {
  replica.process.signal(how);
  await sleep(holdMs);
  if (how === 'SIGSTOP') replica.process.signal('SIGCONT');
  else {
    await replica.process.exited;
    await replica.start();
  }
}
