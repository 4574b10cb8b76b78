// Sites and agents as every service may read them: a watched KV bucket. The conversation service alone writes there.
import { type AgentSettings, agentSettings, type SiteSettings, siteSettings } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import { Kvm } from '@nats-io/kv';
import type { Bus } from './connect.ts';

export interface Settings extends AsyncDisposable {
  readonly site: (id: string) => SiteSettings | undefined;
  readonly sites: () => SiteSettings[];
  readonly agent: (site: string, id: string) => AgentSettings | undefined;
  readonly agents: (site: string) => AgentSettings[];
  /** Calls back after any change. @returns stops calling */
  readonly onChange: (callback: () => void) => () => void;
}

const siteKey = (id: string): string => `site.${id}`;
const agentKey = (site: string, id: string): string => `agent.${site}.${id}`;

/** Resolves when everything stored so far has been read. */
export async function openSettings(bus: Bus): Promise<Settings> {
  const kv = await new Kvm(bus.js).open('settings');
  const sites = new Map<string, SiteSettings>();
  const agents = new Map<string, AgentSettings>();
  const watchers = new Set<() => void>();
  const log = logger('settings');
  const { values } = await kv.status();
  const watch = await kv.watch();
  let stopped = false;
  let seen = 0;
  let loaded: () => void = () => {};
  const initial = new Promise<void>((resolve) => (loaded = resolve));
  if (values === 0) loaded();
  const following = (async () => {
    for await (const entry of watch) {
      try {
        const table: Map<string, unknown> = entry.key.startsWith('site.') ? sites : agents;
        if (entry.operation === 'PUT')
          table.set(entry.key, (entry.key.startsWith('site.') ? siteSettings : agentSettings).parse(entry.json()));
        else table.delete(entry.key);
      } catch (error) {
        log.error({ err: error, key: entry.key }, 'A setting does not fit and is left out.');
      }
      if (++seen >= values || entry.isUpdate) loaded();
      for (const watcher of watchers) watcher();
    }
    if (!stopped) log.error('Settings are no longer followed.');
  })();
  await initial;
  return {
    site: (id) => sites.get(siteKey(id)),
    sites: () => [...sites.values()],
    agent: (site, id) => agents.get(agentKey(site, id)),
    agents: (site) => [...agents.values()].filter((agent) => agent.site === site),
    onChange: (callback) => {
      watchers.add(callback);
      return () => void watchers.delete(callback);
    },
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      watch.stop();
      await following;
    },
  };
}

export async function putSite(bus: Bus, settings: SiteSettings): Promise<void> {
  const kv = await new Kvm(bus.js).open('settings');
  await kv.put(siteKey(settings.id), JSON.stringify(settings));
}
export async function putAgent(bus: Bus, settings: AgentSettings): Promise<void> {
  const kv = await new Kvm(bus.js).open('settings');
  await kv.put(agentKey(settings.site, settings.id), JSON.stringify(settings));
}
