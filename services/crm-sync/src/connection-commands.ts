// What those who run the CRMs tell a connection: be tested, rest, go on, look through what was written.
import { type Bus, refuse } from '@continuo/bus';
import type { CommandData, CommandName, Envelope, Reply } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import { reportConnection } from './connection-state.ts';
import type { Connections } from './connections.ts';
import { CrmError } from './connectors/crm-error.ts';
import { failureOf } from './failures.ts';
import type { Gates } from './gate.ts';
import { scheduleResync } from './handlers/when-resync-due.ts';
import type { Links } from './links.ts';
import { askAll } from './resync.ts';
import { notYours, runsTheCrm } from './rights.ts';
import { testConnection } from './test-connection.ts';
import { wakeWaiting } from './wake.ts';

/** Whoever sends a command waits for five seconds. */
const MAKE_MS = 4_000;

type Handler<K extends CommandName> = (envelope: Envelope, data: CommandData<K>) => Promise<Reply<K>>;
type Parts = { bus: Bus; links: Links; connections: Connections; gates: Gates };

export function connectionCommands(parts: Parts): {
  [K in 'test-crm' | 'pause-crm' | 'resume-crm' | 'resync-crm' | 'make-crm-field']: Handler<K>;
} {
  const { bus, links, connections, gates } = parts;
  return {
    'test-crm': async ({ site, actor }, { connection: id }) => {
      if (!runsTheCrm(actor)) return notYours();
      const tested = await testConnection(parts, { site, id });
      if (tested === 'missing') return missing();
      if (tested === 'works') return { ok: true };
      if ('unread' in tested) return refuse('contacts-unread', tested.unread);
      return refuse(tested.failure, tested.words);
    },
    'pause-crm': async ({ site, actor }, { connection: id }) => {
      if (!runsTheCrm(actor)) return notYours();
      const connection = await connections.of(site, id);
      if (!connection) return missing();
      await gates.pause(connection.key, { at: clock.now(), by: actor.id });
      return { ok: true };
    },
    'resume-crm': async ({ site, actor }, { connection: id }) => {
      if (!runsTheCrm(actor)) return notYours();
      const connection = await connections.of(site, id);
      if (!connection) return missing();
      await gates.resume(connection.key);
      return { ok: true, scheduled: await wakeWaiting(parts, connection) };
    },
    'make-crm-field': async ({ site, actor }, { connection: id, conversation }) => {
      if (!runsTheCrm(actor)) return notYours();
      const connection = await connections.of(site, id);
      if (!connection) return missing();
      // Not any name, but one that the site's settings hold and the CRM was found to lack.
      const field = (await links.read(connection.key, conversation))?.failure?.field;
      if (field === undefined) return refuse('nothing-lacking', 'No field is lacking there (any more).');
      const { paused } = await gates.standing(connection.key, connection.revision);
      if (paused) return refuse('connection-paused', 'The connection is paused: resume it first.');
      if (connection.unusable) return refuse(connection.unusable.failure, connection.unusable.words);
      const crm = connection.open(AbortSignal.timeout(MAKE_MS));
      if (!crm.makeField)
        return refuse(
          'not-made-from-here',
          `${connection.connector.describe.name} lets nobody make fields from outside: let an administrator make it there, for leads and as text, or take it out of the site’s settings (crm.fields).`,
        );
      try {
        await crm.makeField(field);
      } catch (error) {
        if (!(error instanceof CrmError)) throw error;
        return refuse(failureOf(error), error.message);
      }
      await wakeWaiting(parts, connection);
      return { ok: true };
    },
    'resync-crm': async ({ site, actor }, { connection: id, from, to }) => {
      if (!runsTheCrm(actor)) return notYours();
      const connection = await connections.of(site, id);
      if (!connection) return missing();
      const dialogues = await askAll(links, connection, { from, to });
      await scheduleResync(bus, connection);
      await reportConnection(bus, parts, connection);
      return { ok: true, dialogues };
    },
  };
}

const missing = () => refuse('connection-missing', 'No such CRM is connected to this site.');
