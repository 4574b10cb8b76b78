// Keeps the leases of the agents whose sockets this gateway holds. A socket that goes leaves a short one: a reloaded page is back before it ends.
import { type Bus, renewLease } from '@continuo/bus';
import { newId } from '@continuo/contracts/ids';
import type { Agent } from './hub.ts';

export interface AgentLeases extends Disposable {
  came(agent: Agent): void;
  left(agent: Agent): void;
  /** Called every few seconds. */
  tick(): void;
}

/** @param seconds a lease that is not renewed ends after so long; between two sockets an agent may be away for a third of it */
export function keepAgentLeases(bus: Bus, seconds: number): AgentLeases {
  const renewEveryMs = (seconds * 1000) / 3;
  const held = new Map<Agent, { socket: string; renewedAt: number }>();
  const renewAll = (): void => {
    for (const [{ site, id }, lease] of held) {
      renewLease(bus, site, id, lease.socket, seconds);
      lease.renewedAt = performance.now();
    }
  };
  // After an outage of NATS the leases may have ended: whoever is here says so at once.
  const stop = bus.onStatus((up) => up && renewAll());
  return {
    came(agent) {
      const socket = newId();
      held.set(agent, { socket, renewedAt: performance.now() });
      renewLease(bus, agent.site, agent.id, socket, seconds);
    },
    left(agent) {
      const lease = held.get(agent);
      held.delete(agent);
      if (lease) renewLease(bus, agent.site, agent.id, lease.socket, Math.ceil(seconds / 3));
    },
    tick() {
      const now = performance.now();
      for (const [{ site, id }, lease] of held) {
        if (now - lease.renewedAt < renewEveryMs) continue;
        renewLease(bus, site, id, lease.socket, seconds);
        lease.renewedAt = now;
      }
    },
    [Symbol.dispose]: stop,
  };
}
