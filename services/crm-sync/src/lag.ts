// How far the CRMs are behind, for metrics: the oldest dialogue of each connector that is not there as it should be.
import { clock } from '@continuo/runtime';
import { watchGauge } from '@continuo/telemetry';
import { connectorNames } from './connectors/index.ts';
import type { Links } from './links.ts';

export function watchLag({ collection }: Pick<Links, 'collection'>): Disposable {
  const lagOf = async (connector: string): Promise<number> => {
    // The identity of a connection begins with its connector.
    const connection = { $gte: `${connector} `, $lt: `${connector}!` };
    const oldest = await collection.findOne(
      { behindSince: { $exists: true }, connection },
      { projection: { behindSince: 1 }, sort: { behindSince: 1 } },
    );
    return oldest?.behindSince === undefined ? 0 : Math.max(0, clock.now() - oldest.behindSince) / 1000;
  };
  return watchGauge('continuo.crm.lag.seconds', () =>
    Promise.all(connectorNames().map(async (connector) => ({ value: await lagOf(connector), labels: { connector } }))),
  );
}
