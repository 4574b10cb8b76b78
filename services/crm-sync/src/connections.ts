// Which CRMs a site's dialogues go to: one document for each connection, under its key. Primary documents; credentials are sealed. One that was removed leaves its
// document without address and credentials, so that the number of its revision goes on when it is made again.
import { type CrmConnection, DEFAULT_CRM_CONNECTION } from '@continuo/contracts';
import { clock, type Outbound } from '@continuo/runtime';
import type { Store } from '@continuo/store';
import type { ConnectionDetails, Connector, Crm, PacedOutbound } from './connectors/connector.ts';
import { CrmError, isCrmFault } from './connectors/crm-error.ts';
import { connectorOf, lackingConnector } from './connectors/index.ts';
import type { Deliveries } from './connectors/push/deliveries.ts';
import type { GateReport } from './domain/breaker.ts';
import { keyOf, type Which, whichOf } from './domain/which.ts';
import { type Keys, resealed, seal, UnsealError, unsealWith } from './sealed.ts';

export type Unusable = Pick<GateReport, 'failure' | 'words'> & {
  /** No key of ours opens its credentials. */
  sealed?: true;
};
export interface SiteConnection extends Which {
  /** Of all that belongs to it. */
  key: string;
  /** As the site calls it, else as its makers do. */
  name: string;
  /** Product's time at which it was made; what was said before did not wait for it. */
  since: number | undefined;
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
  /** The whole address, for whoever may change it. */
  baseUrl: string;
  /** @returns its credentials, when they are meant for the same CRM at the same address: elsewhere nobody is told them */
  credentialsAt(place: Pick<CrmConnection, 'connector' | 'baseUrl'>): CrmConnection['credentials'];
  /** It is only told and never asked. */
  pushes: boolean;
  /** Why contacts are not read back, in words. */
  unread: string | undefined;
  /** Why this process does not use it at all: its mapping has faults, or no key of ours opens its credentials. Ends with the next start. */
  unusable: Unusable | undefined;
}
export interface Connections {
  /** @param id without it the first */
  of(site: string, id?: string): Promise<SiteConnection | undefined>;
  /** All of a site: the one that was made without an id, then the others as they came. */
  ofSite(site: string): Promise<SiteConnection[]>;
  list(): Promise<({ connector: string } & Pick<SiteConnection, 'key' | 'revision' | 'unusable'>)[]>;
  /** All of one connector, without those whose credentials cannot be opened. */
  all(connector: string): Promise<(Which & { key: string; revision: number; details: ConnectionDetails })[]>;
  save(which: Which, connection: CrmConnection): Promise<void>;
  /** @returns false when there is none, as below */
  rename(which: Which, name: string): Promise<boolean>;
  remove(which: Which): Promise<boolean>;
  setPrepared(key: string, identity: string): Promise<void>;
  /** Why contacts of this revision are not read back, or that they are. @returns whether that is news */
  setUnread(key: string, revision: number, words: string | undefined): Promise<boolean>;
  /** Seals with the first key what another one had sealed. @returns how many no key opens */
  sealAnew(): Promise<{ sealed: number; unopened: number }>;
  /** It was tested and works: whatever was still under way with what it had before is nobody's news. */
  touch(key: string): Promise<void>;
}

interface Stored {
  /** Its key. */
  _id: string;
  name?: string;
  /** When it was made; without it before there could be several. */
  since?: number;
  removed?: true;
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
  const identityOf = ({ connector, baseUrl }: Pick<Stored, 'connector' | 'baseUrl'>) =>
    `${connector} ${withoutSlash(baseUrl)}`;
  const unusable = (
    connector: Connector,
    { _id, sealed }: Pick<Stored, '_id' | 'sealed'>,
  ): SiteConnection['unusable'] => {
    if (connector.refused !== undefined) return { failure: 'mapping-faulty', words: connector.refused };
    return opens(keys, _id, sealed) ? undefined : { failure: 'refused-access', words: NO_KEY_FITS, sealed: true };
  };
  const opened = (stored: Stored): SiteConnection => {
    const connector = connectorNamed(stored.connector);
    const identity = identityOf(stored);
    return {
      ...whichOf(stored._id),
      key: stored._id,
      name: stored.name ?? connector.describe.name,
      since: stored.since,
      connector,
      open: (signal, calls) =>
        openStored(connector, stored, { keys, outbound: { ...outbound, ...calls }, deliveries }, signal),
      identity,
      revision: stored.revision,
      prepared: stored.preparedFor === identity,
      host: URL.parse(stored.baseUrl)?.host ?? stored.baseUrl,
      baseUrl: stored.baseUrl,
      credentialsAt: (place) =>
        identityOf(place) === identity && opens(keys, stored._id, stored.sealed)
          ? unsealWith(keys, stored._id, stored.sealed)
          : {},
      pushes: PUSHING.has(stored.connector),
      unread: stored.unread,
      unusable: unusable(connector, stored),
    };
  };
  async function ofSite(site: string): Promise<SiteConnection[]> {
    // Keys begin with the site, and go on with a hyphen or end there.
    const stored = await collection.find({ _id: { $gte: site, $lt: `${site}.` }, ...STANDS }).toArray();
    return stored.map(opened).sort((one, other) => ageOf(one) - ageOf(other));
  }
  return {
    async of(site, id) {
      if (id === undefined) return (await ofSite(site))[0];
      const stored = await collection.findOne({ _id: keyOf({ site, id }), ...STANDS });
      return stored ? opened(stored) : undefined;
    },
    ofSite,
    list: async () =>
      (await collection.find(STANDS, { projection: { connector: 1, revision: 1, sealed: 1 } }).toArray()).map(
        (stored) => {
          const { _id: key, connector, revision } = stored;
          return { key, connector, revision, unusable: unusable(connectorNamed(connector), stored) };
        },
      ),
    async all(connector) {
      const stored = await collection.find({ connector, ...STANDS }).toArray();
      return stored.flatMap(({ _id: key, baseUrl, sealed, revision }) => {
        try {
          const credentials = unsealWith(keys, key, sealed);
          const which = whichOf(key);
          return [
            { ...which, key, revision, details: { baseUrl, credentials, outbound, push: { ...which, deliveries } } },
          ];
        } catch {
          return [];
        }
      });
    },
    async save(which, { name, connector, baseUrl, credentials }) {
      const key = keyOf(which);
      await collection.updateOne(
        { _id: key },
        {
          $set: {
            connector,
            baseUrl: withoutSlash(baseUrl),
            sealed: seal(keys[0], key, credentials),
            ...(name !== undefined && { name }),
          },
          // Another token may belong to another organisation of the same CRM: it is prepared again.
          $unset: { preparedFor: true, unread: true },
          $inc: { revision: 1 },
          $setOnInsert: { since: clock.now() },
        },
        { upsert: true },
      );
      const again = { _id: key, removed: true as const };
      await collection.updateOne(again, { $set: { since: clock.now() }, $unset: { removed: true } });
    },
    async rename(which, name) {
      const { matchedCount } = await collection.updateOne({ _id: keyOf(which), ...STANDS }, { $set: { name } });
      return matchedCount > 0;
    },
    async remove(which) {
      const { matchedCount } = await collection.updateOne(
        { _id: keyOf(which), ...STANDS },
        {
          $set: { removed: true, sealed: '', baseUrl: '' },
          $unset: { name: true, since: true, unread: true, preparedFor: true },
          $inc: { revision: 1 },
        },
      );
      return matchedCount > 0;
    },
    async setPrepared(key, identity) {
      await collection.updateOne({ _id: key }, { $set: { preparedFor: identity } });
    },
    async setUnread(key, revision, words) {
      const { modifiedCount } = await collection.updateOne(
        { _id: key, revision },
        words === undefined ? { $unset: { unread: true } } : { $set: { unread: words } },
      );
      return modifiedCount > 0;
    },
    async sealAnew() {
      const counts = { sealed: 0, unopened: 0 };
      for await (const { _id, sealed } of collection.find(STANDS, { projection: { sealed: 1 } }))
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
    async touch(key) {
      await collection.updateOne({ _id: key }, { $inc: { revision: 1 } });
    },
  };
}

const withoutSlash = (address: string): string => address.replace(/\/+$/, '');
const STANDS = { removed: { $exists: false } };
const ageOf = ({ id, since = 0 }: SiteConnection): number => (id === DEFAULT_CRM_CONNECTION ? -1 : since);
const connectorNamed = (name: string): Connector => connectorOf(name) ?? lackingConnector(name);

function opens(keys: Keys, key: string, sealed: string): boolean {
  try {
    unsealWith(keys, key, sealed);
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
    return connector.open({ baseUrl, credentials, outbound, push: { ...whichOf(_id), deliveries } }, signal);
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
  { key, prepared, identity }: SiteConnection,
  crm: Crm,
): Promise<void> {
  if (prepared) return;
  await crm.check();
  await crm.prepare();
  await connections.setPrepared(key, identity);
}
