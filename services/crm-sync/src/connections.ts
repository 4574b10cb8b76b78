// Which CRM a site's dialogues go to. Primary documents; credentials are sealed.
import type { CrmConnection } from '@continuo/contracts';
import type { Outbound } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import type { ConnectionDetails, Connector, Crm, PacedOutbound } from './connectors/connector.ts';
import { CrmError, isCrmFault } from './connectors/crm-error.ts';
import { connectorOf, lackingConnector } from './connectors/index.ts';
import type { Deliveries } from './connectors/push/deliveries.ts';
import type { GateReport } from './domain/breaker.ts';
import { type Keys, resealed, seal, UnsealError, unsealWith } from './sealed.ts';

export interface SiteConnection {
  connector: Connector;
  /**
   * @param calls what each request waits for, and who is told that it was answered
   * @throws {CrmError} when the stored credentials cannot be opened or do not fit the connector any more
   */
  open(signal?: AbortSignal, calls?: Pick<PacedOutbound, 'pace' | 'worked'>): Crm;
  /** The same CRM has the same identity, whatever token is used. */
  identity: string;
  /** Grows with every save and every test that went well: pauses and counts of failures start anew. */
  revision: number;
  /** Source and custom fields have been added. */
  prepared: boolean;
  /** Where the CRM is reached, for people. */
  host: string;
  /** It is only told and never asked. */
  pushes: boolean;
  /** Why contacts are not read back, in words. */
  unread: string | undefined;
  /** Why this process does not use it at all: its mapping has faults, or no key of ours opens its credentials. Ends with the next start. */
  unusable: Pick<GateReport, 'failure' | 'words'> | undefined;
}
export interface Connections {
  of(site: string): Promise<SiteConnection | undefined>;
  list(): Promise<({ site: string; connector: string } & Pick<SiteConnection, 'revision' | 'unusable'>)[]>;
  /** All of one connector, without those whose credentials cannot be opened. */
  all(connector: string): Promise<{ site: string; revision: number; details: ConnectionDetails }[]>;
  save(site: string, connection: CrmConnection): Promise<void>;
  setPrepared(site: string, identity: string): Promise<void>;
  /** Why contacts of this revision are not read back, or that they are. @returns whether that is news */
  setUnread(site: string, revision: number, words: string | undefined): Promise<boolean>;
  /** Seals with the first key what another one had sealed. @returns how many no key opens */
  sealAnew(): Promise<{ sealed: number; unopened: number }>;
  /** It was tested and works: whatever was still under way with what it had before is nobody's news. */
  touch(site: string): Promise<void>;
}

interface Stored {
  _id: string;
  connector: string;
  baseUrl: string;
  sealed: string;
  revision: number;
  preparedFor?: string;
  unread?: string;
}

const NO_KEY_FITS =
  'The stored credentials open with no key that crm-sync has, so the CRM is not asked and everything waits here. Whoever runs it restores CONTINUO_CREDENTIALS_KEY and starts crm-sync anew: then it goes by itself. Where that key is lost, the connection is saved again.';

/** Connectors with a delivery log instead of a CRM that can be read. */
const PUSHING = new Set(['webhook', 'amqp']);

export function openConnections(store: Store, keys: Keys, outbound: Outbound, deliveries: Deliveries): Connections {
  const collection = store.connection.collection<Stored>('crm_connections');
  const identityOf = ({ connector, baseUrl }: Pick<Stored, 'connector' | 'baseUrl'>) => `${connector} ${baseUrl}`;
  const unusable = (
    connector: Connector,
    { _id, sealed }: Pick<Stored, '_id' | 'sealed'>,
  ): SiteConnection['unusable'] => {
    if (connector.refused !== undefined) return { failure: 'mapping-faulty', words: connector.refused };
    return opens(keys, _id, sealed) ? undefined : { failure: 'refused-access', words: NO_KEY_FITS };
  };
  return {
    async of(site) {
      const stored = await collection.findOne({ _id: site });
      if (!stored) return undefined;
      const connector = connectorNamed(stored.connector);
      const identity = identityOf(stored);
      return {
        connector,
        open: (signal, calls) =>
          openStored(connector, stored, { keys, outbound: { ...outbound, ...calls }, deliveries }, signal),
        identity,
        revision: stored.revision,
        prepared: stored.preparedFor === identity,
        host: URL.parse(stored.baseUrl)?.host ?? stored.baseUrl,
        pushes: PUSHING.has(stored.connector),
        unread: stored.unread,
        unusable: unusable(connector, stored),
      };
    },
    list: async () =>
      (await collection.find({}, { projection: { connector: 1, revision: 1, sealed: 1 } }).toArray()).map((stored) => {
        const { _id: site, connector, revision } = stored;
        return { site, connector, revision, unusable: unusable(connectorNamed(connector), stored) };
      }),
    async all(connector) {
      const stored = await collection.find({ connector }).toArray();
      return stored.flatMap(({ _id: site, baseUrl, sealed, revision }) => {
        try {
          const credentials = unsealWith(keys, site, sealed);
          return [{ site, revision, details: { baseUrl, credentials, outbound, push: { site, deliveries } } }];
        } catch {
          return [];
        }
      });
    },
    async save(site, { connector, baseUrl, credentials }) {
      await collection.updateOne(
        { _id: site },
        {
          $set: { connector, baseUrl: baseUrl.replace(/\/+$/, ''), sealed: seal(keys[0], site, credentials) },
          // Another token may belong to another organisation of the same CRM: it is prepared again.
          $unset: { preparedFor: true, unread: true },
          $inc: { revision: 1 },
        },
        { upsert: true },
      );
    },
    async setPrepared(site, identity) {
      await collection.updateOne({ _id: site }, { $set: { preparedFor: identity } });
    },
    async setUnread(site, revision, words) {
      const { modifiedCount } = await collection.updateOne(
        { _id: site, revision },
        words === undefined ? { $unset: { unread: true } } : { $set: { unread: words } },
      );
      return modifiedCount > 0;
    },
    async sealAnew() {
      const counts = { sealed: 0, unopened: 0 };
      for await (const { _id, sealed } of collection.find({}, { projection: { sealed: 1 } }))
        try {
          const anew = resealed(keys, _id, sealed);
          if (anew === undefined) continue;
          // Saved meanwhile, it is sealed with the first key already.
          const { modifiedCount } = await collection.updateOne({ _id, sealed }, { $set: { sealed: anew } });
          counts.sealed += modifiedCount;
        } catch (error) {
          if (!(error instanceof UnsealError)) throw error;
          counts.unopened += 1;
        }
      return counts;
    },
    async touch(site) {
      await collection.updateOne({ _id: site }, { $inc: { revision: 1 } });
    },
  };
}

const connectorNamed = (name: string): Connector => connectorOf(name) ?? lackingConnector(name);

function opens(keys: Keys, site: string, sealed: string): boolean {
  try {
    unsealWith(keys, site, sealed);
    return true;
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    return false;
  }
}

function openStored(
  connector: Connector,
  { _id, baseUrl, sealed }: Stored,
  { keys, outbound, deliveries }: { keys: Keys; outbound: PacedOutbound; deliveries: Deliveries },
  signal?: AbortSignal,
): Crm {
  try {
    const credentials = unsealWith(keys, _id, sealed);
    return connector.open({ baseUrl, credentials, outbound, push: { site: _id, deliveries } }, signal);
  } catch (error) {
    if (isCrmFault(error, 'mapping-faulty')) throw error;
    const words =
      error instanceof UnsealError ? NO_KEY_FITS : 'The stored credentials cannot be used: save the connection again.';
    throw new CrmError('refused-access', words, { cause: error });
  }
}

/** Source and custom fields are added before the first write of a connection. */
export async function prepareOnce(
  connections: Connections,
  site: string,
  { prepared, identity }: SiteConnection,
  crm: Crm,
): Promise<void> {
  if (prepared) return;
  await crm.check();
  await crm.prepare();
  await connections.setPrepared(site, identity);
}
