// Blows to a cluster: always to who leads. Their order follows from the seed alone.
import { type Fault, randomFrom } from '../chaos/schedule.ts';

const BLOWS: readonly Pick<Fault, 'target' | 'how'>[] = [
  { target: 'nats-server', how: 'SIGKILL' },
  { target: 'mongod', how: 'step-down' },
  { target: 'conversation', how: 'SIGKILL' },
  { target: 'gateway', how: 'SIGKILL' },
  { target: 'nats-server', how: 'SIGSTOP' },
  { target: 'mongod', how: 'SIGKILL' },
];

/** Evenly spread; each blow in turn. The first two are a killed nats-server and a step-down, whatever the seed. */
export function clusterScheduleOf({
  seed,
  faults,
  seconds,
}: {
  seed: number;
  faults: number;
  seconds: number;
}): Fault[] {
  const random = randomFrom(seed);
  const step = (seconds * 1_000) / (faults + 1);
  let bag: Pick<Fault, 'target' | 'how'>[] = [];
  return Array.from({ length: faults }, (_, index) => {
    if (bag.length === 0) bag = [...BLOWS];
    const [blow] = bag.splice(index < 2 ? 0 : Math.floor(random() * bag.length), 1) as [(typeof BLOWS)[number]];
    return {
      ...blow,
      at: Math.round(step * (index + 0.5 + random() / 2)),
      replica: Math.floor(random() * 8),
      holdMs: Math.round(500 + random() * 2_000),
    };
  });
}
