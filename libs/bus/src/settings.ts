// Sites and agents as every service may read them: a watched KV bucket. The conversation service alone writes there.
import { type AgentSettings, agentSettings, type SiteSettings, siteSettings } from '@continuo/contracts';
import { logger } from '@continuo/telemetry';
import { Kvm } from '@nats-io/kv';
import { followBucket } from './bucket.ts';
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
  const sites = new Map<string, SiteSettings>();
  const agents = new Map<string, AgentSettings>();
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  const isSite = (key: string): boolean => key.startsWith('site.');
  const following = await followBucket(bus, 'settings', {
    log: logger('settings'),
    onPut(key, message) {
      if (isSite(key)) sites.set(key, siteSettings.parse(message.json()));
      else agents.set(key, agentSettings.parse(message.json()));
      changed();
    },
    onGone(key) {
      (isSite(key) ? sites : agents).delete(key);
      changed();
    },
  });
  return {
    site: (id) => sites.get(siteKey(id)),
    sites: () => [...sites.values()],
    agent: (site, id) => agents.get(agentKey(site, id)),
    agents: (site) => [...agents.values()].filter((agent) => agent.site === site),
    onChange: (callback) => {
      watchers.add(callback);
      return () => void watchers.delete(callback);
    },
    [Symbol.asyncDispose]: () => following[Symbol.asyncDispose](),
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
