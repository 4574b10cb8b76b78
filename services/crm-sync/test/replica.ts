// A replica of crm-sync in this process, on real servers and a real CRM, whose life a test holds in its hands: it can die or stand still at any save of the link
// and before or after any call to the CRM. What a killed process leaves behind is left behind: leases, locks, half-written links.
import { type Bus, openSettings, type Settings } from '@continuo/bus';
import { openOutbound } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import { type Connections, openConnections } from '../src/connections.ts';
import type { Crm } from '../src/connectors/connector.ts';
import { CrmError } from '../src/connectors/crm-error.ts';
import { type Deliveries, openDeliveries } from '../src/connectors/push/deliveries.ts';
import { openContactLocks } from '../src/contact-locks.ts';
import { type Gates, openGates } from '../src/gate.ts';
import { openLags } from '../src/lag.ts';
import { type Links, openLinks } from '../src/links.ts';
import { newSync, type Sync } from '../src/sync.ts';

/** Where something can happen to a replica. */
export type Moment = 'before a call' | 'after a call' | 'after a save';
export type Fate = (moment: Moment, nth: number) => Promise<void> | void;

export interface Ground extends AsyncDisposable {
  readonly store: Store;
  readonly links: Links;
  readonly connections: Connections;
  readonly gates: Gates;
  readonly deliveries: Deliveries;
  replica(fate?: Fate): Sync;
  /** As if everything that was held by somebody had run out, and every pause were over. */
  timePasses(site: string): Promise<void>;
}

export async function openGround(bus: Bus, store: Store): Promise<Ground> {
  const settings: Settings & AsyncDisposable = await openSettings(bus);
  const [links, locks, deliveries] = [
    await openLinks(store),
    await openContactLocks(store),
    await openDeliveries(store),
  ];
  const connections = openConnections(store, ['ab'.repeat(32)], openOutbound('127.0.0.1:*'), deliveries);
  const gates = openGates(store);
  const lags = await openLags(store);
  return {
    store,
    links,
    connections,
    gates,
    deliveries,
    replica(fate = () => {}) {
      const nth = { 'before a call': 0, 'after a call': 0, 'after a save': 0 };
      const meet = async (moment: Moment): Promise<void> => {
        nth[moment] += 1;
        await fate(moment, nth[moment]);
      };
      return newSync({
        bus,
        settings,
        links: fatedLinks(links, meet),
        locks,
        connections: fatedConnections(connections, meet),
        gates: openGates(store),
        lags,
        linkKey: 'k'.repeat(32),
      });
    },
    async timePasses(site) {
      const past = new Date(0);
      await links.collection.updateMany({ site, leaseUntil: { $exists: true } }, { $set: { leaseUntil: past } });
      // A lead whose making was not answered has appeared by now, or never will.
      await links.collection.updateMany({ site, making: { $exists: true } }, { $set: { making: 0 } });
      await store.connection.collection('crm_contact_locks').updateMany({}, { $set: { until: past } });
      await store.connection
        .collection<{ _id: string }>('crm_gates')
        .updateOne({ _id: site }, { $set: { 'breaker.pausedUntil': 0, 'breaker.probeUntil': 0, fullAt: past } });
    },
    [Symbol.asyncDispose]: () => settings[Symbol.asyncDispose](),
  };
}

function fatedLinks(links: Links, meet: (moment: Moment) => Promise<void>): Links {
  return {
    ...links,
    async acquire(fresh, holder) {
      const lease = await links.acquire(fresh, holder);
      return (
        lease && {
          ...lease,
          async save(link, changedAt) {
            await lease.save(link, changedAt);
            await meet('after a save');
          },
        }
      );
    },
  };
}

function fatedConnections(connections: Connections, meet: (moment: Moment) => Promise<void>): Connections {
  return {
    ...connections,
    async of(site, id) {
      const found = await connections.of(site, id);
      return found && { ...found, open: (signal, pace) => fatedCrm(found.open(signal, pace), meet) };
    },
  };
}

/** Every call that reaches the CRM; what is known without asking is no call. */
function fatedCrm(crm: Crm, meet: (moment: Moment) => Promise<void>): Crm {
  const fated = <Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) => {
    return async (...given: Given): Promise<Answer> => {
      await meet('before a call');
      const answer = await call(...given);
      await meet('after a call');
      return answer;
    };
  };
  const { openUrl, ...calls } = crm;
  const fatedAll = (all: object): object =>
    Object.fromEntries(
      Object.entries(all).map(([name, call]) => [
        name,
        typeof call === 'function' ? fated(call) : typeof call === 'object' && call !== null ? fatedAll(call) : call,
      ]),
    );
  return { ...fatedAll(calls), openUrl } as Crm;
}

export const answerLost = (): CrmError =>
  new CrmError('unreachable', 'The connection broke (ECONNRESET). It is tried again.', { outcomeUnknown: true });
