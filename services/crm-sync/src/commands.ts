// What people tell crm-sync: which CRM a site uses, and to try again now.
import { type Bus, lastOf, refuse } from '@continuo/bus';
import {
  type CommandData,
  type CommandName,
  type CrmFailure,
  type Envelope,
  faultsOf,
  plainWords,
  type Reply,
} from '@continuo/contracts';
import { clock, type Outbound } from '@continuo/runtime';
import { logger } from '@continuo/telemetry';
import { reportConnection } from './connection-state.ts';
import { type Connections, prepareOnce } from './connections.ts';
import { CrmError } from './connectors/crm-error.ts';
import { connectorNames, connectorOf } from './connectors/index.ts';
import { isOpen } from './domain/choice.ts';
import type { Gates } from './gate.ts';
import { scheduleSync } from './handlers/mark-changed.ts';
import { type Links, linkId } from './links.ts';
import { notYours, runsTheCrm } from './rights.ts';
import { testConnection } from './test-connection.ts';
import { wakeWaiting } from './wake.ts';

/** Whoever sends a command waits for five seconds. */
const PREPARE_MS = 3_000;
const log = logger('crm-sync');

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
  [K in 'save-crm-connection' | 'retry-crm-writes' | 'choose-crm-contact']: Handler<K>;
} {
  /** A CRM that cannot be prepared now is prepared before its first write, and the journal says what hinders. */
  async function prepareSoon(site: string): Promise<void> {
    const connection = await connections.of(site);
    if (!connection) return;
    try {
      await prepareOnce(connections, site, connection, connection.open(AbortSignal.timeout(PREPARE_MS)));
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      log.warn({ site, failure: error.fault }, 'A CRM was connected that cannot be used yet.');
      // A key that is refused here has one try less.
      if (error.fault === 'refused-access')
        await gates.tell(site, connection.revision, { failure: error.fault, words: error.message });
    }
  }

  /** It may not have been written yet, so the stream is asked and not the links. */
  const isOfTheSite = async (site: string, conversation: string): Promise<boolean> =>
    (await lastOf(bus, 'CONVERSATION', site, conversation)) !== undefined;

  /** A key that was refused too often is tried once, not once for each dialogue; a CRM that failed is not waited for. */
  async function standsInTheWay(
    site: string,
  ): Promise<{ refusal: 'connection-paused' | CrmFailure; words: string } | undefined> {
    const connection = await connections.of(site);
    if (!connection) return undefined;
    const { breaker, paused } = await gates.standing(site, connection.revision);
    if (paused) return { refusal: 'connection-paused', words: 'The connection is paused: resume it first.' };
    if (connection.unusable) return { refusal: connection.unusable.failure, words: connection.unusable.words };
    if (!breaker.stopped) {
      await gates.hurry(site, connection.revision);
      return undefined;
    }
    const tested = await testConnection({ bus, links, connections, gates }, site);
    return typeof tested === 'object' && 'failure' in tested
      ? { refusal: tested.failure, words: tested.words }
      : undefined;
  }

  return {
    'save-crm-connection': async ({ site, actor }, { connection }) => {
      if (actor.kind !== 'operator') return refuse('not-allowed', 'Only the operator connects a CRM.');
      const connector = connectorOf(connection.connector);
      if (!connector)
        return refuse(
          'connector-unknown',
          `There is no connector “${connection.connector}”; there are: ${connectorNames().join(', ')}.`,
        );
      if (connector.refused !== undefined) return refuse('invalid', connector.refused);
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
      await connections.save(site, connection);
      await prepareSoon(site);
      await reportConnection(bus, { connections, gates, links }, site);
      // What was said before there was a CRM, or while it was refused, arrives now by itself.
      await wakeWaiting({ bus, links }, site);
      return { ok: true };
    },
    'retry-crm-writes': async ({ site, actor }, { conversation }) => {
      if (!runsTheCrm(actor)) return notYours();
      if (conversation !== undefined && !(await isOfTheSite(site, conversation))) return noSuchDialogue();
      const held = await standsInTheWay(site);
      if (held) return refuse(held.refusal, held.words);
      if (conversation === undefined) return { ok: true, scheduled: await wakeWaiting({ bus, links }, site) };
      // What was deleted there is noticed only by a look.
      await links.collection.updateOne({ _id: linkId(site, conversation) }, { $set: { recheck: clock.now() } });
      await scheduleSync(bus, site, conversation, clock.now());
      return { ok: true, scheduled: 1 };
    },
    'choose-crm-contact': async ({ site, actor }, { conversation, record }) => {
      if (!runsTheCrm(actor)) return notYours();
      if (!(await isOfTheSite(site, conversation))) return noSuchDialogue();
      const link = await links.read(site, conversation);
      if (!isOpen(link?.choice)) return refuse('nothing-to-choose', 'There is nothing to choose any more.');
      const noted = await links.choose(site, conversation, record, actor.id, clock.now());
      if (!noted) return refuse('choice-unknown', 'This is none of those who fit (any more): look again who they are.');
      await scheduleSync(bus, site, conversation, clock.now());
      return { ok: true };
    },
  };
}
