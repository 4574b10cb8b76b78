// Files in real browsers, from the visitor to an employee's console and back: chosen, dropped, pasted, on a desktop and on a phone; and what becomes of one
// whose way is cut. The bytes lie in MongoDB here.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { accessibilityFaults, frameOf, widgetOn } from './browsers.ts';
import { type Person, type Stage, startStage } from './stage.ts';

let stage: Stage;
let employee: Person;
let desk: Page;

beforeAll(async () => {
  stage = await startStage({
    agents: 1,
    services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 },
    env: { CONTINUO_LIMIT_FILE_MB: '3' },
  });
  employee = await stage.person({ axe: true });
  desk = await stage.consoleOf(employee);
  await desk.getByRole('button', { name: 'Go online' }).click();
}, 240_000);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 120_000);

/** A picture that does not get smaller by packing: noise. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const whole = Buffer.alloc(body.length + 8);
    whole.writeUInt32BE(data.length, 0);
    body.copy(whole, 4);
    whole.writeUInt32BE(crc32(body), body.length + 4);
    return whole;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.concat(
    Array.from({ length: height }, () => Buffer.concat([Buffer.of(0), randomBytes(width * 3)])),
  );
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(2_000)]);

const attach = (frame: FrameLocator): Locator => frame.getByLabel('Send a file or picture, up to 3 MB');
const shopPage = async ({ context }: Person): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(stage.shop);
  return page;
};
/** What the browser saves when this is pressed. */
async function saved(page: Page, button: Locator): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}
const isDrawn = (picture: Locator): Promise<void> =>
  eventually(async () => {
    expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  });
async function openDialogue(page: Page, words: string): Promise<Locator> {
  await page
    .getByRole('link')
    .filter({ hasText: new RegExp(words) })
    .first()
    .click();
  return page.getByRole('log');
}

test('a picture goes to the agent and a paper comes back, each as it was sent', async () => {
  const visitor = await stage.person({ axe: true });
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  await widget.say('Does it fit here?');
  const picture = png(700, 500);
  await attach(widget.frame).setInputFiles({ name: 'floor plan.png', mimeType: 'image/png', buffer: picture });
  await isDrawn(widget.frame.getByRole('button', { name: /^Open: floor plan\.png/ }).locator('img'));

  const log = await openDialogue(desk, 'Does it fit here|floor plan');
  const shown = log.getByRole('button', { name: /^Open: floor plan\.png/ });
  await isDrawn(shown.locator('img'));
  // Others see the smaller picture first.
  expect(await shown.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(640);
  const [whole] = await Promise.all([employee.context.waitForEvent('page'), shown.click()]);
  await whole.waitForLoadState();
  expect(await whole.evaluate(() => document.images[0]?.naturalWidth)).toBe(700);
  await whole.close();

  await desk
    .getByLabel(/^Send files, up to 3/)
    .setInputFiles({ name: 'assembly.pdf', mimeType: 'text/html', buffer: PDF });
  const paper = widget.frame.getByRole('button', { name: /^Save: assembly\.pdf/ });
  expect(await saved(shop, paper)).toEqual({ name: 'assembly.pdf', content: PDF });
  expect(await accessibilityFaults(frameOf(shop))).toEqual([]);
  expect(await accessibilityFaults(desk)).toEqual([]);
  expect([visitor.faults, employee.faults]).toEqual([[], []]);
}, 240_000);

/** Files dropped on, or pasted into, what has this selector in a frame or page. */
const given = (page: Frame | Page, selector: string, kind: 'drop' | 'paste', name: string): Promise<void> =>
  page.evaluate(
    ([where, how, called]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['%PDF-1.7 from somewhere'], called as string, { type: 'application/pdf' }));
      const event =
        how === 'drop'
          ? new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: dataTransfer, bubbles: true, cancelable: true });
      document.querySelector(where as string)?.dispatchEvent(event);
    },
    [selector, kind, name],
  );

test('files are dropped and pasted on either side', async () => {
  const visitor = await stage.person();
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  await widget.say('I have two papers.');
  for (const how of ['drop', 'paste'] as const) {
    await given(frameOf(shop), how === 'drop' ? 'form' : 'textarea', how, `visitor ${how}.pdf`);
    await widget.frame.getByRole('button', { name: `Save: visitor ${how}.pdf` }).waitFor();
  }
  const log = await openDialogue(desk, 'I have two papers|visitor paste');
  for (const how of ['drop', 'paste'] as const) {
    await log.getByRole('button', { name: `Save: visitor ${how}.pdf` }).waitFor();
    await given(desk, how === 'drop' ? '.k-comp' : '#composer', how, `agent ${how}.pdf`);
    await widget.frame.getByRole('button', { name: `Save: agent ${how}.pdf` }).waitFor();
  }
}, 240_000);

test('a file whose way is cut stays, goes on by itself after a reload, and arrives once; one that is taken back never goes', async () => {
  const visitor = await stage.person();
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  await widget.say('The network is bad here.');
  const way = '**/widget/files';
  await visitor.context.route(way, (route) => route.abort());
  for (const name of ['kept.pdf', 'taken back.pdf'])
    await attach(widget.frame).setInputFiles({ name, mimeType: 'application/pdf', buffer: PDF });
  await widget.frame.getByRole('button', { name: 'Cancel: taken back.pdf' }).click();
  await widget.frame.getByText('taken back.pdf').waitFor({ state: 'detached' });
  await widget.frame.getByText('kept.pdf').waitFor();
  // Words do not wait for it.
  await widget.say('You see this first.');
  const log = await openDialogue(desk, 'You see this first|The network is bad');
  await log.getByText('You see this first.').waitFor();

  await shop.reload();
  await visitor.context.unroute(way);
  // Nobody has opened the panel: the file goes by itself.
  const paper = log.getByRole('button', { name: /^Save: kept\.pdf/ });
  await paper.waitFor();
  expect((await saved(desk, paper)).content.equals(PDF)).toBe(true);
  await widget.open();
  await widget.frame.getByRole('button', { name: /^Save: kept\.pdf/ }).waitFor();
  expect(await widget.frame.getByText('kept.pdf').count()).toBe(1);
  expect(await log.getByText('kept.pdf').count()).toBe(1);
  expect(await log.getByText('taken back.pdf').count()).toBe(0);
}, 240_000);

test('what is too large or of a kind that is not taken is told in words', async () => {
  const visitor = await stage.person({ axe: true });
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  const large = { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(3_000_001) };
  const program = {
    name: 'photo.png',
    mimeType: 'image/png',
    buffer: Buffer.from('7f454c46020101000000000000000000', 'hex'),
  };
  await attach(widget.frame).setInputFiles([large, program]);
  await widget.frame.getByText('film.mp4 is larger than 3 MB. Send a link instead?').waitFor();
  await widget.frame.getByText('Files of this kind are not taken.').waitFor();
  expect(await accessibilityFaults(frameOf(shop))).toEqual([]);
  await widget.frame.getByRole('button', { name: 'Remove' }).click();
  await widget.frame.getByText('photo.png').waitFor({ state: 'detached' });
}, 240_000);

test('on a phone a picture is taken by the camera; all of it can be touched, nothing scrolls sideways', async () => {
  const visitor = await stage.person({
    axe: true,
    viewport: { width: 360, height: 640 },
    hasTouch: true,
    isMobile: true,
  });
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  const camera = widget.frame.getByLabel('Take a picture');
  expect(await camera.getAttribute('capture')).toBe('environment');
  await camera.setInputFiles({ name: 'IMG_0001.png', mimeType: 'image/png', buffer: png(600, 900) });
  await isDrawn(widget.frame.getByRole('button', { name: /^Open: IMG_0001\.png/ }).locator('img'));
  await attach(widget.frame).setInputFiles({
    name: `${'a very long name '.repeat(6)}.pdf`,
    mimeType: 'application/pdf',
    buffer: PDF,
  });
  await widget.frame.getByRole('button', { name: /^Save: a very long name/ }).waitFor();
  const frame = frameOf(shop);
  const [wide, small] = await frame.evaluate(() => [
    document.querySelector('.co-log')?.scrollWidth ?? 0,
    [...document.querySelectorAll('button, .co-pick')]
      .map((one) => ({ name: one.className, box: one.getBoundingClientRect() }))
      .filter(({ box, name }) => name !== 'co-send' && box.width > 0 && (box.width < 44 || box.height < 44))
      .map(({ name }) => name)
      .filter((name) => !name.includes('co-send')),
  ]);
  expect(wide).toBeLessThanOrEqual(360);
  expect(small).toEqual([]);
  expect(await accessibilityFaults(frame)).toEqual([]);
}, 240_000);
