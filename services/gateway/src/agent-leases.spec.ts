import type { Bus } from '@continuo/bus';
import { newId } from '@continuo/contracts/ids';
import { expect, test } from '@jest/globals';
import type { MsgHdrs } from '@nats-io/transport-node';
import { keepAgentLeases } from './agent-leases.ts';
import type { Agent } from './hub.ts';

const LEASE = 45;

/** One agent on a gateway that ticks every two seconds, and what it tells NATS: when which lease would end. */
function gateway() {
  let time = 100_000;
  const connection = { heardAt: time };
  const agent = { site: newId(), id: newId(), connection } as unknown as Agent;
  const watchers = new Set<(up: boolean) => void>();
  const said: { at: number; ends: number; key: string }[] = [];
  let up = true;
  const bus = {
    up: () => up,
    onStatus: (watcher: (up: boolean) => void) => watchers.add(watcher) && (() => void watchers.delete(watcher)),
    nc: {
      publish: (key: string, _payload: string, { headers }: { headers: MsgHdrs }) =>
        said.push({ at: time, ends: time + 1_000 * Number.parseInt(headers.get('Nats-TTL'), 10), key }),
    },
  } as unknown as Bus;
  const leases = keepAgentLeases(bus, LEASE, () => time);
  return {
    agent,
    leases,
    said,
    began: time,
    hear: () => {
      connection.heardAt = time;
    },
    pass(seconds: number) {
      for (const end = time + seconds * 1_000; time < end; ) {
        time += 2_000;
        leases.tick();
      }
    },
    nats(is: boolean) {
      up = is;
      for (const watcher of watchers) watcher(is);
    },
  };
}

test('whoever is heard keeps his lease, one key for each socket, renewed every third of it', () => {
  const { agent, leases, said, hear, pass } = gateway();
  leases.came(agent);
  for (let round = 0; round < 20; round++) {
    hear();
    pass(6);
  }
  expect(said.length).toBeGreaterThanOrEqual(120 / (LEASE / 3 + 6));
  expect(said.length).toBeLessThanOrEqual(1 + 120 / (LEASE / 3));
  expect(new Set(said.map(({ key }) => key)).size).toBe(1);
  for (const [index, { at }] of said.entries())
    expect(at).toBeLessThan(said[index - 1]?.ends ?? Number.POSITIVE_INFINITY);
});

test('whoever is heard no more has his lease to the end, and not a moment longer', () => {
  const { agent, leases, said, began, hear, pass } = gateway();
  leases.came(agent);
  pass(10);
  hear();
  pass(100);
  // The lease counts from the last word, and TTLs are whole seconds.
  expect(said.at(-1)?.ends).toBe(began + 10_000 + LEASE * 1_000);
  expect(said.filter(({ at }) => at > began + 10_000 + LEASE * 1_000)).toEqual([]);
});

test('after an outage of NATS, in which leases may have ended, whoever is here says so at once, and whoever fell silent does not', () => {
  const { agent, leases, said, began, hear, pass, nats } = gateway();
  leases.came(agent);
  nats(false);
  pass(14);
  hear();
  expect(said.splice(0)).toHaveLength(1);
  nats(true);
  expect(said.splice(0)).toMatchObject([{ at: began + 14_000, ends: began + 14_000 + LEASE * 1_000 }]);
  nats(false);
  pass(LEASE + 2);
  nats(true);
  expect(said).toEqual([]);
});

test('a socket that goes leaves a third of a lease, and no more than is left of his own', () => {
  const { agent, leases, said, began, pass } = gateway();
  leases.came(agent);
  pass(2);
  leases.left(agent);
  expect(said.at(-1)?.ends).toBe(began + 2_000 + 15_000);
  leases.came(agent);
  pass(40);
  leases.left(agent);
  expect(said.at(-1)?.ends).toBe(began + LEASE * 1_000);
  leases.came(agent);
  pass(20);
  const before = said.length;
  leases.left(agent);
  expect(said.slice(before)).toEqual([]);
  pass(100);
  expect(said.slice(before)).toEqual([]);
});
