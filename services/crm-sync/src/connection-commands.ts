// What those who run the CRM tell its connection: be tested, rest, go on, look through what was written.
import { type Bus, refuse } from '@continuo/bus';
import type { CommandData, CommandName, Envelope, Reply } from '@continuo/contracts';
import { clock } from '@continuo/runtime';
import { reportConnection } from './connection-state.ts';
import type { Connections } from './connections.ts';
import type { Gates } from './gate.ts';
import { scheduleResync } from './handlers/when-resync-due.ts';
import type { Links } from './links.ts';
import { notYours, runsTheCrm } from './rights.ts';
import { testConnection } from './test-connection.ts';
import { wakeWaiting } from './wake.ts';

type Handler<K extends CommandName> = (envelope: Envelope, data: CommandData<K>) => Promise<Reply<K>>;
type Parts = { bus: Bus; links: Links; connections: Connections; gates: Gates };

export function connectionCommands(parts: Parts): {
  [K in 'test-crm' | 'pause-crm' | 'resume-crm' | 'resync-crm']: Handler<K>;
} {
  const { bus, links, connections, gates } = parts;
  return {
    'test-crm': async ({ site, actor }) => {
      if (!runsTheCrm(actor)) return notYours();
      const tested = await testConnection(parts, site);
      if (tested === 'missing') return missing();
      if (tested !== 'works') return refuse(tested.failure, tested.words);
      return { ok: true };
    },
    'pause-crm': async ({ site, actor }) => {
      if (!runsTheCrm(actor)) return notYours();
      if (!(await connections.of(site))) return missing();
      await gates.pause(site, { at: clock.now(), by: actor.id });
      return { ok: true };
    },
    'resume-crm': async ({ site, actor }) => {
      if (!runsTheCrm(actor)) return notYours();
      if (!(await connections.of(site))) return missing();
      await gates.resume(site);
      return { ok: true, scheduled: await wakeWaiting(parts, site) };
    },
    'resync-crm': async ({ site, actor }, { from, to }) => {
      if (!runsTheCrm(actor)) return notYours();
      const connection = await connections.of(site);
      if (!connection) return missing();
      // Begun before its end and written since its beginning: of a dialogue that went on for weeks no part is passed over.
      const { modifiedCount } = await links.collection.updateMany(
        {
          site,
          connection: connection.identity,
          lastPushedAt: { $gte: from },
          $or: [{ startedAt: { $lte: to } }, { startedAt: { $exists: false } }],
        },
        { $set: { recheck: clock.now() } },
      );
      await scheduleResync(bus, site);
      await reportConnection(bus, parts, site);
      return { ok: true, dialogues: modifiedCount };
    },
  };
}

const missing = () => refuse('connection-missing', 'No CRM is connected to this site.');
