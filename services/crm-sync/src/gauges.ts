// Gauges over all sites, for whoever watches the installation: how far behind, how many dialogues wait, how the connections stand.
import { clock } from '@continuo/runtime';
import { METRICS, watchGauge } from '@continuo/telemetry';
import { stateWord } from './connection-state.ts';
import type { Connections } from './connections.ts';
import { connectorNames } from './connectors/index.ts';
import type { Gates } from './gate.ts';
import type { Links } from './links.ts';

export function watchCrms(
  { collection }: Pick<Links, 'collection'>,
  connections: Connections,
  gates: Gates,
): Disposable {
  const stack = new DisposableStack();
  stack.use(
    watchGauge('continuo.crm.lag.seconds', () =>
      forConnectors(async (connector) => [{ value: await lagOf(connector), labels: { connector } }]),
    ),
  );
  stack.use(
    watchGauge('continuo.crm.dialogues', () =>
      forConnectors((connector) =>
        each(METRICS['continuo.crm.dialogues'].values.state, (state) => countOf(connector, state)),
      ),
    ),
  );
  stack.use(
    watchGauge('continuo.crm.connections', async () => {
      const all = await connections.list();
      const standings = await gates.standings(all);
      const words = all.map(
        ({ connector, unusable }, index) => `${connector} ${stateWord(standings[index], unusable)}`,
      );
      return forConnectors((connector) =>
        each(METRICS['continuo.crm.connections'].values.state, async (state) => ({
          value: words.filter((word) => word === `${connector} ${state}`).length,
          labels: { connector, state },
        })),
      );
    }),
  );
  return stack;

  async function lagOf(connector: string): Promise<number> {
    const oldest = await collection.findOne(
      { behindSince: { $exists: true }, connection: identityOf(connector) },
      { projection: { behindSince: 1 }, sort: { behindSince: 1 } },
    );
    return oldest?.behindSince === undefined ? 0 : Math.max(0, clock.now() - oldest.behindSince) / 1000;
  }
  async function countOf(connector: string, state: 'pending' | 'failed') {
    const value = await collection.countDocuments({ state, connection: identityOf(connector) });
    return { value, labels: { connector, state } };
  }
}

/** The identity of a connection begins with its connector. */
const identityOf = (connector: string) => ({ $gte: `${connector} `, $lt: `${connector}!` });
const each = <In, Out>(all: readonly In[], read: (one: In) => Promise<Out>): Promise<Out[]> =>
  Promise.all(all.map(read));
const forConnectors = async <Out>(read: (connector: string) => Promise<Out[]>): Promise<Out[]> =>
  (await each(connectorNames(), read)).flat();
