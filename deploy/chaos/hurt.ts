// Does to the processes what the schedule says, and tells what was under way at that moment.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Watched, watched } from './in-flight.ts';
import type { Installation, Replica } from './installation.ts';
import type { Outside } from './outside.ts';
import type { Traffic } from './people.ts';
import type { Requests } from './requests.ts';
import { type Fault, isServer, type Server, type Target } from './schedule.ts';
import type { ChaosServers } from './servers.ts';

/** One blow as it fell. */
export interface Hurt {
  /** When, by the wall clock. */
  at: number;
  /** When all that this fault hurt was back. */
  until: number;
  target: Target;
  how: Fault['how'];
  /** Commands that this very process had and never answered; undefined where none pass, or nobody could see them. */
  inFlight: number | undefined;
}
export interface Surroundings {
  servers: ChaosServers;
  installation: Pick<Installation, 'replicas'>;
  traffic: Pick<Traffic, 'inFlightAt' | 'isOpen'>;
  requests: Requests;
  outside: Pick<Outside, 'ends'>;
}

/** So long has a request waited when it is held to be with the replica that was stopped, and not with another that is slow. */
const STUCK_MS = 1_000;
/** What a stopped process had sent before has arrived by then. */
const ARRIVED_MS = 50;
/** Whoever has a request and lives has answered it by then. */
const ANSWERED_MS = 2_000;
const PATIENCE_MS = 10_000;

/** One fault after the other; each is over before the next begins. */
export async function hurt(schedule: readonly Fault[], surroundings: Surroundings): Promise<Hurt[]> {
  const { servers, installation, requests, outside } = surroundings;
  const began = Date.now();
  const done: Hurt[] = [];
  const replicaOf = ({ target, replica }: { target: Exclude<Target, Server>; replica: number }): Replica => {
    const all = installation.replicas(target);
    return all[replica % all.length] as Replica;
  };

  /** @returns to be called when it is known what had no answer from it */
  function note(target: Target, how: Fault['how'], watch: Watched | undefined): () => void {
    const commands = watch?.commands() ?? [];
    const at = Date.now();
    const blow: Hurt = { at, until: at, target, how, inFlight: watch && commands.length };
    done.push(blow);
    return () => {
      if (watch) blow.inFlight = watch.unanswered(commands);
    };
  }

  /** The other replicas answer what they have, at last after a while. */
  let settleLater = (): void => {};
  async function kill({ name, process: victim }: Replica, natsIsThere = true): Promise<void> {
    const seen = name !== 'conversation' || natsIsThere;
    const watch = seen ? watched(name, victim, surroundings) : undefined;
    const signal = (which: NodeJS.Signals): void => victim.signal(which);
    if (watch && name === 'conversation') await untilStuck(signal, requests);
    else if (watch) await untilHeld(signal, watch);
    const settle = note(name, 'SIGKILL', watch);
    victim.signal('SIGKILL');
    await victim.exited;
    if (name === 'conversation') settleLater = settle;
    else settle();
  }
  function settleNow(): void {
    settleLater();
    settleLater = () => {};
  }

  async function strike({ target, replica, how, holdMs, meanwhile }: Fault): Promise<void> {
    if (!isServer(target)) {
      const victim = replicaOf({ target, replica });
      if (how === 'SIGKILL') {
        await kill(victim);
        await sleep(holdMs);
        await victim.start();
        return;
      }
      note(target, how, watched(target, victim.process, surroundings));
      victim.process.signal('SIGSTOP');
      await sleep(holdMs);
      victim.process.signal('SIGCONT');
      return;
    }
    const server = await servers.leading[target]();
    const watch = watched(target, undefined, surroundings);
    if (watch && how === 'SIGKILL') await untilHeld((signal) => process.kill(server.current.pid, signal), watch);
    const settle = note(target, how, watch);
    if (how === 'step-down') await servers.stepDown?.();
    else {
      if (how === 'SIGKILL') outside.ends(server.current.pid);
      process.kill(server.current.pid, how);
    }
    if (how === 'SIGKILL') {
      await server.current.exited;
      await sleep(holdMs / 2);
      settle();
    } else await sleep(holdMs / 2);
    if (meanwhile) await kill(replicaOf(meanwhile), target !== 'nats-server');
    await sleep(holdMs / 2);
    if (how === 'SIGSTOP') process.kill(server.current.pid, 'SIGCONT');
    if (how === 'SIGKILL') await server.restart();
    if (meanwhile) await replicaOf(meanwhile).start();
  }
  for (const fault of schedule) {
    await sleep(Math.max(0, began + fault.at - Date.now()));
    settleNow();
    const before = done.length;
    await strike(fault);
    const until = Date.now();
    for (const blow of done.slice(before)) blow.until = until;
  }
  await sleep(ANSWERED_MS);
  settleNow();
  return done;
}

/** A kill while nobody waits for an answer shows little. Stopped for a moment it answers nothing: what is then still open is with it. People write all the time, so that is moments. */
async function untilHeld(signal: (signal: NodeJS.Signals) => void, watch: Watched): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(10)) {
    signal('SIGSTOP');
    await sleep(ARRIVED_MS);
    if (watch.commands().length > 0 || Date.now() > deadline) return;
    signal('SIGCONT');
  }
}

/** Nobody can see which of the replicas has a request, so it is stopped first: what is asked then and waits on and on is with it. */
async function untilStuck(signal: (signal: NodeJS.Signals) => void, requests: Requests): Promise<void> {
  signal('SIGSTOP');
  const stopped = performance.now();
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(10))
    if (requests.waitsSince(stopped, STUCK_MS)) return;
}
