// Real Chromium for end-to-end tests: one browser, a context of its own for each person.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { testChromium } from '@continuo/servers';
import { eventually, keepOut, keepOutOf } from '@continuo/testing';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Frame,
  type FrameLocator,
  type Locator,
  type Page,
} from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** With a slow machine, and with a widget that has lost its line for long: it pauses up to 45 seconds between two tries. */
export const PATIENCE_MS = 60_000;

export const startBrowser = (more: string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: testChromium(), args: [...ARGUMENTS, ...more] });

/** A browser whose settings are its owner's; `dir` is new. */
export async function openProfile(dir: string, preferences: object): Promise<BrowserContext> {
  await mkdir(join(dir, 'Default'), { recursive: true });
  await writeFile(join(dir, 'Default/Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(dir, {
    executablePath: testChromium(),
    args: ARGUMENTS,
    locale: 'en-GB',
    viewport: { width: 1366, height: 860 },
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/** What the browser itself says of answers such as 401 before a login, and of sockets on a lost network. */
const EXPECTED = /^(Failed to load resource|WebSocket connection to)/;

/** Faults that a page reported: its own exceptions and refused policies. */
export function faultsOf(context: BrowserContext): string[] {
  const faults: string[] = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !EXPECTED.test(message.text())) faults.push(message.text());
    });
  });
  return faults;
}

/** What is written in its pages, letter by letter while it is typed too, is somebody's words: the world is searched for them when it ends. */
export function keepWordsOut(context: BrowserContext): void {
  context.on('page', (page) =>
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const { text, data } = JSON.parse(String(payload)) as {
          text?: string;
          data?: { text?: string; email?: string };
        };
        keepOutOf({ text, data: { text: data?.text, email: data?.email } });
      }),
    ),
  );
}

/** The visitor's side of a page with the widget, in the words a person sees. */
export function widgetOn(page: Page, language: 'ru' | 'en') {
  const words = {
    ru: { field: 'Напишите сообщение', offer: 'Получить ответ ещё и на почту', save: 'Сохранить' },
    en: { field: 'Write a message', offer: 'Get the answer by e-mail as well', save: 'Save' },
  }[language];
  const frame: FrameLocator = page.frameLocator('continuo-chat iframe');
  const field = frame.getByRole('textbox', { name: words.field });
  return {
    frame,
    field,
    log: frame.getByRole('log'),
    // Only once it is seen: a key goes to nothing while what it is meant for is hidden.
    launcher: page.locator('continuo-chat button:visible'),
    badge: page.locator('continuo-chat b'),
    async open(): Promise<void> {
      await page.locator('continuo-chat button').click();
    },
    async say(text: string): Promise<void> {
      await field.fill(text);
      await field.press('Enter');
    },
    async leaveEmail(address: string): Promise<void> {
      await frame.getByRole('button', { name: words.offer }).click();
      await frame.getByRole('textbox', { name: 'E-mail' }).fill(address);
      await frame.getByRole('button', { name: words.save }).click();
    },
  };
}

/** An image that is seen may still be on its way, and the one that stands for it goes when it comes. */
export const isDrawn = (picture: Locator): Promise<void> =>
  eventually(async () => {
    if (!(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)))
      throw new Error(`${picture} is not drawn`);
  });

/** Logs an employee in on whatever page asks for it. */
export async function logIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  keepOut(password);
  await page.getByRole('textbox', { name: /^(E-mail|Почта)$/ }).fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.getByRole('button', { name: /^(Log in|Войти)$/ }).click();
}

/** The file of axe-core, for a context's `addInitScript`. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe-core finds against a page or frame as it stands, in one line each. */
export async function accessibilityFaults(shown: Page | Frame): Promise<string[]> {
  const { violations } = await shown.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    return axe.run();
  });
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, any }) => `${target} ${any.map(({ message }) => message)}`).join('; ')}`,
  );
}
interface AxeResults {
  violations: { id: string; nodes: { target: string[]; any: { message: string }[] }[] }[];
}

/** The frame on the gateway's origin that holds the panel. */
export function frameOf(page: Page): Frame {
  const frame = page.frames().find((one) => one.url().includes('/widget/frame.html'));
  if (!frame) throw new Error(`${page.url()} has no frame of the widget`);
  return frame;
}

/** Tells the page and its frames that the browser is on line again. */
export async function wake(page: Page): Promise<void> {
  for (const frame of page.frames())
    await frame.evaluate(() => void dispatchEvent(new Event('online'))).catch(() => {});
}

/** For whoever looks for the cause of a red test: CONTINUO_E2E_PICTURES names a folder that gets a picture of every open page. */
export async function takePictures(browser: Browser | undefined): Promise<void> {
  const folder = process.env['CONTINUO_E2E_PICTURES'];
  if (!folder || !browser) return;
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) await page.screenshot({ path: join(folder, `page-${index + 1}.png`) });
}
