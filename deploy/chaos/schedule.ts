// Which process is hurt when, and how: follows from the seed alone, so a failure can be played again.
export const TARGETS = [
  'conversation',
  'gateway',
  'crm-sync',
  'nats-server',
  'email-fallback',
  'mongod',
  'visitor-tracking',
] as const;
export type Target = (typeof TARGETS)[number];
export type Server = 'nats-server' | 'mongod';
export const isServer = (target: Target): target is Server => target === 'nats-server' || target === 'mongod';
const SERVICES = TARGETS.filter((target): target is Exclude<Target, Server> => !isServer(target));

export interface Fault {
  /** Milliseconds after the traffic began. */
  at: number;
  target: Target;
  /** Which of its replicas; taken modulo how many there are. */
  replica: number;
  /** `step-down`: the primary of MongoDB hands over. */
  how: 'SIGKILL' | 'SIGSTOP' | 'step-down';
  /** Until it is started again or goes on. */
  holdMs: number;
  /** A service that is killed while this server is away. */
  meanwhile?: { target: Exclude<Target, Server>; replica: number };
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Evenly spread with jitter, each target in turn in an order of the seed's, two kills for each pause. Every second time that a server is hurt,
 * a service is killed meanwhile: what it kept for the server's return is gone.
 */
export function scheduleOf({ seed, faults, seconds }: { seed: number; faults: number; seconds: number }): Fault[] {
  const random = randomFrom(seed);
  const step = (seconds * 1_000) / (faults + 1);
  let bag: Target[] = [];
  return Array.from({ length: faults }, (_, index) => {
    if (bag.length === 0) bag = [...TARGETS];
    const [target] = bag.splice(Math.floor(random() * bag.length), 1) as [Target];
    const fault: Fault = {
      at: Math.round(step * (index + 0.5 + random() / 2)),
      target,
      replica: Math.floor(random() * 8),
      how: random() < 2 / 3 ? 'SIGKILL' : 'SIGSTOP',
      holdMs: Math.round(200 + random() * 2_300),
    };
    if (!isServer(target) || random() < 0.5) return fault;
    const victim = SERVICES[Math.floor(random() * SERVICES.length)] as Exclude<Target, Server>;
    return { ...fault, meanwhile: { target: victim, replica: Math.floor(random() * 8) } };
  });
}
