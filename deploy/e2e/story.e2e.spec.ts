// The story: a visitor's question reaches an agent and a real CRM, and another employee resumes it a week later from there. Real browsers, real servers.

import { fileURLToPath } from 'node:url';
import { freePort } from '@continuo/servers';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { serveShop } from '../demo-shop/serve.ts';
import {
  faultsOf,
  isDrawn,
  keepWordsOut,
  logIn,
  PATIENCE_MS,
  startBrowser,
  takePictures,
  widgetOn,
} from './browsers.ts';
import { crmDialogues, crmTexts } from './crm-transcripts.ts';

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;
let world: World;
let browser: Browser;
let shop: { address: string } & AsyncDisposable;

beforeAll(async () => {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  world = await startWorld({
    agents: 2,
    crm: true,
    site: { origins: [address] },
    env: { CONTINUO_PHOTOS_DIR: fileURLToPath(new URL('../demo-shop/photos', import.meta.url)) },
  });
  const server = await serveShop({ port, gateway: world.gateways()[0] as string, site: world.site.id });
  shop = { address, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  browser = await startBrowser();
}, 240_000);
afterAll(async () => {
  await takePictures(browser);
  await browser?.close();
  await shop?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
}, 240_000);

const person = async (locale: string): Promise<{ context: BrowserContext; faults: string[] }> => {
  const context = await browser.newContext({
    locale,
    timezoneId: 'Asia/Yerevan',
    viewport: { width: 1366, height: 860 },
  });
  context.setDefaultTimeout(PATIENCE_MS);
  keepWordsOut(context);
  return { context, faults: faultsOf(context) };
};
const console_ = (): string => `${world.gateways()[0]}/console/`;
const dialogueInCrm = async (conversation?: string) =>
  (await crmDialogues(world.crm)).find((one) => conversation === undefined || one.conversation === conversation);

test('a question is asked, answered, kept in the CRM while it runs, closed, and resumed a week later by somebody else, from the CRM', async () => {
  const [anna, dmitry] = world.employees as [World['employees'][0], World['employees'][0]];
  const visitor = await person('ru-RU');
  const first = await person('en-GB');
  const second = await person('en-GB');

  // An agent is on line.
  const annasConsole = await first.context.newPage();
  await annasConsole.goto(console_());
  await logIn(annasConsole, anna);
  await annasConsole.getByRole('button', { name: 'Go online' }).click();

  // The visitor asks, in Russian, with an emoji; the desk gives it to the agent.
  const shopPage = await visitor.context.newPage();
  await shopPage.goto(shop.address);
  const widget = widgetOn(shopPage, 'ru');
  await widget.open();
  await widget.say('Здравствуйте! Стол 160 см есть? 👋');
  const row = annasConsole.getByRole('link').filter({ hasText: 'Стол 160 см есть? 👋' });
  await row.click();
  const annasLog = annasConsole.getByRole('log');
  await annasLog.getByText('Стол 160 см есть? 👋').waitFor();
  // She sees where he is.
  const card = annasConsole.getByRole('region', { name: 'Visitor' });
  await card.getByText('Oak desk Åre 160').first().waitFor();

  // She answers; he sees it with her name and photo.
  const answer = annasConsole.getByRole('textbox', { name: 'Write an answer' });
  await answer.fill('Здравствуйте! Да, есть в Ереване.');
  await answer.press('Enter');
  await widget.log.getByText('Да, есть в Ереване.').waitFor();
  await widget.frame.getByRole('heading', { name: anna.name }).waitFor();
  const photo = widget.frame.locator('img[src$="/photos/anna.svg"]').first();
  await isDrawn(photo);

  // What he types next is seen before it is sent.
  await widget.field.pressSequentially('И вынесут ли упак');
  await annasConsole.getByText('«И вынесут ли упак', { exact: false }).first().waitFor();
  await annasConsole.getByText('not sent, not stored').waitFor();
  expect(await annasLog.getByText('И вынесут ли упак').count()).toBe(0);

  // The dialogue is still open, message 3 not sent: message 1 stands in the CRM.
  await eventually(
    async () =>
      expect((await dialogueInCrm())?.messages[0]).toEqual({
        from: 'visitor',
        text: 'Здравствуйте! Стол 160 см есть? 👋',
      }),
    { withinMs: 60_000 },
  );
  expect((await dialogueInCrm())?.messages.map(({ text }) => text)).not.toContain('И вынесут ли упаковку?');
  const { conversation } = (await dialogueInCrm()) as { conversation: string };

  await widget.field.fill('И вынесут ли упаковку?');
  await widget.field.press('Enter');
  await annasLog.getByText('И вынесут ли упаковку?').waitFor();
  await widget.leaveEmail('elena@arka.example');
  await annasConsole.getByText('elena@arka.example').first().waitFor();
  await annasConsole
    .getByRole('button', { name: /^Close/ })
    .first()
    .click();
  await eventually(async () =>
    expect(await world.database.collection('conversations').findOne({ _id: conversation as never })).toMatchObject({
      status: 'closed',
    }),
  );
  await shopPage.close();
  await first.context.close();

  // A week passes. Somebody else, logged out and never assigned, opens the link that stands in the CRM.
  await eventually(async () => expect((await dialogueInCrm(conversation))?.messages).toHaveLength(3), {
    withinMs: 60_000,
  });
  await world.clock.advance(WEEK);
  const link = (await dialogueInCrm(conversation))?.links[0] as string;
  const dmitrysConsole = await second.context.newPage();
  await dmitrysConsole.goto(link);
  await logIn(dmitrysConsole, dmitry);
  const dmitrysLog = dmitrysConsole.getByRole('log');
  for (const text of ['Здравствуйте! Стол 160 см есть? 👋', 'Да, есть в Ереване.', 'И вынесут ли упаковку?'])
    await dmitrysLog.getByText(text).waitFor();
  // He goes on where it stopped.
  const resumed = dmitrysConsole.getByRole('textbox', { name: 'Write an answer' });
  await resumed.fill('Здравствуйте, Елена! Да, упаковку уносим с собой.');
  await resumed.press('Enter');
  await dmitrysLog.getByText('Stopped here a week ago').waitFor();
  await dmitrysConsole.getByRole('img', { name: 'Stored' }).first().waitFor();

  // The visitor is away: exactly one mail, whatever happens to the service that sends it.
  await world.clock.advance(3 * MINUTE);
  const mail = await world.mail.waitFor(({ text }) => text.includes('упаковку уносим с собой'), 60_000);
  expect(mail.text).toContain(dmitry.name);
  for (let restart = 0; restart < 2; restart++) {
    await world.kill('email-fallback');
    await world.start('email-fallback');
    await world.clock.advance(10 * MINUTE);
    await eventually(async () =>
      expect((await world.admin.jsm.consumers.info('TIMERS', 'email-fallback-timers')).num_pending).toBe(0),
    );
  }
  // What the killed ones held is delivered again after the acknowledgement wait; nothing is left in hand when the mails are counted.
  await eventually(
    async () =>
      expect(await world.admin.jsm.consumers.info('TIMERS', 'email-fallback-timers')).toMatchObject({
        num_ack_pending: 0,
        num_pending: 0,
      }),
    { withinMs: 90_000 },
  );
  expect(world.mail.mails()).toHaveLength(1);

  // Back on the site, the widget shows it.
  const again = await visitor.context.newPage();
  await again.goto(`${shop.address}/delivery.html`);
  const widgetAgain = widgetOn(again, 'ru');
  await widgetAgain.badge.waitFor();
  await widgetAgain.open();
  await widgetAgain.log.getByText('Да, упаковку уносим с собой.').waitFor();
  await widgetAgain.log.getByText('Стол 160 см есть? 👋').waitFor();
  await widgetAgain.say('Спасибо!');
  await dmitrysLog.getByText('Спасибо!').waitFor();

  // The CRM has what was said before and after, each message once, on one record.
  await eventually(
    async () => {
      const held = await dialogueInCrm(conversation);
      expect(held?.messages).toEqual([
        { from: 'visitor', text: 'Здравствуйте! Стол 160 см есть? 👋' },
        { from: 'agent', text: 'Здравствуйте! Да, есть в Ереване.' },
        { from: 'visitor', text: 'И вынесут ли упаковку?' },
        { from: 'agent', text: 'Здравствуйте, Елена! Да, упаковку уносим с собой.' },
        { from: 'visitor', text: 'Спасибо!' },
      ]);
      expect(held?.records).toHaveLength(1);
      expect(held?.parts).toBe(2);
    },
    { withinMs: 60_000 },
  );
  expect([...visitor.faults, ...first.faults, ...second.faults]).toEqual([]);
}, 400_000);

test('a dialogue of over 30,000 characters, with emoji at every cut, stands in the CRM whole', async () => {
  const family = '👩‍👩‍👧‍👦';
  const long = (index: number): string => `${index} ${family.repeat(440)}`;
  const visitor = world.visitor({ language: 'ru' });
  await visitor.socket.ready();
  const said = Array.from({ length: 8 }, (_, index) => long(index));
  for (const text of said) await visitor.say(text);
  expect(said.join('').length).toBeGreaterThan(30_000);
  await eventually(
    async () => {
      const held = await dialogueInCrm(visitor.conversation());
      expect(held?.messages.map(({ text }) => text)).toEqual(said);
      expect(held?.parts).toBeGreaterThanOrEqual(4);
    },
    { withinMs: 90_000 },
  );
  for (const note of await crmTexts(world.crm)) {
    expect(note.isWellFormed()).toBe(true);
    expect(note.length).toBeLessThanOrEqual(10_000);
  }
}, 240_000);
