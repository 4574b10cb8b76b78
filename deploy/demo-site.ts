// The site that the demo brings, with its employees. It is written where none stands, and in place of what the demo has written itself. Where an administrator
// has changed something, a start at other ports puts the demo's own addresses right and leaves all else as it stands.
import { type AgentSettings, agentSettings, type SiteSettings, siteSettings } from '@continuo/contracts';
import { savedOnce, wasSavedLast } from './saved-once.ts';
import type { SettingsFile } from './settings.ts';

export interface Installation {
  standing(): Promise<{ site: SiteSettings; agents: readonly AgentSettings[] } | undefined>;
  apply(demo: Demo): Promise<void>;
  saveSite(site: SiteSettings): Promise<void>;
}
export type Demo = SettingsFile & { site: SiteSettings };
interface Files {
  /** Remembers what the demo had to say last. */
  said: string;
  /** Remembers what it wrote last. */
  wrote: string;
}

/** Of a console that a demo serves. */
const OWN_CONSOLE = /^http:\/\/127\.0\.0\.1:\d+$/;

/** @returns whether somebody else's settings stand */
export async function saveDemoSite(files: Files, demo: Demo, installation: Installation): Promise<boolean> {
  let theirs = false;
  await savedOnce(files.said, demo, async () => {
    const stands = await installation.standing();
    theirs = stands !== undefined && !(await wasSavedLast(files.wrote, written(stands.site, stands.agents)));
    if (stands && theirs) return installation.saveSite(withAddresses(stands.site, demo.site));
    const { site, agents } = demo;
    const own = agents.map(({ password: _password, ...agent }) => ({ ...agent, site: site.id }));
    await savedOnce(files.wrote, written(site, own), () => installation.apply(demo));
  });
  return theirs;
}

const withAddresses = (site: SiteSettings, { origins, consoleUrl }: SiteSettings): SiteSettings => ({
  ...site,
  origins: [...new Set([...site.origins, ...origins])],
  consoleUrl: OWN_CONSOLE.test(site.consoleUrl) ? consoleUrl : site.consoleUrl,
});

/** As it stands afterwards, in one order. */
const written = (site: SiteSettings, agents: readonly AgentSettings[]) => ({
  site: siteSettings.parse(site),
  agents: agents.map((agent) => agentSettings.parse(agent)).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
});
