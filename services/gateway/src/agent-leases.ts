// Keeps the leases of the agents whose sockets this gateway holds: each reaches as far as its length after the last word from the browser, so a socket that
// is open to nobody keeps none. A socket that goes leaves a short one: a reloaded page is back before it ends.
import { type Bus, renewLease } from '@continuo/bus';
import { newId } from '@continuo/contracts/ids';
import type { Agent } from './hub.ts';

export interface AgentLeases extends Disposable {
  came(agent: Agent): void;
  left(agent: Agent): void;
  /** Called several times within a third of a lease. */
  tick(): void;
}
interface Lease {
  readonly socket: string;
  renewedAt: number;
  /** When the browser had last been heard then. */
  heardAt: number;
}

/** So many times a lease is renewed in its own length, and whoever is silent is asked for a sign of life. */
export const PARTS = 3;

/**
 * @param seconds a lease ends so long after the last word; between two sockets an agent may be away for a third of it
 * @param now real time, by the clock of the connections
 */
export function keepAgentLeases(bus: Bus, seconds: number, now = () => performance.now()): AgentLeases {
  const renewEveryMs = (seconds * 1_000) / PARTS;
  const held = new Map<Agent, Lease>();
  const renew = ({ site, id, connection: { heardAt } }: Agent, lease: Lease, most = seconds): void => {
    const left = Math.ceil(seconds - (now() - heardAt) / 1_000);
    if (left > 0) renewLease(bus, site, id, lease.socket, Math.min(left, most));
    lease.renewedAt = now();
    lease.heardAt = heardAt;
  };
  // After an outage of NATS the leases may have ended: whoever is here says so at once.
  const stop = bus.onStatus((up) => {
    if (up) for (const [agent, lease] of held) renew(agent, lease);
  });
  return {
    came(agent) {
      const lease = { socket: newId(), renewedAt: 0, heardAt: 0 };
      held.set(agent, lease);
      renew(agent, lease);
    },
    left(agent) {
      const lease = held.get(agent);
      held.delete(agent);
      if (lease) renew(agent, lease, Math.ceil(seconds / PARTS));
    },
    tick() {
      for (const [agent, lease] of held)
        if (agent.connection.heardAt !== lease.heardAt && now() - lease.renewedAt >= renewEveryMs) renew(agent, lease);
    },
    [Symbol.dispose]: stop,
  };
}
