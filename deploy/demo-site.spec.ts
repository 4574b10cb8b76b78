import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentSettings, SiteSettings } from '@continuo/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Demo, saveDemoSite } from './demo-site.ts';

const settings = JSON.parse(await readFile(fileURLToPath(new URL('demo-shop/settings.json', import.meta.url)), 'utf8'));
const demo = (port: number, name = settings.site.name): Demo => ({
  ...settings,
  site: {
    ...settings.site,
    name,
    origins: [`http://127.0.0.1:${port + 1}`],
    consoleUrl: `http://127.0.0.1:${port}`,
  },
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-demo-site-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What one installation keeps over its starts. */
function installation() {
  const files = { said: join(folder, 'said'), wrote: join(folder, 'wrote') };
  let stands: { site: SiteSettings; agents: AgentSettings[] } | undefined;
  let applied = 0;
  return {
    start: (what: Demo) =>
      saveDemoSite(files, what, {
        standing: async () => stands,
        apply: async ({ site, agents }) => {
          applied += 1;
          // Written in another order, as a store may give it back.
          const own = agents.map(({ password: _password, ...agent }) => ({ site: site.id, ...agent })).toReversed();
          stands = {
            site: Object.fromEntries(Object.entries(site).toReversed()) as unknown as SiteSettings,
            agents: own,
          };
        },
        saveSite: async (site) => {
          stands = { site, agents: stands?.agents ?? [] };
        },
      }),
    change: (more: Partial<SiteSettings>) => {
      if (stands) stands = { ...stands, site: { ...stands.site, ...more } };
    },
    rename: (name: string) => {
      const [first, ...others] = stands?.agents ?? [];
      if (stands && first) stands = { ...stands, agents: [{ ...first, name }, ...others] };
    },
    stands: () => stands as NonNullable<typeof stands>,
    applied: () => applied,
  };
}

test('the demo writes its site where none is, again where it has more to say, and follows it to other ports', async () => {
  const { start, stands, applied } = installation();
  for (const what of [demo(4100), demo(5100), demo(5100, 'Nordhem of a newer release')]) {
    expect(await start(what)).toBe(false);
    expect(stands().site).toEqual(what.site);
  }
  expect(await start(demo(5100, 'Nordhem of a newer release'))).toBe(false);
  expect(applied()).toBe(3);
});

test('what an administrator has changed stays; only the demo’s own addresses come to other ports', async () => {
  const { start, stands, change } = installation();
  await start(demo(4100));
  change({ name: 'Our shop', origins: ['http://127.0.0.1:4101', 'https://shop.example.com'] });
  for (let time = 0; time < 2; time++) expect(await start(demo(5100))).toBe(time === 0);
  expect(stands().site).toEqual({
    ...demo(5100).site,
    name: 'Our shop',
    origins: ['http://127.0.0.1:4101', 'https://shop.example.com', 'http://127.0.0.1:5101'],
  });
  change({ consoleUrl: 'https://chat.example.com' });
  await start(demo(6100));
  expect(stands().site).toMatchObject({ name: 'Our shop', consoleUrl: 'https://chat.example.com' });
});

test('an employee whom an administrator has renamed keeps the name', async () => {
  const { start, stands, rename } = installation();
  await start(demo(4100));
  rename('Somebody else');
  expect(await start(demo(5100))).toBe(true);
  expect(stands().agents[0]?.name).toBe('Somebody else');
  expect(stands().site).toMatchObject({ consoleUrl: 'http://127.0.0.1:5100' });
});

test('what was there before the demo remembered what it wrote stays', async () => {
  const { start, stands, change } = installation();
  await start(demo(4100));
  change({ name: 'Our shop' });
  await rm(join(folder, 'wrote'));
  await start(demo(5100));
  expect(stands().site.name).toBe('Our shop');
});
