// Who of the employees is really there: a key for each socket of an agent, which expires by itself unless the gateway that holds the socket renews it.
// Every write carries its time to live, so that no key outlives its writer. Leases run on real time.
import { leaseKey, parseLeaseKey } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import { Kvm } from '@nats-io/kv';
import { headers } from '@nats-io/transport-node';
import { followBucket } from './bucket.ts';
import type { Bus } from './connect.ts';

/** Renews an agent's lease: not renewed again, it ends after `seconds`. Fire and forget: the next one follows soon. */
export function renewLease(bus: Bus, site: string, agent: string, socket: string, seconds: number): void {
  if (!bus.up()) return;
  const head = headers();
  head.set('Nats-TTL', `${seconds}s`);
  bus.nc.publish(`$KV.presence.${leaseKey(site, agent, socket)}`, '', { headers: head });
}

export interface Leases extends AsyncDisposable {
  /** Has the agent a socket on any gateway? */
  readonly isPresent: (site: string, agent: string) => boolean;
  /** Forgets whoever's lease has ended unseen: its mark stays for a minute, and the line to NATS may be away for longer. */
  reread(): Promise<void>;
}

/**
 * Follows all leases; resolves when those that stand have been read. `onGone` is called when an agent's last lease has ended while this process
 * watched: whoever must not miss one also compares now and then.
 */
export async function watchLeases(bus: Bus, onGone: (site: string, agent: string) => void): Promise<Leases> {
  const kv = await new Kvm(bus.js).open('presence');
  const sockets = new Map<string, Set<string>>();
  /** Renewed since the last reading began. */
  let renewed = new Set<string>();
  const end = (key: string): void => {
    const { site, agent, socket } = parseLeaseKey(key);
    const id = `${site}.${agent}`;
    const his = sockets.get(id);
    if (!his?.delete(socket) || his.size > 0) return;
    sockets.delete(id);
    onGone(site, agent);
  };
  const following = await followBucket(bus, 'presence', {
    log: logger('lease'),
    onPut(key) {
      const { site, agent, socket } = parseLeaseKey(key);
      const id = `${site}.${agent}`;
      renewed.add(key);
      sockets.set(id, (sockets.get(id) ?? new Set<string>()).add(socket));
    },
    onGone: end,
  });
  return {
    isPresent: (site, agent) => sockets.has(`${site}.${agent}`),
    async reread() {
      const known = [...sockets].flatMap(([id, his]) => [...his].map((socket) => `agent.${id}.${socket}`));
      renewed = new Set();
      const standing = new Set<string>();
      for await (const key of await kv.keys()) standing.add(key);
      for (const key of known) if (!standing.has(key) && !renewed.has(key)) end(key);
    },
    [Symbol.asyncDispose]: () => following[Symbol.asyncDispose](),
  };
}
