// What a page says to its widget: before it has come, as a single-page application, with a nonce, and through the package @continuo/widget.
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { freePort, keptSecrets } from '@continuo/servers';
import { eventually, type TestAgent } from '@continuo/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { siteKey } from '../../services/gateway/src/sessions/site-identity.ts';
import type { ContinuoFunction } from '../../services/gateway/widget/src/npm/index.ts';
import { frameOf, widgetOn } from './browsers.ts';
import { type Stage, startStage } from './stage.ts';

let stage: Stage;
let agent: TestAgent;
let host: string;
const server = createServer((request, response) => {
  const isScript = request.url?.endsWith('.js');
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
  if (!isScript)
    response.setHeader('Content-Security-Policy', `${policy()}${request.url === '/trusted' ? TRUSTED : ''}`);
  void answer(request.url ?? '').then((body) => response.end(body));
});
const policy = (): string => `default-src 'none'; script-src 'nonce-abc' 'self'; frame-src ${stage.network.address}`;
const TRUSTED = "; require-trusted-types-for 'script'; trusted-types continuo";
beforeAll(async () => {
  const port = await freePort();
  host = `http://127.0.0.1:${port}`;
  stage = await startStage({ agents: 1, services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 } }, [host]);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  agent = await stage.world.agent();
  await agent.goOnline();
}, 240_000);
afterEach(async () => {
  // A test that stopped halfway leaves none of its dialogues to the next.
  for (const conversation of agent?.mine() ?? []) await agent.closeDialogue(conversation);
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await stage?.[Symbol.asyncDispose]();
}, 240_000);

async function answer(url: string): Promise<string> {
  if (url === '/package.js')
    return readFile(new URL('../../services/gateway/widget/dist/npm/index.js', import.meta.url), 'utf8');
  const site = stage.world.site.id;
  const { address } = stage.network;
  const script =
    url === '/module' || url === '/trusted'
      ? `<script nonce="abc" type="module">
           import { Continuo, load } from '/package.js';
           Continuo('on', 'open', () => { throw new Error('a fault of the page'); });
           Continuo('on', 'open', () => { document.title = 'opened'; });
           Continuo('open');
           window.comeBack = () => load({ gateway: '${address}', site: '${site}', language: 'ru', nonce: 'abc' });
           comeBack();
           comeBack();
         </script>`
      : url === '/named'
        ? `<form id="Continuo"><input name="q"><input name="site"></form>
         <script nonce="abc" type="module" src="${address}/widget.js" data-site="${site}"></script>
         <script nonce="abc" async src="${address}/widget.js" data-site="${site}"></script>`
        : `<script nonce="abc">
           window.Continuo ??= (...args) => (Continuo.q ??= []).push(args);
           Continuo('track', 'compare', { desks: 3 });
           window.told = [];
           for (const event of ['ready', 'open', 'close', 'unread', 'identified'])
             Continuo('on', event, (...detail) => told.push([event, ...detail].join(' ').trim()));
         </script>
         <script nonce="abc" async src="${address}/widget.js" data-site="${site}" ${url === '/asked' ? 'data-consent="required"' : ''}></script>`;
  return `<!doctype html><html lang="en"><head><title>Host</title></head><body><h1>Host</h1>${script}</body></html>`;
}

interface HostWindow {
  Continuo?: ContinuoFunction;
  history: { pushState(state: null, title: string, url: string): void };
}
const say = (page: Page, ...call: Parameters<ContinuoFunction>): Promise<void> =>
  page.evaluate((said) => (globalThis as never as Required<HostWindow>).Continuo(...said), call);
const told = (page: Page): Promise<string[]> => page.evaluate(() => (globalThis as never as { told: string[] }).told);
/** What the widget says to the page's developer from now on. */
function warningsOn(page: Page): string[] {
  const warnings: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  return warnings;
}
/** As frameworks do that run the scripts of a new body again. */
const addScript = (page: Page, site: string): Promise<void> =>
  page.evaluate(
    ({ src, site }) =>
      new Promise<void>((resolve) => {
        const script = Object.assign(document.createElement('script'), { src, nonce: 'abc', onload: () => resolve() });
        script.dataset['site'] = site;
        document.body.replaceChildren(script);
      }),
    { src: `${stage.network.address}/widget.js`, site },
  );
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
async function tokenOf(claims: object): Promise<string> {
  const { tokenKey } = await keptSecrets(join(stage.world.dir, 'secrets.json'));
  const body = `${part({ alg: 'HS256' })}.${part({ exp: Date.now() / 1000 + 600, ...claims })}`;
  return `${body}.${createHmac('sha256', siteKey(tokenKey, stage.world.site.id)).update(body).digest('base64url')}`;
}
/** The card of whoever writes this into the widget. */
async function cardOf(page: Page, text: string) {
  const widget = widgetOn(page, 'en');
  await say(page, 'open');
  await widget.say(text);
  const conversation = await eventually(() => {
    expect(agent.mine()).toHaveLength(1);
    return agent.mine()[0] as string;
  });
  const { visitor, contact } = await eventually(() => {
    const transcript = agent.transcript(conversation);
    expect(transcript).toBeDefined();
    return transcript as NonNullable<typeof transcript>;
  });
  return { conversation, contact, card: () => agent.query('visitor-card', { visitor }) };
}
/** Notes that the widget came and went: both may happen between two looks at the page. */
const GONE = `new MutationObserver((changes) => {
  for (const { removedNodes } of changes)
    for (const { localName } of removedNodes) if (localName === 'continuo-chat') window.widgetHasGone = true;
}).observe(document, { childList: true, subtree: true })`;
const pathsOf = (card: unknown): string[] =>
  (card as { pages: { url: string }[] }).pages.map(({ url }) => new URL(url).pathname);

test('what a page says before and after the widget has come reaches the visitor’s card, each change of the address too', async () => {
  const person = await stage.person();
  const page = await person.context.newPage();
  await page.goto(`${host}/start`);
  await widgetOn(page, 'en').launcher.waitFor();
  await page.evaluate(() => (globalThis as never as HostWindow).history.pushState(null, '', '/desks'));
  await page.evaluate(() => (globalThis as never as HostWindow).history.pushState(null, '', '/desks/are-160'));
  await say(page, 'goal', 'order', { value: 890, currency: 'EUR' });
  await say(page, 'cart', { items: [{ name: 'Oak desk', quantity: 1, price: 890 }] });
  await say(page, 'identify', await tokenOf({ sub: '4711', name: 'Lea', email: 'lea@visitor.example' }));
  // The gateway says so, which takes as long as it takes.
  await eventually(async () => expect(await told(page)).toContain('identified'));
  const { conversation, card } = await cardOf(page, 'Is it in stock?');
  await eventually(async () => {
    const shown = await card();
    expect(shown).toMatchObject({
      events: [{ name: 'compare', data: { desks: 3 } }],
      goals: [{ name: 'order', value: 890, currency: 'EUR' }],
      cart: { items: [{ name: 'Oak desk', quantity: 1, price: 890 }] },
      identity: { externalId: '4711', name: 'Lea', email: 'lea@visitor.example' },
    });
    expect(pathsOf(shown)).toEqual(['/desks/are-160', '/desks', '/start']);
  });
  await eventually(() => expect(agent.transcript(conversation)?.contact.email).toBe('lea@visitor.example'));
  const launcher = (name: string) => page.getByRole('button', { name, exact: true });
  await launcher('Minimise the chat').waitFor();
  await say(page, 'close');
  await launcher('Open the chat').waitFor();
  await agent.reply(conversation, 'It is.');
  await eventually(async () =>
    expect(await told(page)).toEqual(['ready', 'unread 0', 'identified', 'open', 'close', 'unread 1']),
  );
  // Who asks late is told how it stands, and of what comes.
  await page.evaluate(() => {
    const { Continuo, told } = globalThis as never as Required<HostWindow> & { told: string[] };
    Continuo('on', 'ready', () => told.push('late: ready'));
    Continuo('on', 'unread', (count) => told.push(`late: ${count}`));
    Continuo('on', 'close', () => told.push('late: close'));
  });
  await eventually(async () => expect((await told(page)).slice(6)).toEqual(['late: ready', 'late: 1']));
  for (const [hidden, title] of [
    [true, '(1) Host'],
    [false, 'Host'],
  ] as const) {
    await page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    expect(await page.title()).toBe(title);
  }
  await say(page, 'open');

  const colleague = await stage.person();
  const desk = await stage.consoleOf(colleague);
  await desk.goto(`${stage.network.address}/console/#/conversation/${conversation}`);
  const visitorCard = desk.getByRole('region', { name: 'Visitor' });
  for (const shown of ['Signed in on the site: Lea · 4711', 'Oak desk', 'order €890', 'compare desks: 3'])
    await visitorCard.getByText(shown).first().waitFor();
  await say(page, 'cart', { items: [{ name: 'Pine shelf', quantity: 2, price: 40 }], total: 80, currency: 'EUR' });
  await visitorCard.getByText('2 × Pine shelf').waitFor();
  await visitorCard.getByText('Oak desk').waitFor({ state: 'detached' });
  expect(colleague.faults).toEqual([]);
  await colleague.context.close();

  await say(page, 'setLocale', 'ru');
  await widgetOn(page, 'ru').field.waitFor();
  await launcher('Свернуть чат').waitFor();
  const other = await person.context.newPage();
  await other.goto(`${host}/other`);
  await widgetOn(other, 'en').open();
  const before = widgetOn(other, 'en').frame.getByText('Is it in stock?');
  await before.waitFor();
  await say(page, 'shutdown', { forget: true });
  await page.locator('continuo-chat').waitFor({ state: 'detached' });
  // In the other tab, too: whoever opens it now is somebody else.
  await before.waitFor({ state: 'detached' });
  await widgetOn(other, 'en').open();
  await widgetOn(other, 'en').field.waitFor();
  expect(await before.count()).toBe(0);
  await other.close();
  // What is said meanwhile waits for whoever comes next.
  await say(page, 'open');
  await addScript(page, stage.world.site.id);
  await widgetOn(page, 'en').field.waitFor();
  expect(await widgetOn(page, 'en').frame.getByText('Is it in stock?').count()).toBe(0);
  await page.reload();
  await widgetOn(page, 'en').open();
  await widgetOn(page, 'en').field.waitFor();
  expect(await widgetOn(page, 'en').frame.getByText('Is it in stock?').count()).toBe(0);
  await agent.closeDialogue(conversation);
  expect(person.faults).toEqual([]);
  await person.context.close();
});

test('a call that cannot be understood or cannot travel, before the widget has come or after, is told to the page’s developer and breaks nothing', async () => {
  const person = await stage.person();
  const page = await person.context.newPage();
  const warnings = warningsOn(page);
  await page.addInitScript(() => {
    const calls: unknown[][] = [
      ['cart', new Proxy({ items: [] }, {})],
      ['track', document],
      ['on', 'open', 'a text'],
      ['consent', 'yes'],
      ['goal', 'order'],
    ];
    const Continuo = Object.assign((...call: unknown[]) => calls.push(call), { q: calls });
    Object.assign(globalThis, { Continuo });
  });
  await page.goto(`${host}/start`);
  await widgetOn(page, 'en').launcher.waitFor();
  await eventually(async () => expect(await told(page)).toEqual(['ready', 'unread 0']));
  const faults = [
    /DataCloneError/,
    /DataCloneError/,
    /Continuo\('on', event, listener\)/,
    /Continuo\('consent', true\)/,
  ];
  const heard = () => faults.map((fault) => warnings.filter((warning) => fault.test(warning)).length);
  await eventually(() => expect([heard(), warnings.length]).toEqual([[2, 2, 1, 1], 4]));
  const { conversation, card } = await cardOf(page, 'Is it in stock?');
  // What was said behind them holds, and nothing is a no that was none.
  await eventually(async () => expect(await card()).toMatchObject({ goals: [{ name: 'order' }] }));
  await page.evaluate(() => {
    const { Continuo } = globalThis as never as { Continuo(...call: unknown[]): void };
    Continuo('track', document);
    Continuo('consent', 'no');
    Continuo('on', 'close', {});
  });
  await eventually(() => expect([heard(), warnings.length]).toEqual([[3, 3, 2, 2], 7]));
  expect((await keptOn(page)).consent).toBeUndefined();
  await agent.closeDialogue(conversation);
  expect(person.faults).toEqual([]);

  // A form of the page's by the same name, and a script that is a module, which cannot know its own tag.
  const named = await person.context.newPage();
  const namedWarnings = warningsOn(named);
  await named.goto(`${host}/named`);
  await widgetOn(named, 'en').open();
  await widgetOn(named, 'en').field.waitFor();
  await say(named, 'close');
  await named.locator('continuo-chat iframe').waitFor({ state: 'hidden' });
  await eventually(() => expect(namedWarnings).toEqual([expect.stringContaining('no type=module')]));
  expect(person.faults).toEqual([]);
  await person.context.close();
});

test('a page that waits for consent tells nothing before it is given', async () => {
  const person = await stage.person();
  const page = await person.context.newPage();
  await page.goto(`${host}/asked`);
  const { conversation, card } = await cardOf(page, 'Hello?');
  expect(await card()).toMatchObject({ visits: 0, pages: [] });
  await say(page, 'consent', true);
  await eventually(async () => expect(pathsOf(await card())).toEqual(['/asked']));
  expect(await card()).not.toHaveProperty('events');
  await eventually(async () => expect(await card()).toMatchObject({ consent: { given: true } }));
  const colleague = await stage.person();
  const desk = await stage.consoleOf(colleague);
  await desk.goto(`${stage.network.address}/console/#/conversation/${conversation}`);
  const visitorCard = desk.getByRole('region', { name: 'Visitor' });
  await visitorCard.getByText('Agreed to be followed on the site').waitFor();
  await say(page, 'consent', false);
  await visitorCard.getByText('Does not want to be followed on the site').waitFor();
  await colleague.context.close();
  await agent.closeDialogue(conversation);
  await person.context.close();
});

test('whose browser asks that nobody follow him is not followed; a visitor who is forgotten before the widget has come is forgotten all the same', async () => {
  const person = await stage.person();
  await person.context.addInitScript("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })");
  const page = await person.context.newPage();
  await page.goto(`${host}/start`);
  const { conversation, card } = await cardOf(page, 'Remember me?');
  expect(await card()).toMatchObject({ visits: 0, pages: [] });
  await page.close();
  const loggedOut = await person.context.newPage();
  await loggedOut.addInitScript("window.Continuo = Object.assign(() => {}, { q: [['shutdown', { forget: true }]] })");
  await loggedOut.addInitScript(GONE);
  await loggedOut.goto(`${host}/start`);
  await eventually(async () => expect(await loggedOut.evaluate(() => 'widgetHasGone' in globalThis)).toBe(true));
  const next = await person.context.newPage();
  await next.goto(`${host}/start`);
  await widgetOn(next, 'en').open();
  await widgetOn(next, 'en').field.waitFor();
  expect(await widgetOn(next, 'en').frame.getByText('Remember me?').count()).toBe(0);
  await agent.closeDialogue(conversation);
  await person.context.close();
});

/** What the device keeps for the gateway's origin under this page: names of databases, and values of the site's storage. */
const keptOn = (page: Page): Promise<{ databases: (string | undefined)[]; consent: string | null | undefined }> =>
  frameOf(page).evaluate(async () => {
    const { indexedDB, localStorage } = globalThis as never as KeptWindow;
    const consent = Object.keys(localStorage).find((name) => name.endsWith(':consent'));
    return {
      databases: (await indexedDB.databases()).map(({ name }) => name),
      consent: consent && localStorage.getItem(consent),
    };
  });
interface KeptWindow {
  indexedDB: { databases(): Promise<{ name?: string }[]> };
  localStorage: { getItem(name: string): string | null };
}

test('whoever is forgotten leaves no file on the device, not even one on its way in another tab, and his no to being followed stands', async () => {
  const person = await stage.person();
  // A file that never arrives.
  await person.context.route('**/widget/files', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  const page = await person.context.newPage();
  await page.goto(`${host}/start`);
  const { conversation } = await cardOf(page, 'This is my passport');
  await say(page, 'consent', false);
  await widgetOn(page, 'en')
    .frame.locator('input[type=file]:not([capture])')
    .first()
    .setInputFiles({ name: 'passport.png', mimeType: 'image/png', buffer: Buffer.from('secret') });
  const site = `continuo:${stage.world.site.id}`;
  await eventually(async () => expect(await keptOn(page)).toEqual({ databases: [site], consent: 'false' }));
  const other = await person.context.newPage();
  await other.goto(`${host}/start`);
  // What another tab has interrupted goes on in this one: it holds the database, too.
  await widgetOn(other, 'en').launcher.waitFor();
  await say(page, 'shutdown', { forget: true });
  await page.locator('continuo-chat').waitFor({ state: 'detached' });
  await eventually(async () => expect(await keptOn(other)).toEqual({ databases: [], consent: 'false' }));
  // And it stays so: two seconds after a file was added contents that nobody wants are looked for.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await keptOn(other)).toEqual({ databases: [], consent: 'false' });
  await agent.closeDialogue(conversation);
  expect(person.faults).toEqual([]);
  await person.context.close();
});

test('somebody else who signs in on the same device is a new visitor: he sees nothing of the one before, and nothing of the two is joined', async () => {
  const person = await stage.person();
  const page = await person.context.newPage();
  await page.goto(`${host}/start`);
  await say(page, 'identify', await tokenOf({ sub: 'lea', email: 'lea@visitor.example' }));
  const first = await cardOf(page, 'I am Lea');
  await eventually(async () => expect(await first.card()).toMatchObject({ identity: { externalId: 'lea' } }));
  const other = await person.context.newPage();
  await other.goto(`${host}/other`);
  await widgetOn(other, 'en').open();
  const before = widgetOn(other, 'en').frame.getByText('I am Lea');
  await before.waitFor();
  await agent.closeDialogue(first.conversation);

  await page.bringToFront();
  // The frame that comes anew takes its time: what is said meanwhile waits for it.
  const gate = Promise.withResolvers<void>();
  await page.route('**/widget/frame.html*', (route) => gate.promise.then(() => route.continue()));
  await say(page, 'identify', await tokenOf({ sub: 'mia', email: 'mia@visitor.example' }));
  await page.getByRole('button', { name: 'Open the chat', exact: true }).waitFor();
  await say(page, 'open');
  gate.resolve();
  await widgetOn(page, 'en').field.waitFor();
  // Gone from every screen of this device.
  await before.waitFor({ state: 'detached' });
  await widgetOn(page, 'en').frame.getByText('I am Lea').waitFor({ state: 'detached' });
  const second = await cardOf(page, 'I am Mia');
  expect(second.conversation).not.toBe(first.conversation);
  await eventually(async () => {
    expect(await second.card()).toMatchObject({ identity: { externalId: 'mia' } });
    expect(pathsOf(await second.card())).toContain('/start');
  });
  expect(await first.card()).toMatchObject({ identity: { externalId: 'lea' } });
  await eventually(() => expect(agent.transcript(second.conversation)?.contact.email).toBe('mia@visitor.example'));
  expect(agent.transcript(first.conversation)?.contact.email).toBe('lea@visitor.example');
  await agent.closeDialogue(second.conversation);
  expect(person.faults).toEqual([]);
  await person.context.close();
});

test('the package puts the widget on a page once, also under trusted types, keeps what was said before, stays through whatever the page does with its document, and brings it back', async () => {
  const person = await stage.person();
  const page = await person.context.newPage();
  await page.goto(`${host}/trusted`);
  await widgetOn(page, 'ru').field.waitFor();
  await page.goto(`${host}/module`);
  await widgetOn(page, 'ru').field.waitFor();
  expect(await page.locator('continuo-chat').count()).toBe(1);
  await eventually(async () => expect(await page.title()).toBe('opened'));
  await widgetOn(page, 'ru').field.fill('Половина сл');
  // And as a second tag from elsewhere does.
  const warnings = warningsOn(page);
  for (const site of [stage.world.site.id, 'another']) await addScript(page, site);
  await eventually(() => expect(warnings).toEqual([expect.stringContaining('another')]));
  await eventually(async () => expect(await widgetOn(page, 'ru').field.inputValue()).toBe('Половина сл'));
  // The document loses all that it holds, ours too.
  await page.evaluate(() => document.documentElement.replaceChildren(document.createElement('body')));
  await eventually(async () => expect(await widgetOn(page, 'ru').field.inputValue()).toBe('Половина сл'));
  await say(page, 'close');
  await page.locator('continuo-chat iframe').waitFor({ state: 'hidden' });
  expect(await page.locator('continuo-chat').count()).toBe(1);
  await say(page, 'shutdown');
  await page.locator('continuo-chat').waitFor({ state: 'detached' });
  // Twice is no more than once, e.g. by two parts of an application.
  await say(page, 'shutdown');
  await say(page, 'open');
  await page.evaluate(() => (globalThis as never as { comeBack(): void }).comeBack());
  await eventually(async () => expect(await widgetOn(page, 'ru').field.inputValue()).toBe('Половина сл'));
  // A listener that throws is the page's to know, and silences no other.
  expect([...new Set(person.faults)]).toEqual(['a fault of the page']);
  await person.context.close();
});
