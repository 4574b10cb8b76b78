// What a browser test stands on: a world, the demo shop, a network that can be cut, and one browser. One stage for each test file.
import { fileURLToPath } from 'node:url';
import { request } from '@continuo/bus';
import { newId, type SiteSettings } from '@continuo/contracts';
import { freePort } from '@continuo/servers';
import { eventually, startWorld, type World, type WorldOptions } from '@continuo/testing';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { lookParts } from '../../services/gateway/src/http/site-look.ts';
import { serveShop } from '../demo-shop/serve.ts';
import { AXE, faultsOf, keepWordsOut, logIn, PATIENCE_MS, startBrowser, takePictures } from './browsers.ts';
import { type Network, startNetwork } from './network.ts';

export interface Person {
  context: BrowserContext;
  /** What his pages reported; see `faultsOf`. */
  faults: string[];
}
export interface Stage extends AsyncDisposable {
  world: World;
  browser: Browser;
  /** Everything that browsers get from the gateway passes through it. */
  network: Network;
  shop: string;
  /** Somebody with a browser of his own; `axe` makes `accessibilityFaults` possible on his pages. */
  person(options?: BrowserContextOptions & { axe?: boolean }): Promise<Person>;
  /** The console, with an employee logged in; by his place in `employees`. */
  consoleOf(person: Person, index?: number): Promise<Page>;
}

/** @param origins of pages besides the shop that carry the widget */
export async function startStage(options: WorldOptions, origins: string[] = []): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const [shopPort, port] = [await freePort(), await freePort()];
  const shop = `http://127.0.0.1:${shopPort}`;
  const world = stack.use(
    await startWorld({
      ...options,
      site: { origins: [shop, ...origins], ...options.site },
      env: { CONTINUO_PHOTOS_DIR: fileURLToPath(new URL('../demo-shop/photos', import.meta.url)), ...options.env },
    }),
  );
  const network = stack.use(await startNetwork(() => world.gateways()[0] as string, port));
  stack.use(await serveShop({ port: shopPort, gateway: network.address, site: world.site.id }));
  const browser = await startBrowser();
  stack.defer(async () => {
    await takePictures(browser);
    await browser.close();
  });
  const owned = stack.move();
  return {
    world,
    browser,
    network,
    shop,
    async person({ axe = false, ...options } = {}) {
      const context = await browser.newContext({
        locale: 'en-GB',
        timezoneId: 'Asia/Yerevan',
        viewport: { width: 1366, height: 860 },
        reducedMotion: 'reduce',
        ...options,
      });
      context.setDefaultTimeout(PATIENCE_MS);
      keepWordsOut(context);
      if (axe) await context.addInitScript({ path: AXE });
      return { context, faults: faultsOf(context) };
    },
    async consoleOf({ context }, index = 0) {
      const page = await context.newPage();
      await page.goto(`${network.address}/console/`);
      await logIn(page, world.employees[index] as World['employees'][number]);
      return page;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What an operator saves, once browsers get it. */
export async function saveSite({ world, network }: Stage, settings: SiteSettings): Promise<void> {
  const envelope = { id: newId(), site: settings.id, actor: { kind: 'operator', id: 'test' } } as const;
  const { ok } = await request(world.operator, 'save-site', envelope, { settings });
  if (!ok) throw new Error(`${settings.name} could not be saved`);
  await eventually(async () => {
    const configuration = await fetch(`${network.address}/widget/config/${settings.id}.json`);
    const { style, openAfter, panel } = ((await configuration.json()) as { site: ReturnType<typeof lookParts> }).site;
    const got = JSON.stringify({ style, openAfter, panel });
    const wanted = JSON.stringify(lookParts(settings));
    if (got !== wanted) throw new Error(`browsers get ${got}, not ${wanted}`);
  });
}
