// Settings of sites and employees: the master copy stands in MongoDB, every service reads them from the bus.

import { type Bus, putAgent, putSite, refuse, type Settings } from '@continuo/bus';
import type { CommandData, Envelope, Reply } from '@continuo/contracts';
import type { Store } from '@continuo/store';

export function settingsHandlers(bus: Bus, { connection }: Store, settings: Settings) {
  const operatorsOnly = refuse('not-allowed' as const, 'Only an operator changes settings.');
  return {
    'save-site': async (
      { actor, site }: Envelope,
      { settings: given }: CommandData<'save-site'>,
    ): Promise<Reply<'save-site'>> => {
      if (actor.kind !== 'operator' || given.id !== site) return operatorsOnly;
      await connection.collection<{ _id: string }>('sites').replaceOne({ _id: given.id }, given, { upsert: true });
      await putSite(bus, given);
      return { ok: true };
    },
    'save-agent': async (
      { actor, site }: Envelope,
      { settings: given }: CommandData<'save-agent'>,
    ): Promise<Reply<'save-agent'>> => {
      if (actor.kind !== 'operator' || given.site !== site) return operatorsOnly;
      if (!settings.site(site)) return refuse('site-unknown', 'Save the site first.');
      await connection.collection<{ _id: string }>('agents').replaceOne({ _id: given.id }, given, { upsert: true });
      await putAgent(bus, given);
      return { ok: true };
    },
  };
}
