// What people tell crm-sync: which CRMs a site uses, and to try again now.
import { type Bus, lastOf, refuse } from '@continuo/bus';
import {
  type CommandData,
  type CommandName,
  type CrmFailure,
  DEFAULT_CRM_CONNECTION,
  type Envelope,
  faultsOf,
  plainWords,
  type Reply,
} from '@continuo/contracts';
import { clock, type Outbound } from '@continuo/runtime';
import { logger } from '@continuo/telemetry';
import { connectionState, reportConnection, reportRemoved } from './connection-state.ts';
import { type Connections, prepareOnce, type SiteConnection } from './connections.ts';
import { CrmError } from './connectors/crm-error.ts';
import { connectorNames, connectorOf } from './connectors/index.ts';
import { isOpen } from './domain/choice.ts';
import { keyOf } from './domain/which.ts';
import type { Gates } from './gate.ts';
import { scheduleSync } from './handlers/mark-changed.ts';
import { type Links, linkId } from './links.ts';
import { connectsCrms, notForSupervisors, notYours, runsTheCrm } from './rights.ts';
import { testConnection } from './test-connection.ts';
import { wakeUnconnected, wakeWaiting } from './wake.ts';

/** Whoever sends a command waits for five seconds. */
const PREPARE_MS = 3_000;
const log = logger('crm-sync');

/** Each dialogue is written to all of them. */
const MOST_CONNECTIONS = 10;

const noSuchConnection = () => refuse('connection-missing', 'The site has no such connection (any more).');
const noSuchDialogue = () => refuse('conversation-unknown', 'There is no such dialogue.');

type Handler<K extends CommandName> = (envelope: Envelope, data: CommandData<K>) => Promise<Reply<K>>;

export function crmCommands({
  bus,
  links,
  connections,
  gates,
  outbound,
}: {
  bus: Bus;
  links: Links;
  connections: Connections;
  gates: Gates;
  outbound: Outbound;
}): {
  [K in
    | 'save-crm-connection'
    | 'rename-crm-connection'
    | 'remove-crm-connection'
    | 'retry-crm-writes'
    | 'choose-crm-contact']: Handler<K>;
} {
  /** A CRM that cannot be prepared now is prepared before its first write, and the journal says what hinders. */
  async function prepareSoon(connection: SiteConnection): Promise<void> {
    const { site, key } = connection;
    try {
      await prepareOnce(connections, connection, connection.open(AbortSignal.timeout(PREPARE_MS)));
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      log.warn({ site, failure: error.fault }, 'A CRM was connected that cannot be used yet.');
      // A key that is refused here has one try less.
      if (error.fault === 'refused-access')
        await gates.tell(key, connection.revision, { failure: error.fault, words: error.message });
    }
  }

  /** It may not have been written yet, so the stream is asked and not the links. */
  const isOfTheSite = async (site: string, conversation: string): Promise<boolean> =>
    (await lastOf(bus, 'CONVERSATION', site, conversation)) !== undefined;

  /** A key that was refused too often is tried once, not once for each dialogue; a CRM that failed is not waited for. */
  async function standsInTheWay(
    connection: SiteConnection,
  ): Promise<{ refusal: 'connection-paused' | CrmFailure; words: string } | undefined> {
    const { breaker, paused } = await gates.standing(connection.key, connection.revision);
    if (paused) return { refusal: 'connection-paused', words: 'The connection is paused: resume it first.' };
    if (connection.unusable) return { refusal: connection.unusable.failure, words: connection.unusable.words };
    if (!breaker.stopped) {
      await gates.hurry(connection.key, connection.revision);
      return undefined;
    }
    const tested = await testConnection({ bus, links, connections, gates }, connection);
    return typeof tested === 'object' && 'failure' in tested
      ? { refusal: tested.failure, words: tested.words }
      : undefined;
  }

  return {
    'save-crm-connection': async ({ site, actor }, { connection: wanted, onlyIfNone = false, keep = false }) => {
      if (!connectsCrms(actor)) return notForSupervisors();
      const connector = connectorOf(wanted.connector);
      if (!connector)
        return refuse(
          'connector-unknown',
          `There is no connector “${wanted.connector}”; there are: ${connectorNames().join(', ')}.`,
        );
      if (connector.refused !== undefined) return refuse('invalid', connector.refused);
      const known = await connections.ofSite(site);
      const id = wanted.id ?? known[0]?.id ?? DEFAULT_CRM_CONNECTION;
      const stands = known.find((one) => one.id === id);
      const kept = keep ? stands?.credentialsAt(wanted) : undefined;
      const credentials = { ...kept, ...wanted.credentials };
      if (keep) for (const name in credentials) if (credentials[name] === '') delete credentials[name];
      const connection = { ...wanted, credentials };
      const checked = connector.describe.credentials.safeParse(connection.credentials, { error: plainWords });
      if (!checked.success)
        return refuse(
          'invalid',
          faultsOf(checked.error)
            .map(({ path, words }) => `${path.join('.')}: ${words}`)
            .join('; '),
        );
      const objection = await outbound.objection(connection.baseUrl, connector.describe.schemes);
      if (objection !== undefined) return refuse('invalid', `baseUrl: ${objection}`);
      if (stands && onlyIfNone)
        return refuse('connection-taken', `The site has a connection “${id}” already: choose another id.`);
      if (!stands && known.length >= MOST_CONNECTIONS)
        return refuse('too-many-connections', `A site has at most ${MOST_CONNECTIONS} connections: remove one first.`);
      await connections.save({ site, id }, connection);
      const saved = await connections.of(site, id);
      // Somebody was quicker to remove it.
      if (!saved) return { ok: true };
      await prepareSoon(saved);
      await reportConnection(bus, { connections, gates, links }, saved);
      // What was said before there was a CRM, or while it was refused, arrives now by itself.
      await wakeWaiting({ bus, links }, saved);
      if (known.length === 0) await wakeUnconnected({ bus, links }, saved);
      return { ok: true };
    },
    'rename-crm-connection': async ({ site, actor }, { connection: id, name }) => {
      if (!connectsCrms(actor)) return notForSupervisors();
      if (!(await connections.rename({ site, id }, name))) return noSuchConnection();
      await reportConnection(bus, { connections, gates, links }, { site, id });
      return { ok: true };
    },
    'remove-crm-connection': async ({ site, actor }, { connection: id }) => {
      if (!connectsCrms(actor)) return notForSupervisors();
      const connection = await connections.of(site, id);
      if (!connection) return noSuchConnection();
      const state = await connectionState({ connections, gates, links }, connection);
      await connections.remove(connection);
      await links.leave(connection);
      await gates.forget(connection.key);
      await reportRemoved(bus, site, state);
      return { ok: true };
    },
    'retry-crm-writes': async ({ site, actor }, { connection: id, conversation }) => {
      if (!runsTheCrm(actor)) return notYours();
      if (conversation !== undefined && !(await isOfTheSite(site, conversation))) return noSuchDialogue();
      const connection = await connections.of(site, id);
      if (!connection && id !== undefined) return noSuchConnection();
      const held = connection && (await standsInTheWay(connection));
      if (held) return refuse(held.refusal, held.words);
      const which = connection ?? { site, id: DEFAULT_CRM_CONNECTION };
      if (conversation === undefined) return { ok: true, scheduled: await wakeWaiting({ bus, links }, which) };
      // What was deleted there is noticed only by a look.
      const one = { _id: linkId(keyOf(which), conversation) };
      await links.collection.updateOne(one, { $set: { recheck: clock.now() } });
      await scheduleSync(bus, which, conversation, clock.now());
      return { ok: true, scheduled: 1 };
    },
    'choose-crm-contact': async ({ site, actor }, { connection: meant, conversation, record }) => {
      if (!runsTheCrm(actor)) return notYours();
      if (!(await isOfTheSite(site, conversation))) return noSuchDialogue();
      const connection = await connections.of(site, meant);
      const link = connection && (await links.read(connection.key, conversation));
      if (!connection || !isOpen(link?.choice))
        return refuse('nothing-to-choose', 'There is nothing to choose any more.');
      const noted = await links.choose(connection.key, conversation, record, actor.id, clock.now());
      if (!noted) return refuse('choice-unknown', 'This is none of those who fit (any more): look again who they are.');
      await scheduleSync(bus, connection, conversation, clock.now());
      return { ok: true };
    },
  };
}
