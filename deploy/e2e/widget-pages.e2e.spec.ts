// The widget on pages and in browsers that it did not choose: hostile style sheets, strict policies, phones, dark screens, other languages, storage that is refused.
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { WidgetSettings } from '@continuo/contracts';
import { freePort } from '@continuo/servers';
import { eventually, type TestAgent } from '@continuo/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { locales } from '../../services/gateway/widget/src/locales/index.ts';
import { accessibilityFaults, faultsOf, frameOf, openProfile, widgetOn } from './browsers.ts';
import { countNotes, notesIn } from './heard.ts';
import { hasGoneBack, PHONE, smallTargets } from './phone.ts';
import { type Person, type Stage, saveSite, startStage } from './stage.ts';

let stage: Stage;
let agent: TestAgent;
let hostile: { address: string } & AsyncDisposable;

beforeAll(async () => {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  stage = await startStage({ agents: 1, services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 } }, [
    address,
    ofAnotherSite(address),
  ]);
  agent = await stage.world.agent();
  await agent.goOnline();
  hostile = await serveHostilePage(address, port);
}, 240_000);
afterAll(async () => {
  await hostile?.[Symbol.asyncDispose]();
  await stage?.[Symbol.asyncDispose]();
}, 240_000);

/** The agent's only open dialogue. */
const given = (): Promise<string> =>
  eventually(() => {
    expect(agent.mine()).toHaveLength(1);
    return agent.mine()[0] as string;
  });
afterEach(async () => {
  for (const conversation of agent.mine()) await agent.closeDialogue(conversation);
});

/** The same page under a name that makes the gateway's frame a third party's. */
const ofAnotherSite = (address: string): string => address.replace('127.0.0.1', 'localhost');

/** Nothing but its own style, and what the widget's documentation asks for: no script, style, picture or request of anybody else's. */
const policy = (gateway: string): string =>
  `default-src 'none'; style-src 'nonce-host'; script-src ${gateway}; frame-src ${gateway}`;
/** A page that resets everything, fights for the top and allows exactly that. */
async function serveHostilePage(address: string, port: number): Promise<typeof hostile> {
  const gateway = stage.network.address;
  const page = (
    language: string,
    dir: string,
  ) => `<!doctype html><html lang="en" dir="${dir}"><head><title>Hostile</title><style nonce="host">
    * { all: unset !important; }
    * { --left: 0; --right: auto; --bottom: 64px; --top: 64px; --height: 56px; --z: 10; --site: red; --on-site: red; --surface: red; --shade: red; }
    :not(html)::before, :not(html)::after { content: '' !important; position: fixed !important; inset: 0 !important; pointer-events: auto !important; }
    html { font-size: 40px !important; }
    /* What all that it holds would inherit. */
    html, continuo-chat { letter-spacing: 9px !important; text-transform: uppercase !important; word-spacing: 9px !important; }
    div, iframe, button { display: none !important; z-index: -1 !important; pointer-events: none !important; }
    .cover { display: block !important; position: fixed !important; inset: 0 !important; z-index: 2147483647 !important; pointer-events: auto !important; }
    continuo-chat { display: none !important; position: static !important; z-index: 0 !important; opacity: 0 !important; transform: scale(0) !important; }
  </style></head><body><h1>Hostile</h1><input aria-label="Search" autofocus><p class="cover">On top</p>
  <script async src="${gateway}/widget.js" data-site="${stage.world.site.id}" data-language="${language}"></script></body></html>`;
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.setHeader('Content-Security-Policy', policy(gateway));
    const asked = new URL(request.url ?? '/', address).searchParams;
    if (asked.has('isolated')) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    response.end(page(asked.get('language') ?? '', asked.get('dir') ?? 'ltr'));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a page could notice of the widget. Runs in the page. */
const pageState = (page: Page) =>
  page.evaluate(() => {
    const { document, getComputedStyle, ...own } = globalThis as never as HostPage;
    const heading = getComputedStyle(document.querySelector('h1'));
    return {
      globals: Object.getOwnPropertyNames(own.window).sort(),
      body: document.body.outerHTML,
      root: document.documentElement.getAttributeNames(),
      sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
      heading: [heading.fontSize, heading.color, heading.display],
      focus: document.activeElement.getAttribute('aria-label'),
      title: document.title,
    };
  });
interface HostPage {
  window: object;
  document: {
    body: { outerHTML: string };
    documentElement: { getAttributeNames(): string[] };
    styleSheets: { length: number };
    adoptedStyleSheets: unknown[];
    activeElement: { getAttribute(name: string): string | null };
    title: string;
    querySelector(selector: string): object;
  };
  getComputedStyle(element: object): { fontSize: string; color: string; display: string };
}

/** Runs in the page: where something of the page lies over the launcher or the open panel. */
function covered(): string[] {
  const root = document.querySelector('continuo-chat')?.shadowRoot;
  return [...(root?.querySelectorAll('button, iframe') ?? [])].flatMap((one) => {
    if (!one.checkVisibility()) return [];
    const { x, y, width, height } = one.getBoundingClientRect();
    const points = [0.2, 0.5, 0.8].flatMap((down) => [0.2, 0.5, 0.8].map((along) => [along, down] as const));
    return points.flatMap(([along, down]) => {
      const hit = document.elementFromPoint(x + along * width, y + down * height);
      return hit?.localName === 'continuo-chat' ? [] : [`${one.localName}: ${hit?.localName} at ${along}, ${down}`];
    });
  });
}

/** Runs in the page: what would come from there. */
function inherited(one: Element): string[] {
  const { letterSpacing, textTransform, wordSpacing } = getComputedStyle(one);
  return [letterSpacing, textTransform, wordSpacing];
}
/** Ground and ink. */
const coloursOf = (shown: Locator): Promise<string[]> =>
  shown.evaluate((one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]);

const hostKeys = (page: Page): Promise<[string, boolean][]> =>
  page.evaluate(() => (globalThis as unknown as { hostKeys: [string, boolean][] }).hostKeys.splice(0));
/** Those that widgets like to take: to send, to close, to search, to go through a list. */
const KEYS = ['q', '/', 'Escape', 'Enter', 'ArrowUp', 'Control+k'];
const HEARD = ['q', '/', 'Escape', 'Enter', 'ArrowUp', 'Control', 'k'].map((key) => [key, false]);

test('on a hostile page under a strict policy the widget works, and leaves the page as it was', async () => {
  const visitor = await stage.person();
  const page = await visitor.context.newPage();
  await page.addInitScript(() => {
    const keys: [string, boolean][] = [];
    Object.assign(globalThis, { hostKeys: keys });
    // The last to hear of it: whoever keeps a key from the page does it before.
    addEventListener('keydown', ({ key, defaultPrevented }) => keys.push([key, defaultPrevented]));
  });
  // First without the widget, so that there is something to compare with.
  await page.route('**/widget.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  await page.goto(hostile.address);
  const without = await pageState(page);
  await page.unroute('**/widget.js');
  await page.goto(hostile.address);
  const widget = widgetOn(page, 'en');
  await widget.launcher.waitFor();
  // The browser gives the page's own field the keyboard with the first picture that it draws.
  await page.locator('input:focus').waitFor({ state: 'attached' });
  const { globals, ...state } = await pageState(page);
  expect(globals.filter((name) => !without.globals.includes(name))).toEqual(['Continuo']);
  expect(state).toEqual({
    body: without.body,
    root: without.root,
    sheets: without.sheets,
    heading: without.heading,
    focus: 'Search',
    title: 'Hostile',
  });

  expect(await widget.launcher.boundingBox()).toEqual({ x: 1288, y: 782, width: 58, height: 58 });
  expect(await coloursOf(widget.launcher)).toEqual(['rgb(11, 107, 93)', 'rgb(255, 255, 255)']);
  expect(await widget.launcher.evaluate(inherited)).toEqual(['normal', 'none', '0px']);
  expect(await page.evaluate(covered)).toEqual([]);
  expect(await page.locator('continuo-chat > div').evaluate((one) => getComputedStyle(one).zIndex)).toBe('2147483647');
  for (const key of KEYS) await page.keyboard.press(key);
  expect(await hostKeys(page)).toEqual(HEARD);
  await widget.open();
  await widget.say('Can you hear me?');
  await widget.frame.getByText('With you now').waitFor();
  const panel = page.locator('continuo-chat iframe');
  expect(await panel.boundingBox()).toEqual({ x: 966, y: 128, width: 380, height: 640 });
  expect(await page.evaluate(covered)).toEqual([]);
  // What is typed here is none of the page's.
  expect(await hostKeys(page)).toEqual([]);
  // An answer takes the focus from nobody.
  await page.locator('input').focus();
  await agent.reply(await given(), 'Loud and clear.');
  await widget.log.getByText('Loud and clear.').waitFor();
  expect((await pageState(page)).focus).toBe('Search');
  // Nor does it take a key: the page hears each, may do with it what it likes, and the panel does nothing.
  for (const key of KEYS) await page.keyboard.press(key);
  expect(await hostKeys(page)).toEqual(HEARD);
  expect(await page.locator('input').inputValue()).toBe('q/q/');
  expect([await panel.isVisible(), await widget.field.inputValue()]).toEqual([true, '']);
  // All of it can be seen and hit on a page that enlarges itself.
  await page.evaluate(() => document.documentElement.style.setProperty('zoom', '1.6', 'important'));
  await eventually(async () => {
    const { y: top = -1, height = 0 } = (await panel.boundingBox()) ?? {};
    expect([top >= 0, top + height <= 860]).toEqual([true, true]);
  });
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('on a page that is isolated from other origins the chat opens, and what it loads comes', async () => {
  const visitor = await stage.person();
  const page = await visitor.context.newPage();
  await page.goto(`${ofAnotherSite(hostile.address)}/?language=en&isolated`);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const widget = widgetOn(page, 'en');
  await widget.open();
  await widget.say('Isolated?');
  await widget.frame.getByText('With you now').waitFor();
  // A photo, and the worker that reads the formats of time beside the thread.
  await widget.frame.locator('.co-head img').waitFor();
  const worker = await frameOf(page).evaluate(() => {
    const file = performance.getEntriesByType('resource').find(({ name }) => name.includes('times-worker'))?.name ?? '';
    return new Promise((resolve) => {
      const started = new Worker(file);
      started.onmessage = () => resolve('runs');
      started.onerror = () => resolve('refused');
    });
  });
  expect(worker).toBe('runs');
  await agent.closeDialogue(await given());
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('where the browser lets no third party keep anything, the chat opens, says nothing of keeping, and words and files arrive', async () => {
  const profile = join(stage.world.dir, 'keeps-nothing');
  const context = await openProfile(profile, { profile: { block_third_party_cookies: true, cookie_controls_mode: 1 } });
  await using _closed = { [Symbol.asyncDispose]: () => context.close() };
  const faults = faultsOf(context);
  await countNotes(context);
  const page = await context.newPage();
  await page.goto(ofAnotherSite(hostile.address));
  const widget = widgetOn(page, 'en');
  await widget.open();
  await widget.frame.getByText('Ask right away.', { exact: true }).waitFor();
  const refused = await frameOf(page).evaluate(() => {
    try {
      return String(localStorage);
    } catch (fault) {
      return (fault as Error).name;
    }
  });
  expect(refused).toBe('SecurityError');
  await widget.say('Do you hear me?');
  const conversation = await given();
  await widget.frame
    .locator('input[type=file]:not([capture])')
    .first()
    .setInputFiles({ name: 'desk.txt', mimeType: 'text/plain', buffer: Buffer.from('160 × 80') });
  await eventually(() => expect(JSON.stringify(agent.transcript(conversation))).toContain('desk.txt'));
  // Nor does it refuse the sound, which tabs take turns at where they may.
  await widget.frame.getByRole('button', { name: 'Sound of new messages' }).waitFor();
  await frameOf(page).evaluate(() => void Object.defineProperty(document, 'hidden', { value: true }));
  await agent.reply(conversation, 'Loud and clear.');
  await widget.log.getByText('Loud and clear.').waitFor();
  await eventually(async () => expect(await notesIn(frameOf(page))).toBe(2));
  expect(faults).toEqual([]);
});

test('the widget speaks ten languages, Arabic from right to left, each as an idle page and opened', async () => {
  const visitor = await stage.person({ axe: true, viewport: { width: 360, height: 640 } });
  const page = await visitor.context.newPage();
  // Arabic last: its dialogue is what the others do not have.
  const languages = Object.entries(locales).sort(([one], [other]) => Number(one === 'ar') - Number(other === 'ar'));
  for (const [language, { launcher, field, head }] of languages) {
    // As sites in Arabic are.
    const dir = language === 'ar' ? 'rtl' : 'ltr';
    await page.goto(`${hostile.address}/?language=${language}&dir=${dir}`);
    const button = page.getByRole('button', { name: launcher.open, exact: true });
    await button.click();
    const { frame } = widgetOn(page, 'en');
    await frame.getByRole('textbox', { name: field }).waitFor();
    await frame.getByText(head.free).waitFor();
    const shown = await frameOf(page).evaluate(() => {
      const { lang, dir, scrollWidth } = (globalThis as never as { document: { documentElement: RootElement } })
        .document.documentElement;
      return { lang, dir, scrollWidth };
    });
    expect(shown).toEqual({ lang: language, dir, scrollWidth: 360 });
    if (language === 'ar' || language === 'hy') expect(await accessibilityFaults(frameOf(page))).toEqual([]);
  }
  await expectMirrored(page);
  // Where the widget stands is the site's choice, and no matter of how the page is written.
  await page.setViewportSize({ width: 1366, height: 860 });
  const boxes = ['button', 'iframe'].map((part) => page.locator(`continuo-chat ${part}`));
  await eventually(async () =>
    expect(await Promise.all(boxes.map((box) => box.boundingBox()))).toEqual([
      { x: 1288, y: 782, width: 58, height: 58 },
      { x: 966, y: 128, width: 380, height: 640 },
    ]),
  );
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});
interface RootElement {
  lang: string;
  dir: string;
  scrollWidth: number;
}

/** Right to left: the visitor's own words stand on the left. */
async function expectMirrored(page: Page): Promise<void> {
  const { frame } = widgetOn(page, 'en');
  const field = frame.locator('textarea');
  await field.fill('هل الطاولة متوفرة؟');
  await field.press('Enter');
  const bubble = await frame.getByText('هل الطاولة متوفرة؟').boundingBox();
  expect((bubble?.x ?? 0) + (bubble?.width ?? 0) / 2).toBeLessThan(180);
  const picture = process.env['CONTINUO_E2E_PICTURES'];
  if (picture) await page.screenshot({ path: `${picture}/ar.png` });
}

interface Opening {
  languagesRead: number;
  headAlone: boolean;
}
/** Runs in each frame before all else: whether what is dear in opening the panel is done beside the thread that the visitor waits for, or in several tasks. */
function watchOpening(): void {
  const opening: Opening = { languagesRead: 0, headAlone: false };
  Object.assign(globalThis, { opening });
  for (const part of [Intl.Collator, Intl.Segmenter, Intl.DateTimeFormat, Intl.NumberFormat]) {
    const read = part.supportedLocalesOf;
    part.supportedLocalesOf = (...languages: Parameters<typeof read>) => {
      opening.languagesRead++;
      return read.apply(part, languages);
    };
  }
  new MutationObserver(() => {
    opening.headAlone ||= document.querySelector('.co-head') !== null && document.querySelector('textarea') === null;
  }).observe(document, { childList: true, subtree: true });
}

test('on a phone the panel is the screen, nothing moves sideways, and a thumb hits every target', async () => {
  const visitor = await stage.person({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  const page = await visitor.context.newPage();
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname.replace(/-[\w-]{8}(?=\.js$)/, '')));
  await page.addInitScript(watchOpening);
  await page.goto(stage.shop);
  const widget = widgetOn(page, 'en');
  await widget.launcher.waitFor();
  // Before interest: the loader and one document, none of the panel.
  expect(fetched.filter((path) => path.startsWith('/widget'))).toEqual(['/widget.js', '/widget/frame.html']);
  await widget.launcher.tap();
  await widget.field.waitFor();
  const code = ['panel', 'times-worker'].map((name) => `/widget/assets/${name}.js`);
  await eventually(() => expect(fetched).toEqual(expect.arrayContaining(code)));
  expect(await frameOf(page).evaluate(() => (globalThis as unknown as { opening: Opening }).opening)).toEqual({
    languagesRead: 0,
    headAlone: true,
  });
  expect(fetched).not.toContain('/widget/assets/after.js');
  expect(await page.locator('continuo-chat iframe').boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
  // The keyboard of the screen comes, and goes.
  await page.evaluate(() => {
    const viewport = visualViewport as VisualViewport;
    for (const [name, value] of Object.entries({ height: 300, offsetTop: 40 }))
      Object.defineProperty(viewport, name, { value, configurable: true });
    viewport.dispatchEvent(new Event('resize'));
  });
  const screen = page.locator('continuo-chat iframe');
  await eventually(async () => expect(await screen.boundingBox()).toEqual({ x: 0, y: 40, width: 360, height: 300 }));
  await page.evaluate(() => {
    const viewport = visualViewport as VisualViewport;
    for (const name of ['height', 'offsetTop']) Reflect.deleteProperty(viewport, name);
    viewport.dispatchEvent(new Event('resize'));
  });
  await eventually(async () => expect(await screen.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 }));
  await widget.field.fill('Where is my order?');
  await widget.frame.getByRole('button', { name: 'Send', exact: true }).tap();
  await widget.frame.getByText('With you now').waitFor();
  const offer = widget.frame.getByRole('button', { name: 'Get the answer by e-mail as well' });
  await offer.waitFor();
  expect(fetched).toContain('/widget/assets/after.js');
  expect(await smallTargets(page)).toEqual([]);
  await offer.tap();
  await widget.frame.getByRole('textbox', { name: 'E-mail' }).waitFor();
  expect(await smallTargets(page)).toEqual([]);
  const width = await frameOf(page).evaluate(
    () =>
      (globalThis as never as { document: { documentElement: { scrollWidth: number } } }).document.documentElement
        .scrollWidth,
  );
  expect(width).toBe(360);
  // The browser's Back minimises.
  await page.evaluate(() => (globalThis as never as { history: { back(): void } }).history.back());
  const panel = page.locator('continuo-chat iframe');
  await panel.waitFor({ state: 'hidden' });
  expect(page.url()).toBe(`${stage.shop}/`);
  // As often as he likes, whichever way he minimised.
  for (const _again of ['once', 'twice']) {
    await widget.launcher.tap();
    await panel.waitFor();
    await widget.frame.getByRole('button', { name: 'Minimise' }).tap();
    await panel.waitFor({ state: 'hidden' });
    await hasGoneBack(page);
  }
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test.each([
  {
    colorScheme: 'light',
    locale: 'en-GB',
    language: 'en',
    free: 'Answers in a minute',
    withYou: 'With you now',
    colours: ['rgb(11, 107, 93)', 'rgb(255, 255, 255)'],
  },
  {
    colorScheme: 'dark',
    locale: 'ru-RU',
    language: 'ru',
    free: 'Отвечает за минуту',
    withYou: 'Сейчас с вами',
    colours: ['rgb(84, 194, 172)', 'rgb(4, 32, 27)'],
  },
] as const)('panel and dialogue have no fault that axe finds, $colorScheme and $language', async (look) => {
  const { colorScheme, locale, language, free, withYou, colours } = look;
  const visitor = await stage.person({ axe: true, colorScheme, locale });
  const page = await visitor.context.newPage();
  await page.goto(stage.shop);
  const widget = widgetOn(page, language);
  await widget.launcher.waitFor();
  expect(await coloursOf(widget.launcher)).toEqual(colours);
  await widget.open();
  await widget.frame.getByText(free).waitFor();
  const frame = frameOf(page);
  expect(await accessibilityFaults(frame)).toEqual([]);
  await widget.say('https://shop.example/desk?');
  await widget.log.getByRole('link').waitFor();
  await widget.frame.getByText(withYou).waitFor();
  await agent.reply(await given(), 'Да / yes.');
  await widget.log.getByText('Да / yes.').waitFor();
  expect(await accessibilityFaults(frame)).toEqual([]);
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

const shopPage = async ({ context }: Person): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(stage.shop);
  return page;
};

test('a site chooses side, place, colour and words, and whether the panel opens by itself: once, not on phones, and nobody loses the keyboard', async () => {
  const { site } = stage.world;
  const look: WidgetSettings = {
    side: 'left',
    offset: { x: 40, y: 90 },
    zIndex: 7,
    avatar: '/photos/marie.svg',
    words: { en: { launcher: 'Ask about oak', greeting: 'Anna knows every desk.' } },
  };
  const coloured = { ...site, accent: '#ffd23f' };
  await saveSite(stage, { ...coloured, widget: look });
  const looks = await stage.person();
  const beside = await shopPage(looks);
  const named = { name: 'Ask about oak · Open the chat', exact: true } as const;
  await beside.getByRole('button', named).getByText('Ask about oak').waitFor();
  const closed = await beside.locator('continuo-chat button').boundingBox();
  expect(closed).toMatchObject({ x: 40, y: 860 - 90 - 58, height: 58 });
  expect(closed?.width).toBeGreaterThan(100);
  await looks.context.close();

  await saveSite(stage, { ...coloured, widget: { ...look, openAfterSeconds: 1 } });
  const onPhone = await stage.person(PHONE);
  const phone = await shopPage(onPhone);
  await phone.locator('continuo-chat button').waitFor();

  const visitor = await stage.person({ axe: true });
  // The photo of whoever is there does not come: the site's own picture stands in its place.
  await visitor.context.route('**/photos/anna.svg', (route) => route.abort());
  const page = await shopPage(visitor);
  const widget = widgetOn(page, 'en');
  const panel = page.locator('continuo-chat iframe');
  await panel.waitFor();
  await widget.frame.getByText('Anna knows every desk.').waitFor();
  const picture = widget.frame.locator('.co-head img');
  await eventually(async () =>
    expect(
      await picture.evaluate((one: HTMLImageElement) => [new URL(one.src).pathname, one.naturalWidth > 0]),
    ).toEqual(['/photos/marie.svg', true]),
  );
  expect(
    await page.evaluate(
      () =>
        (globalThis as never as { document: { activeElement: { tagName: string } } }).document.activeElement.tagName,
    ),
  ).toBe('BODY');
  expect(await panel.boundingBox()).toEqual({ x: 40, y: 860 - 90 - 72 - 640, width: 380, height: 640 });
  expect(await page.locator('continuo-chat > div').evaluate((one) => getComputedStyle(one).zIndex)).toBe('7');
  expect(await widget.launcher.evaluate((one) => getComputedStyle(one).backgroundColor)).toBe('rgb(255, 210, 63)');
  await widget.say('Oak, please.');
  await given();
  // What is pale is written on in black, and moved where it is the ink.
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await accessibilityFaults(frameOf(page))).toEqual([]);
  }

  const closer = await stage.person();
  const other = await shopPage(closer);
  await other.locator('continuo-chat iframe').waitFor();
  await other.getByRole('button', { name: 'Minimise the chat' }).click();
  await other.locator('continuo-chat iframe').waitFor({ state: 'hidden' });
  await other.reload();
  await other.getByRole('button', { name: 'Ask about oak · Open the chat' }).waitFor();
  // Whoever comes later has it opened before what should not open has had less time.
  const last = await stage.person();
  await (await shopPage(last)).locator('continuo-chat iframe').waitFor();
  expect(await other.locator('continuo-chat iframe').isVisible()).toBe(false);
  expect(await phone.locator('continuo-chat iframe').isVisible()).toBe(false);
  expect([onPhone, visitor, closer, last].flatMap(({ faults }) => faults)).toEqual([]);
  for (const { context } of [onPhone, visitor, closer, last]) await context.close();
  await saveSite(stage, site);
}, 240_000);

test('a launcher shows the site’s picture beside its words, and the sign where that does not come or the panel is open; nothing of the chat is printed', async () => {
  const { site } = stage.world;
  const avatar = '/photos/marie.svg';
  const look = { avatar, words: { en: { launcher: 'Ask Marie' } } };
  const launcherOf = async (picture: 'comes' | 'is refused') => {
    const visitor = await stage.person();
    if (picture === 'is refused') await visitor.context.route(`**${avatar}`, (route) => route.abort());
    const asked: string[] = [];
    visitor.context.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const page = await shopPage(visitor);
    const { launcher } = widgetOn(page, 'en');
    await launcher.getByText('Ask Marie').waitFor();
    return { visitor, page, launcher, asked };
  };
  await saveSite(stage, { ...site, widget: look });
  const sign = await launcherOf('comes');
  const asSign = await sign.launcher.screenshot();
  await saveSite(stage, { ...site, widget: { ...look, launcher: 'face' } });
  const refused = await launcherOf('is refused');
  await eventually(() => expect(refused.asked).toContain(avatar));
  expect((await refused.launcher.screenshot()).equals(asSign)).toBe(true);

  const face = await launcherOf('comes');
  await eventually(async () => expect((await face.launcher.screenshot()).equals(asSign)).toBe(false));
  expect(sign.asked).not.toContain(avatar);
  const [button, words] = [face.launcher, face.launcher.getByText('Ask Marie')].map((one) => one.boundingBox());
  // The picture is 55 pixels of it.
  expect(((await words)?.x ?? 0) - ((await button)?.x ?? 0)).toBeGreaterThanOrEqual(55);
  await sign.launcher.click();
  await face.launcher.click();
  for (const { page } of [sign, face]) await page.locator('continuo-chat iframe').waitFor();
  expect((await face.launcher.screenshot()).equals(await sign.launcher.screenshot())).toBe(true);

  await face.page.emulateMedia({ media: 'print' });
  for (const part of ['iframe', 'button'])
    await face.page.locator(`continuo-chat ${part}`).waitFor({ state: 'hidden' });
  expect([sign, refused, face].flatMap(({ visitor }) => visitor.faults)).toEqual([]);
  for (const { visitor } of [sign, refused, face]) await visitor.context.close();
  await saveSite(stage, site);
}, 240_000);

/** Runs in the page: what moves by itself or when it changes. */
function moving(): string[] {
  const root = document.querySelector('continuo-chat')?.shadowRoot ?? document;
  return [...root.querySelectorAll('*')].flatMap((one) => {
    const { animationName, transitionDuration } = getComputedStyle(one);
    return animationName === 'none' && /^(0s(, )?)+$/.test(transitionDuration) ? [] : [one.localName];
  });
}

test('launcher, panel and the signs of typing move, and stand still for whoever wants little motion', async () => {
  for (const [reducedMotion, launcher, panel] of [
    ['no-preference', ['button', 'iframe'], ['button', 'i']],
    ['reduce', [], []],
  ] as const) {
    const { context } = await stage.person({ reducedMotion });
    const page = await shopPage({ context, faults: [] });
    const widget = widgetOn(page, 'en');
    await widget.open();
    await widget.say('Does anything move?');
    const conversation = await given();
    const types = setInterval(() => agent.socket.send({ t: 'typing', conversation }), 2_000);
    await widget.frame.locator('.co-typing i').first().waitFor();
    expect([...new Set(await page.evaluate(moving))].sort()).toEqual(launcher);
    expect([...new Set(await frameOf(page).evaluate(moving))].sort()).toEqual(expect.arrayContaining([...panel]));
    if (reducedMotion === 'reduce') expect(await frameOf(page).evaluate(moving)).toEqual([]);
    clearInterval(types);
    await agent.closeDialogue(conversation);
    await context.close();
  }
});
