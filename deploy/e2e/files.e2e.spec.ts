// What goes beside words in real browsers. Files, from the visitor to an employee's console and back: chosen, dropped, pasted, on a desktop and on a phone; and what
// becomes of one whose way is cut. The bytes lie in MongoDB here. Cards with buttons and
// surveys, from the console to the visitor, and his answers. The dialogue itself by mail; the sound of an answer.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Survey } from '@continuo/contracts';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { accessibilityFaults, frameOf, isDrawn, widgetOn } from './browsers.ts';
import { countNotes, notesIn } from './heard.ts';
import { phoneFaults, PHONE as SMALL } from './phone.ts';
import { type Person, type Stage, startStage } from './stage.ts';

let stage: Stage;
let employee: Person;
let desk: Page;

const PHONE = { ...SMALL, axe: true } as const;

const SURVEY: Survey = {
  id: 'after-purchase',
  title: 'Your order',
  questions: [
    { kind: 'scale', question: 'How easy was it to choose?' },
    { kind: 'choice', question: 'Where is the desk for?', options: ['Home', 'An office that has a very long name'] },
    { kind: 'text', question: 'What did you miss?' },
  ],
};

beforeAll(async () => {
  stage = await startStage({
    agents: 1,
    services: { gateway: 1, conversation: 1, 'visitor-tracking': 1, 'email-fallback': 1 },
    env: { CONTINUO_LIMIT_FILE_MB: '3' },
    site: { surveys: [SURVEY] },
  });
  employee = await stage.person({ axe: true });
  desk = await stage.consoleOf(employee);
  await desk.getByRole('button', { name: 'Go online' }).click();
}, 240_000);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 240_000);

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
async function openDialogue(page: Page, words: string): Promise<Locator> {
  await page
    .getByRole('link')
    .filter({ hasText: new RegExp(words) })
    .first()
    .click();
  // Until it is there nothing can be said in it.
  const log = page.getByRole('log');
  await log.getByText(new RegExp(words)).first().waitFor();
  return log;
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

/** A file pasted into, or dropped on, what has this selector. */
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

/** Files from the visitor's disk, held by the mouse over the middle of something, as the browser itself sees it. */
async function dragOver(page: Page, target: Locator, ...files: string[]) {
  const { x, y, width, height } = (await target.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const session = await page.context().newCDPSession(page);
  const say = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', {
      type,
      x: x + width / 2,
      y: y + height / 2,
      data: { items: [], files, dragOperationsMask: 1 },
    });
  await say('dragEnter');
  await say('dragOver');
  return {
    drop: () => say('drop'),
    // What is held this way never leaves a frame, which the hand does.
    takeAway: () => target.dispatchEvent('dragleave'),
  };
}

test('files are dropped and pasted on either side', async () => {
  const visitor = await stage.person();
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  await widget.say('I have two papers.');
  await given(frameOf(shop), 'textarea', 'paste', 'visitor paste.pdf');
  await widget.frame.getByRole('button', { name: 'Save: visitor paste.pdf' }).waitFor();
  const log = await openDialogue(desk, 'I have two papers|visitor paste');
  await log.getByRole('button', { name: 'Save: visitor paste.pdf' }).waitFor();
  for (const how of ['drop', 'paste'] as const) {
    await given(desk, how === 'drop' ? '.k-comp' : '#composer', how, `agent ${how}.pdf`);
    await widget.frame.getByRole('button', { name: `Save: agent ${how}.pdf` }).waitFor();
  }

  const folder = await mkdtemp(join(tmpdir(), 'continuo-files-'));
  const file = join(folder, 'visitor drop.pdf');
  await writeFile(file, PDF);
  // Anywhere on the panel, which shows that it takes them.
  const taking = widget.frame.locator('.co-panel.drop');
  const away = await dragOver(shop, widget.log, file);
  await taking.waitFor();
  await away.takeAway();
  await taking.waitFor({ state: 'hidden' });
  for (const place of [widget.log, widget.frame.locator('.co-head')]) {
    const held = await dragOver(shop, place, file);
    await taking.waitFor();
    await held.drop();
    await taking.waitFor({ state: 'hidden' });
  }
  const dropped = { name: 'Save: visitor drop.pdf' };
  await widget.frame.getByRole('button', dropped).nth(1).waitFor();
  expect(await saved(desk, log.getByRole('button', dropped).nth(1))).toEqual({
    name: 'visitor drop.pdf',
    content: PDF,
  });
  await rm(folder, { recursive: true });
  expect(visitor.faults).toEqual([]);
}, 240_000);

test('a file whose way is cut stays, also where what sends files could not be fetched, goes on by itself after a reload, and arrives once; one that is taken back never goes', async () => {
  const visitor = await stage.person();
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  await widget.say('The network is bad here.');
  const log = await openDialogue(desk, 'The network is bad');
  stage.network.cut();
  await attach(widget.frame).setInputFiles({ name: 'first.pdf', mimeType: 'application/pdf', buffer: PDF });
  await widget.log.getByText('first.pdf').waitFor();
  await widget.field.evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['160 × 80'], 'pasted.txt', { type: 'text/plain' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await widget.log.getByText('pasted.txt').waitFor();
  await widget.log.getByText('Waiting for the network').first().waitFor();
  stage.network.heal();
  for (const name of ['first.pdf', 'pasted.txt']) {
    await log.getByText(name).waitFor();
    await widget.frame.getByRole('button', { name: `Save: ${name}` }).waitFor();
    expect(await widget.log.getByText(name).count()).toBe(1);
  }
  const way = '**/widget/files';
  await visitor.context.route(way, (route) => route.abort());
  for (const name of ['kept.pdf', 'taken back.pdf'])
    await attach(widget.frame).setInputFiles({ name, mimeType: 'application/pdf', buffer: PDF });
  await widget.frame.getByRole('button', { name: 'Cancel: taken back.pdf' }).click();
  await widget.frame.getByText('taken back.pdf').waitFor({ state: 'detached' });
  await widget.frame.getByText('kept.pdf').waitFor();
  // Words do not wait for it.
  await widget.say('You see this first.');
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

test('what is too large, empty or of a kind that is not taken is told in words', async () => {
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
  const empty = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) };
  await attach(widget.frame).setInputFiles([large, program, empty]);
  await widget.frame.getByText('film.mp4 is larger than 3 MB. Send a link instead?').waitFor();
  await widget.frame.getByText('This file is empty.').waitFor();
  await widget.frame.getByText('Files of this kind are not taken.').waitFor();
  expect(await accessibilityFaults(frameOf(shop))).toEqual([]);
  const refused = widget.log.getByRole('button', { name: 'Remove' });
  for (const left of [3, 2, 1]) {
    await eventually(async () => expect(await refused.count()).toBe(left));
    await refused.first().click();
  }
  for (const { name } of [large, program, empty])
    await widget.frame.getByText(name).first().waitFor({ state: 'detached' });
}, 240_000);

test('on a phone a picture is taken by the camera; all of it can be touched, nothing scrolls sideways', async () => {
  const visitor = await stage.person(PHONE);
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
  expect(await phoneFaults(shop)).toEqual([]);
  expect(await accessibilityFaults(frameOf(shop))).toEqual([]);
}, 240_000);

const CARD = 'Send a card or buttons';
const PICTURE = 'https://pictures.example/are-160.jpg';
const PAGE = 'https://nordhem.example/desks/are-160';
/** Those that a finger cannot hit. */
const smallOf = (frame: Frame, selector: string): Promise<string[]> =>
  frame.evaluate(
    (what) =>
      [...document.querySelectorAll(what)]
        .filter((one) => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().width < 44)
        .map((one) => one.textContent ?? ''),
    selector,
  );

test('an agent makes a card; the visitor answers by its button with the keyboard, and it stays answered', async () => {
  const visitor = await stage.person({ axe: true });
  for (const { context } of [visitor, employee]) {
    await context.route(PICTURE, (route) => route.fulfill({ contentType: 'image/png', body: png(32, 16) }));
    await context.route(PAGE, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Desk</title>' }));
  }
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  await widget.say('Is there one with white legs?');
  const log = await openDialogue(desk, 'Is there one with white legs');

  await desk.getByRole('textbox', { name: 'Write an answer' }).fill('This one. Shall I keep it?');
  await desk.getByRole('button', { name: CARD }).click();
  const dialog = desk.getByRole('dialog', { name: 'Card or buttons' });
  const send = dialog.getByRole('button', { name: 'Send', exact: true });
  await send.click();
  await dialog.getByText('Add a title, a picture or a button.').waitFor();
  await dialog.getByLabel('Title', { exact: true }).fill('Oak desk Åre 160');
  await dialog.getByLabel('Address of a picture').fill(PICTURE);
  await dialog.getByLabel('Button 1', { exact: true }).fill('Keep it until tomorrow');
  await dialog.getByRole('button', { name: 'One more button' }).click();
  await dialog.getByLabel('Button 2', { exact: true }).fill('See it');
  const link = dialog.getByLabel('Page that button 2 opens');
  await link.fill('http://nordhem.example/');
  await send.click();
  await dialog.getByText('This is no address of a page: it begins with https://').waitFor();
  expect(await link.getAttribute('aria-invalid')).toBe('true');
  await link.fill(PAGE);
  await isDrawn(dialog.locator('img'));
  expect(await accessibilityFaults(desk)).toEqual([]);
  await send.click();
  await dialog.waitFor({ state: 'detached' });
  await isDrawn(log.locator('img'));
  await eventually(async () =>
    expect(await desk.getByRole('textbox', { name: 'Write an answer' }).inputValue()).toBe(''),
  );

  const group = widget.frame.getByRole('group', { name: 'Oak desk Åre 160' });
  const button = group.getByRole('button', { name: 'Keep it until tomorrow' });
  await button.waitFor();
  await widget.frame.getByText('This one. Shall I keep it?').waitFor();
  await isDrawn(widget.frame.locator('.co-kpic'));
  const frame = frameOf(shop);
  expect(await smallOf(frame, '.co-chip')).toEqual([]);
  expect(await accessibilityFaults(frame)).toEqual([]);
  const opened = group.getByRole('link', { name: 'See it (opens in a new tab)' });
  const [page] = await Promise.all([visitor.context.waitForEvent('page'), opened.click()]);
  await page.waitForLoadState();
  expect([page.url(), await page.evaluate(() => [opener, document.referrer])]).toEqual([PAGE, [null, '']]);
  await page.close();

  await widget.field.focus();
  // Back from the field: the last button of the card is the link.
  for (let step = 0; step < 12 && !(await button.evaluate((one) => one === document.activeElement)); step++)
    await shop.keyboard.press('Shift+Tab');
  expect(await button.evaluate((one) => one === document.activeElement)).toBe(true);
  await shop.keyboard.press('Enter');
  const answered = group.getByRole('button', { name: 'Keep it until tomorrow (chosen)' });
  await answered.waitFor();
  await answered.and(widget.frame.locator(':focus')).waitFor();
  await shop.keyboard.press('Enter');
  await log.getByText('Keep it until tomorrow').nth(1).waitFor();
  await log.getByText('by a button').waitFor();
  await widget.say('Thank you!');
  await log.getByText('Thank you!').waitFor();
  // On the card, and as the one answer.
  expect(await log.getByText('Keep it until tomorrow').count()).toBe(2);
  expect(await accessibilityFaults(frame)).toEqual([]);
  expect(await accessibilityFaults(desk)).toEqual([]);

  await shop.reload();
  await widget.open();
  await widget.frame.getByRole('button', { name: 'Keep it until tomorrow (chosen)' }).waitFor();
  expect([visitor.faults, employee.faults]).toEqual([[], []]);
  // The agent has a place for whoever comes next.
  await desk.getByRole('button', { name: 'Close' }).first().click();
  await log.getByText(/^Dialogue ended/).waitFor();
}, 240_000);

test('the visitor has the dialogue mailed, while it runs and after its end, once each time', async () => {
  const visitor = await stage.person({ axe: true });
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  await widget.say('Can I send it back?');
  // Whoever wants little motion hears nothing unless he turns it on.
  expect(await widget.frame.getByRole('button', { name: 'Sound of new messages' }).getAttribute('aria-pressed')).toBe(
    'false',
  );
  const offer = widget.frame.getByRole('button', { name: 'Send me this dialogue' });
  const log = await openDialogue(desk, 'Can I send it back');
  const answer = desk.getByRole('textbox', { name: 'Write an answer' });
  await log.getByText('Can I send it back?').waitFor();
  expect(await offer.count()).toBe(0);
  await answer.fill('Within thirty days.');
  await answer.press('Enter');
  await offer.click();
  const field = widget.frame.getByRole('textbox', { name: 'E-mail' });
  const send = widget.frame.locator('form.co-card').getByRole('button', { name: 'Send' });
  await field.fill('elena');
  await send.click();
  await widget.frame.getByText('This does not look like an e-mail').waitFor();
  expect(await accessibilityFaults(frameOf(shop))).toEqual([]);
  await field.fill('elena@arka.example');
  await field.press('Enter');
  await widget.frame.getByText('Transcript goes to elena@arka.example').waitFor();
  await log.getByText('The visitor has the dialogue mailed to elena@arka.example').waitFor();
  const { mail } = stage.world;
  const first = await mail.waitFor(({ subject }) => subject.startsWith('Your conversation with'));
  expect(first.to).toEqual(['elena@arka.example']);
  expect(first.text).toMatch(/Can I send it back\?[\s\S]*Within thirty days\./);

  await widget.say('Thank you.');
  await log.getByText('Thank you.').waitFor();
  await desk.getByRole('button', { name: 'Close' }).first().click();
  await widget.frame
    .getByText(/^Dialogue ended/)
    .first()
    .waitFor();
  await offer.click();
  stage.network.cutSockets();
  await field.fill('elena@arka.example');
  await send.click();
  await widget.frame.getByText('Transcript goes to elena@arka.example').waitFor();
  expect(mail.mails()).toHaveLength(1);
  stage.network.heal();
  const second = await mail.waitFor(({ text }) => text.includes('Thank you.'), 60_000);
  expect(second.messageId).not.toBe(first.messageId);
  expect(mail.mails()).toHaveLength(2);
  expect(await accessibilityFaults(frameOf(shop))).toEqual([]);
  expect(visitor.faults).toEqual([]);
}, 240_000);

async function sendSurvey(words: string): Promise<void> {
  await desk.getByRole('textbox', { name: 'Write an answer' }).fill(words);
  await desk.getByRole('button', { name: 'Send a survey' }).click();
  const dialog = desk.getByRole('dialog', { name: 'Send a survey' });
  await dialog.getByText('How easy was it to choose?').waitFor();
  expect(await accessibilityFaults(desk)).toEqual([]);
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('an agent sends a survey; the visitor answers it by the keyboard, over a reload and the end of the dialogue, once', async () => {
  const visitor = await stage.person({ axe: true });
  const shop = await shopPage(visitor);
  const fetched: string[] = [];
  shop.on('request', (request) => fetched.push(request.url()));
  const asksFor = () => fetched.filter((url) => url.includes('/assets/survey-'));
  const widget = widgetOn(shop, 'en');
  await widget.open();
  await widget.say('My desk has come.');
  const log = await openDialogue(desk, 'My desk has come');
  const answer = desk.getByRole('textbox', { name: 'Write an answer' });
  await answer.fill('How nice!');
  await answer.press('Enter');
  await widget.frame.getByText('How nice!').waitFor();
  expect(asksFor()).toEqual([]);
  await sendSurvey('May I ask you three things?');
  await log.getByRole('list', { name: 'Questions' }).getByText('Home · An office that has a very long name').waitFor();

  const form = widget.frame.getByRole('form', { name: 'Your order' });
  await form.getByText('Question 1 of 3').waitFor();
  await eventually(() => expect(asksFor()).not.toEqual([]));
  const frame = frameOf(shop);
  expect(await accessibilityFaults(frame)).toEqual([]);
  await form.getByRole('radio', { name: '1 of 5' }).focus();
  for (let step = 0; step < 3; step++) await shop.keyboard.press('ArrowRight');
  await form.getByRole('radio', { name: '4 of 5', checked: true }).waitFor();
  await shop.keyboard.press('Enter');
  const second = form.getByRole('group', { name: 'Where is the desk for?' });
  await second.waitFor();
  // A reader is told the question, and the next step of the keyboard is its first answer.
  await second.and(widget.frame.locator(':focus')).waitFor();
  await shop.keyboard.press('Tab');
  await shop.keyboard.press('Space');
  await second.getByRole('radio', { name: 'Home', checked: true }).waitFor();
  expect(await accessibilityFaults(frame)).toEqual([]);

  await shop.reload();
  await widget.open();
  await form.getByText('Question 2 of 3').waitFor();
  await second.getByRole('radio', { name: 'Home', checked: true }).waitFor();
  await form.getByRole('button', { name: 'Next' }).click();
  await desk.getByRole('button', { name: 'Close' }).first().click();
  await log.getByText(/^Dialogue ended/).waitFor();
  await form.getByRole('textbox', { name: 'What did you miss?' }).fill('Pictures by daylight.');
  expect(await accessibilityFaults(frameOf(shop))).toEqual([]);
  stage.network.cutSockets();
  await form.getByRole('button', { name: 'Send' }).click();
  await widget.frame.getByText('Thank you!').waitFor();
  stage.network.heal();
  await log.getByText('answered “Your order”').waitFor();
  for (const said of ['4 of 5', 'Home', 'Pictures by daylight.'])
    await log.getByRole('definition').filter({ hasText: said }).waitFor();
  await widget.frame.getByRole('definition').filter({ hasText: 'Pictures by daylight.' }).waitFor();
  expect(await form.count()).toBe(0);
  expect(await accessibilityFaults(frameOf(shop))).toEqual([]);
  expect(await accessibilityFaults(desk)).toEqual([]);

  // Where it was answered meanwhile, what was said first counts.
  await shop.reload();
  await widget.open();
  await widget.frame.getByRole('definition').filter({ hasText: 'Home' }).waitFor();
  expect(await form.count()).toBe(0);
  await widget.frame.getByRole('button', { name: 'Send me this dialogue' }).click();
  await widget.frame.getByRole('textbox', { name: 'E-mail' }).fill('lea@arka.example');
  await widget.frame.locator('form.co-card').getByRole('button', { name: 'Send' }).click();
  const letter = await stage.world.mail.waitFor(({ to }) => to.includes('lea@arka.example'));
  expect(letter.text).toContain('What did you miss? — Pictures by daylight.');
  expect([visitor.faults, employee.faults]).toEqual([[], []]);
}, 240_000);

test('on a phone in the dark, from right to left, a survey fits a finger; whoever stops has said what he said', async () => {
  const visitor = await stage.person({ ...PHONE, locale: 'ar', colorScheme: 'dark' });
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  const field = widget.frame.locator('textarea').last();
  await field.fill('وصل المكتب');
  await field.press('Enter');
  const log = await openDialogue(desk, 'وصل المكتب');
  await sendSurvey('سؤال؟');
  const form = widget.frame.getByRole('form', { name: 'Your order' });
  await form.getByRole('button', { name: 'لا، شكرًا' }).waitFor();
  const frame = frameOf(shop);
  const fits = async (): Promise<void> => {
    expect(await frame.evaluate(() => document.querySelector('.co-log')?.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await smallOf(frame, '.co-survey label, .co-survey button, .co-survey textarea')).toEqual([]);
    expect(await accessibilityFaults(frame)).toEqual([]);
  };
  await fits();
  await form.getByRole('button', { name: 'تخطٍّ' }).tap();
  await form.getByRole('radio', { name: 'Home' }).tap();
  await fits();
  await form.getByRole('button', { name: 'التالي' }).tap();
  await form.getByRole('textbox', { name: 'What did you miss?' }).waitFor();
  await fits();
  await form.getByRole('button', { name: 'تخطٍّ' }).tap();
  await log.getByText('answered “Your order”').waitFor();
  expect(await log.getByRole('definition').allTextContents()).toEqual(['Home']);

  await sendSurvey('سؤال آخر؟');
  await form.getByRole('radio').nth(1).tap();
  await form.getByRole('button', { name: 'إنهاء وإرسال' }).tap();
  await log.getByRole('definition').filter({ hasText: '2 of 5' }).waitFor();
  await sendSurvey('مرة أخيرة؟');
  await form.getByRole('button', { name: 'لا، شكرًا' }).tap();
  await log.getByText('did not want to answer “Your order”').waitFor();
  await fits();
  expect(visitor.faults).toEqual([]);
  await desk.getByRole('button', { name: 'Close' }).first().click();
  await log.getByText(/^Dialogue ended/).waitFor();
}, 240_000);

/** What the visitor's browser does when his page goes out of sight, or comes back. */
async function turn(page: Page, hidden: boolean): Promise<void> {
  for (const one of [page, frameOf(page)])
    await one.evaluate((away) => {
      for (const [name, value] of Object.entries({ hidden: away, visibilityState: away ? 'hidden' : 'visible' }))
        Object.defineProperty(document, name, { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
}

test('an answer to a page out of sight is seen in its title and heard, in one tab; kept quiet it is only seen', async () => {
  const visitor = await stage.person({ axe: true, reducedMotion: 'no-preference' });
  await countNotes(visitor.context);
  // A frame that is made in a tab behind another takes no clicks.
  const shopInFront = async (): Promise<Page> => {
    const page = await shopPage(visitor);
    await widgetOn(page, 'en').launcher.waitFor();
    return page;
  };
  const [first, second] = [await shopInFront(), await shopInFront()];
  const notesOn = async (page: Page): Promise<number> => {
    // Behind whoever is about to sound.
    await frameOf(page).evaluate(() => navigator.locks.request('continuo:sound', () => {}));
    return notesIn(frameOf(page));
  };
  const notes = async (): Promise<number> => (await notesOn(first)) + (await notesOn(second));
  const widget = widgetOn(first, 'en');
  const other = widgetOn(second, 'en');
  await widget.open();
  await widget.say('Do you hear me?');
  await other.open();
  await other.field.click();
  const log = await openDialogue(desk, 'Do you hear me');
  await log.getByText('Do you hear me?').waitFor();
  const say = async (words: string): Promise<void> => {
    await desk.getByRole('textbox', { name: 'Write an answer' }).fill(words);
    await desk.keyboard.press('Enter');
    for (const { frame } of [widget, other]) await frame.getByText(words).waitFor();
  };
  const sound = widget.frame.getByRole('button', { name: 'Sound of new messages' });
  await other.frame.getByRole('button', { name: 'Sound of new messages' }).waitFor();
  expect(await sound.getAttribute('aria-pressed')).toBe('true');
  await say('Seen at once.');
  expect(await notes()).toBe(0);

  const title = await first.title();
  for (const page of [first, second]) await turn(page, true);
  await say('Nobody looks.');
  await eventually(async () => expect(await first.title()).toBe(`(1) ${title}`));
  await eventually(async () => expect(await notes()).toBe(2));
  for (const page of [first, second]) await turn(page, false);
  await eventually(async () => expect(await first.title()).toBe(title));

  const [heardInFirst, heardInSecond] = [await notesOn(first), await notesOn(second)];
  expect(heardInFirst + heardInSecond).toBe(2);
  await sound.click();
  await eventually(async () => expect(await sound.getAttribute('aria-pressed')).toBe('false'));
  for (const page of [first, second]) await turn(page, true);
  await say('Quietly.');
  await eventually(async () => expect(await first.title()).toBe(`(1) ${title}`));
  expect([await notesOn(first), await notesOn(second)]).toEqual([heardInFirst, heardInSecond]);
  await first.bringToFront();
  await first.reload();
  await widget.open();
  await eventually(async () => expect(await sound.getAttribute('aria-pressed')).toBe('false'));
  expect(await notesOn(second)).toBe(heardInSecond);
  await turn(first, true);
  const before = await notes();
  await say('Quietly again.');
  expect(await notes()).toBe(before);
  // Whoever turns it on hears it.
  await turn(first, false);
  await sound.click();
  await eventually(async () => expect(await sound.getAttribute('aria-pressed')).toBe('true'));
  await eventually(async () => expect(await notes()).toBe(before + 2));
  expect(await accessibilityFaults(frameOf(first))).toEqual([]);
  expect(visitor.faults).toEqual([]);
  await desk.getByRole('button', { name: 'Close' }).first().click();
  await log.getByText(/^Dialogue ended/).waitFor();
}, 240_000);

test('on a phone in a language from right to left a card has an own picture, fits, and is answered without a network', async () => {
  const visitor = await stage.person({ ...PHONE, locale: 'ar' });
  const shop = await shopPage(visitor);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  const field = widget.frame.locator('textarea');
  await field.fill('مرحبا');
  await field.press('Enter');
  const log = await openDialogue(desk, 'مرحبا');
  await desk.getByRole('button', { name: CARD }).click();
  const dialog = desk.getByRole('dialog', { name: 'Card or buttons' });
  await dialog.getByLabel('What you say').fill('أيهما؟');
  await dialog
    .getByLabel('Or a picture of this computer')
    .setInputFiles({ name: 'two desks.png', mimeType: 'image/png', buffer: png(300, 200) });
  const labels = ['نعم', 'A label as long as there may be, 40 wide', 'لا'];
  for (const [index, label] of labels.entries()) {
    if (index > 0) await dialog.getByRole('button', { name: 'One more button' }).click();
    await dialog.getByLabel(`Button ${index + 1}`, { exact: true }).fill(label);
  }
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();

  const group = widget.frame.getByRole('group', { name: 'أيهما؟' });
  await group.getByRole('button').nth(2).waitFor();
  await isDrawn(widget.frame.locator('.co-pic img'));
  const frame = frameOf(shop);
  expect(await frame.evaluate(() => [document.documentElement.dir, document.documentElement.scrollWidth])).toEqual([
    'rtl',
    360,
  ]);
  expect(await frame.evaluate(() => document.querySelector('.co-log')?.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await smallOf(frame, '.co-chip')).toEqual([]);
  expect(await accessibilityFaults(frame)).toEqual([]);
  expect(
    await frame.evaluate(() => document.querySelector('.co-m:not(.me) .co-b')?.getBoundingClientRect().right),
  ).toBe(await frame.evaluate(() => document.querySelector('.co-chips')?.getBoundingClientRect().right));

  stage.network.cutSockets();
  await group.getByRole('button', { name: 'نعم' }).tap();
  await group.getByRole('button', { name: 'نعم (تم الاختيار)' }).waitFor();
  stage.network.heal();
  await log.getByText('by a button').waitFor();
  await log.getByText('نعم').nth(1).waitFor();
  expect(await log.getByText('by a button').count()).toBe(1);
  expect(await accessibilityFaults(frame)).toEqual([]);
}, 240_000);
