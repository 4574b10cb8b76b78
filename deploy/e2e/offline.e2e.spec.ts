// With nobody available the widget asks one thing; with anybody available there is never a form. Real browsers, real servers.

import { type SiteSettings, WEEKDAYS } from '@continuo/contracts';
import { eventually, type TestAgent } from '@continuo/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Frame, Locator, Page } from 'playwright-core';
import { locales } from '../../services/gateway/widget/src/locales/index.ts';
import { accessibilityFaults, frameOf, widgetOn } from './browsers.ts';
import { heardIn, listenTo } from './heard.ts';
import { type Person, type Stage, startStage } from './stage.ts';
import { faultsForOthers } from './widget-for-others.ts';
import { STATES, type StateName, WALK_SITE, walkStates } from './widget-states.ts';

let stage: Stage;
let agent: TestAgent;
const availability = (state: 'online' | 'busy' | 'away' | 'offline') =>
  agent.socket.command('set-availability', { agent: agent.id, state });

beforeAll(async () => {
  stage = await startStage({
    agents: 2,
    services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 },
    site: { hours: tomorrowFromNine(), ...WALK_SITE },
  });
  agent = await stage.world.agent();
}, 240_000);
beforeEach(async () => {
  await availability('offline');
});
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 240_000);

/** Tomorrow at nine by UTC. */
const OPENS = new Date().setUTCHours(24 + 9, 0, 0, 0);
/** Closed today, open tomorrow; at nine there it is one in the afternoon in Yerevan, where the visitors are. */
function tomorrowFromNine(): SiteSettings['hours'] {
  const tomorrow = WEEKDAYS[new Date(OPENS).getUTCDay()] as (typeof WEEKDAYS)[number];
  return { timeZone: 'Africa/Abidjan', week: { [tomorrow]: [{ from: '09:00', until: '18:00' }] } };
}
const HOUR = 3_600_000;
const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, axe: true } as const;
/** Nothing sticks out sideways, and axe has nothing against it. */
async function expectFits(shown: Page | Frame): Promise<void> {
  // A window that has become smaller is drawn anew a moment later.
  await eventually(async () => {
    const wide = await shown.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
  });
  expect(await accessibilityFaults(shown)).toEqual([]);
}

const opened = async ({ context }: Person, language: 'en' | 'ru' = 'en') => {
  const page: Page = await context.newPage();
  await page.goto(stage.shop);
  const widget = widgetOn(page, language);
  await widget.open();
  return { page, ...widget };
};

test('days, hours, countries and sizes are in each of the ten languages, also where the browser knows nothing of it', async () => {
  // Of Armenian Chromium has no data. Node has: whatever either writes is measured by that.
  const visitor = await stage.person({ locale: 'hy-AM' });
  const page = await visitor.context.newPage();
  await page.goto(stage.shop);
  await page.locator('continuo-chat button').click();
  const { frame } = widgetOn(page, 'en');
  const wordsOf = async (shown: string): Promise<string> => (await frame.locator(shown).allInnerTexts()).join(' ');
  const inYerevan = { timeZone: 'Asia/Yerevan' };
  const languages = Object.keys(locales).sort((one, other) => Number(other === 'hy') - Number(one === 'hy'));
  for (const language of languages) {
    const texts = locales[language] as NonNullable<(typeof locales)[string]>;
    if (language !== 'hy') await setLocale(page, language);
    await frame.getByRole('heading', { name: texts.offline.title }).waitFor();
    const tomorrow = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(1, 'day');
    const hour = new Intl.DateTimeFormat(language, { ...inYerevan, timeStyle: 'short' }).format(OPENS);
    expect({ language, back: await wordsOf('.co-back') }).toEqual({
      language,
      back: expect.stringContaining(tomorrow),
    });
    expect({ language, back: await wordsOf('.co-back') }).toEqual({ language, back: expect.stringContaining(hour) });
    await frame.getByRole('button', { name: texts.callMe }).click();
    const weekday = new Intl.DateTimeFormat(language, { ...inYerevan, weekday: 'short' }).format(OPENS);
    expect({ language, calls: await wordsOf('.co-chip') }).toEqual({
      language,
      calls: expect.stringContaining(weekday),
    });
    if (language === 'hy') {
      await frame.locator('input[type=tel]').fill('+37410541020');
      await frame.getByText('Հայաստան', { exact: true }).waitFor();
      expect(await wordsOf('.co-form')).not.toMatch(/[A-Z]{2}|[a-z]{3}/);
    }
    await frame.locator('.co-form .co-quiet').click();
  }
  // Now somebody is there, and there is a dialogue.
  await availability('online');
  const field = frame.locator('.co-comp textarea');
  // What shows nothing cannot be sent; and Safari tells only so that Enter belongs to its input method.
  await field.fill('\u200b\u200b');
  await field.press('Enter');
  expect(await field.inputValue()).toBe('\u200b\u200b');
  await field.fill('Ողջո');
  await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true });
  expect(await field.inputValue()).toBe('Ողջո');
  await field.fill('Ողջո՜ւյն');
  await field.press('Enter');
  await frame
    .locator('.co-comp input[type=file]')
    .first()
    .setInputFiles({ name: 'desk.txt', mimeType: 'text/plain', buffer: Buffer.alloc(71, '.') });
  await frame.locator('button.co-file').waitFor();
  for (const language of languages) {
    await setLocale(page, language);
    const today = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'day');
    await frame.locator('.co-day').getByText(today).waitFor();
    const size = { style: 'unit', unit: 'byte', unitDisplay: 'long' } as const;
    await frame.locator('.co-file').getByText(new Intl.NumberFormat(language, size).format(71)).waitFor();
  }
  await page.reload();
  await page.locator('continuo-chat button:visible').click();
  await frame.locator('.co-day').getByText('Այսօր', { exact: true }).waitFor();
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});
/** As a page does. */
const setLocale = (page: Page, language: string): Promise<void> =>
  page.evaluate(
    (to) => (globalThis as unknown as { Continuo(...call: string[]): void }).Continuo('setLocale', to),
    language,
  );

test('with nobody there the widget asks for a message and an e-mail, and a colleague finds it when he comes', async () => {
  const visitor = await stage.person({ axe: true });
  const { page, frame, log } = await opened(visitor);
  await frame.getByText('Nobody is here right now').waitFor();
  await frame.getByRole('heading', { name: 'Write now, we answer by e-mail' }).waitFor();
  // The site's clock shows another time than the visitor's: both are told.
  await frame.getByText(/^Back .+, 13:00/).waitFor();
  await frame.getByText(/09:00/).waitFor();
  await frame.getByRole('textbox', { name: 'Phone optional' }).waitFor();
  expect(await frame.getByRole('textbox').count()).toBe(3);

  const message = frame.getByRole('textbox', { name: 'Message' });
  const email = frame.getByRole('textbox', { name: 'E-mail' });
  await message.fill('Will the desk fit under a slope?');
  await email.fill('elena@');
  await frame.getByRole('button', { name: 'Send' }).click();
  await frame.getByRole('alert').getByText('This does not look like an e-mail. Is the part after @ missing?').waitFor();
  expect(await accessibilityFaults(frameOf(page))).toEqual([]);
  await email.fill('elena@arka.example');
  await frame.getByRole('alert').waitFor({ state: 'hidden' });
  await frame.getByRole('button', { name: 'Send' }).click();
  await log.getByText('Sent. The answer comes to elena@arka.example and into this window.').waitFor();
  await log.getByText('Will the desk fit under a slope?').waitFor();
  // Still said when the form has gone; and nobody reads along now.
  await log.getByText(/^Back .+, 13:00/).waitFor();
  const readAlong = frame.getByText('Agents see your text while you type.');
  expect(await readAlong.count()).toBe(0);

  const employee = await stage.person();
  const console_ = await stage.consoleOf(employee, 1);
  await console_.getByRole('tab', { name: /^Unassigned/ }).click();
  const row = console_.getByRole('link').filter({ hasText: 'Will the desk fit under a slope?' });
  await row.waitFor();
  // It is a task until it is answered.
  const tasks = console_.getByRole('tab', { name: /^Tasks/ });
  const task = console_.getByRole('listitem').filter({ hasText: 'Message left · to be answered by e-mail' });
  await tasks.click();
  await task.getByText('“Will the desk fit under a slope?”').waitFor();
  await task.getByRole('button', { name: /^Done: Message left/ }).waitFor();
  await console_.getByRole('button', { name: 'Go online' }).click();
  await console_.getByRole('tab', { name: /^Mine/ }).click();
  await row.click();
  await console_.getByRole('log').getByText('left while nobody was here').waitFor();
  await console_.getByRole('region', { name: 'Visitor' }).getByText('elena@arka.example').first().waitFor();
  const answer = console_.getByRole('textbox', { name: 'Write an answer' });
  await answer.fill('It does, from 74 cm on.');
  await answer.press('Enter');
  await log.getByText('It does, from 74 cm on.').waitFor();
  await readAlong.waitFor();
  await tasks.click();
  await task.getByText(`Done by ${stage.world.employees[1]?.name}, today, `).waitFor();

  await console_.keyboard.press('Alt+4');
  await frame.getByText('Nobody is here right now').first().waitFor();
  expect([...visitor.faults, ...employee.faults]).toEqual([]);
  await employee.context.close();
  await visitor.context.close();
});

test('somebody comes while the form is open: it gives way to the dialogue, and what was typed stays', async () => {
  const visitor = await stage.person({ locale: 'ru-RU' });
  const { page, frame, field, log, open } = await opened(visitor, 'ru');
  await frame.getByRole('textbox', { name: 'Сообщение' }).fill('Можно забрать самому?');
  await frame.getByRole('textbox', { name: 'E-mail' }).fill('elena@arka.example');
  await frame.getByRole('textbox', { name: 'Телефон' }).fill('+374 77 123456');
  await availability('online');
  const holds = (one: Locator, text: string) => eventually(async () => expect(await one.inputValue()).toBe(text));
  await holds(field, 'Можно забрать самому?');
  await frame.getByRole('textbox', { name: 'E-mail' }).waitFor({ state: 'detached' });
  // The number stands where it may be of use.
  await frame.getByRole('button', { name: 'Перезвоните мне' }).click();
  await holds(frame.getByRole('textbox', { name: 'Телефон' }), '+374 77 123456');
  await frame.getByRole('button', { name: 'Назад в чат' }).click();
  await field.press('Enter');
  await log.getByText('Можно забрать самому?').waitFor();
  await eventually(() =>
    expect(
      agent
        .mine()
        .flatMap((id) => agent.messages(id))
        .map(({ text }) => text),
    ).toContain('Можно забрать самому?'),
  );
  // The address stands in the offer below his words, also after a reload, and went nowhere: he has not left it. What he leaves there goes.
  const email = frame.getByRole('textbox', { name: 'E-mail' });
  const conversation = agent
    .mine()
    .find((id) => agent.messages(id).some(({ text }) => text === 'Можно забрать самому?'));
  const contact = () => agent.transcript(conversation as string)?.contact.email;
  const expectOffered = async () => {
    await holds(email, 'elena@arka.example');
    expect(contact()).toBeUndefined();
  };
  await expectOffered();
  await field.and(frame.locator(':focus')).waitFor();
  await page.reload();
  await open();
  await expectOffered();
  await frame.getByRole('button', { name: 'Сохранить' }).click();
  await log.getByText('Ответы придут и на elena@arka.example').waitFor();
  await eventually(() => expect(contact()).toBe('elena@arka.example'));
  await page.reload();
  await open();
  await log.getByText('Ответы придут и на elena@arka.example').waitFor();
  await email.waitFor({ state: 'detached' });
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('while anybody is there, free, busy or away for a moment, there is no form', async () => {
  const said = { online: 'Answers in a minute', busy: 'Everybody is busy right now', away: 'Away for a moment' };
  for (const [state, words] of Object.entries(said)) {
    await availability(state as keyof typeof said);
    const visitor = await stage.person();
    const { frame, field } = await opened(visitor);
    await field.waitFor();
    await frame.getByText(words).first().waitFor();
    expect(await frame.getByRole('textbox').count()).toBe(1);
    expect(await frame.getByRole('heading', { name: 'Write now, we answer by e-mail' }).count()).toBe(0);
    await visitor.context.close();
  }
});

test('on a phone with nobody there: back when, one thing asked, a phone if he likes; a number that cannot be called is said before anything goes', async () => {
  const visitor = await stage.person({ ...PHONE, locale: 'ru-RU' });
  const { page, frame, log } = await opened(visitor, 'ru');
  await frame.getByText(/^Вернёмся: .+, 13:00/).waitFor();
  await expectFits(frameOf(page));
  await frame.getByRole('textbox', { name: 'Сообщение' }).fill('Есть ли самовывоз?');
  await frame.getByRole('textbox', { name: 'E-mail' }).fill('elena@arka.example');
  const phone = frame.getByRole('textbox', { name: 'Телефон' });
  await phone.fill('912 12');
  await frame.getByRole('button', { name: 'Отправить' }).click();
  await frame.getByRole('alert').getByText('На этот номер не позвонить. Не хватает кода страны?').waitFor();
  await phone.fill('8 (912) 345-67-89');
  await frame.getByText('Россия').waitFor();
  await frame.getByRole('button', { name: 'Отправить' }).click();
  await log.getByText('Есть ли самовывоз?').waitFor();
  await eventually(() =>
    expect(agent.frames()).toContainEqual(
      expect.objectContaining({
        event: expect.objectContaining({
          type: 'offline-message-left',
          data: expect.objectContaining({ email: 'elena@arka.example', phone: '+79123456789' }),
        }),
      }),
    ),
  );
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('while all are busy whoever waits sees his place and no invented time, and finds the form of a call from the keyboard', async () => {
  await availability('busy');
  const before = stage.world.visitor();
  await before.socket.ready();
  await before.say('I was here first');
  await eventually(() => expect(agent.desk()?.queue).toContain(before.conversation()));
  const ahead = agent.desk()?.queue?.length ?? 0;

  const visitor = await stage.person(PHONE);
  await listenTo(visitor.context);
  /** Whether the gateway has measured how long it takes. */
  let measured = false;
  await visitor.context.routeWebSocket(/\/ws\/visitor$/, (socket) => {
    const gateway = socket.connectToServer();
    gateway.onMessage((frame) =>
      socket.send(measured ? String(frame).replace(/("queue":\{"place":\d+)/, '$1,"waitMs":150000') : frame),
    );
  });
  const { page, frame, field, log } = await opened(visitor);
  const hears = (words: string): Promise<void> =>
    eventually(async () => expect(await heardIn(frameOf(page))).toContain(words));
  await frame.getByRole('heading', { name: 'Everybody is busy right now' }).waitFor();
  await field.fill('Where is my order?');
  await field.press('Enter');
  await frame.getByRole('heading', { name: `You are number ${ahead + 1} in line` }).waitFor();
  await frame.getByText('We cannot say how long yet.').waitFor();
  await hears(`You are number ${ahead + 1} in line`);
  await expectFits(frameOf(page));
  // Somebody before him goes: he hears of it at once, and of the time as it was measured.
  measured = true;
  await before.socket.command('close', { conversation: before.conversation(), reason: 'left' });
  const next = ahead === 1 ? 'You are first in line' : `You are number ${ahead} in line`;
  await frame.getByRole('heading', { name: next }).waitFor();
  await hears(next);
  await frame.getByText('Expected wait: 3 minutes').waitFor();

  await frame.getByRole('button', { name: 'Call me back' }).press('Enter');
  // At its beginning: nothing of it is passed over.
  await frame.getByRole('form', { name: 'Call me back' }).and(frame.locator(':focus')).waitFor();
  await page.keyboard.press('Tab');
  await frame.getByRole('button', { name: 'Back to the chat' }).and(frame.locator(':focus')).waitFor();
  const phone = frame.getByRole('textbox', { name: 'Phone' });
  await phone.fill('+374 77 1');
  await phone.press('Enter');
  await frame.getByRole('alert').getByText('This number cannot be called. Is the country missing?').waitFor();
  await phone.fill('+374 77 123456');
  await frame.getByText('Armenia').waitFor();
  await frame.getByRole('radio').first().focus();
  await page.keyboard.press('ArrowDown');
  await frame.getByRole('textbox', { name: 'What about optional' }).fill('My order 48-2207');
  await expectFits(frameOf(page));
  // The button names the time that was chosen: that is worded by the visitor's own language.
  await frame.getByRole('button', { name: /^Call me back \(.*13:00/ }).click();
  await log.getByText('We call +37477123456').waitFor();
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
}, 300_000);

test('a call that was asked for stands in the console, by the clock of the employee, until somebody has called', async () => {
  const asks = stage.world.visitor();
  await asks.socket.ready();
  await asks.say('Is the bench back?');
  const call = {
    phone: '+374 91 654321',
    window: { from: OPENS, until: OPENS + 2 * HOUR },
    topic: 'The bench',
    language: 'en',
  };
  await asks.socket.command('request-callback', { conversation: asks.conversation(), ...call });

  const employee = await stage.person({ axe: true, timezoneId: 'Asia/Tashkent' });
  const page = await stage.consoleOf(employee, 1);
  const tab = page.getByRole('tab', { name: /^Tasks/ });
  const row = page.getByRole('listitem').filter({ hasText: 'The bench' });
  const open = async () => Number(((await tab.textContent()) ?? '').replace(/\D/g, ''));
  await tab.click();
  await row.getByText(/Call back · (today|tomorrow), 14:00–16:00, your time · “The bench”/).waitFor();
  await row.getByText(/^waits /).waitFor();
  expect(await row.getByRole('link', { name: 'Call +37491654321' }).getAttribute('href')).toBe('tel:+37491654321');
  await expectFits(page);

  // The keys go through the tasks as through the other lists.
  const strip = page.getByRole('region', { name: 'To do in this dialogue' });
  await eventually(async () => {
    await page.keyboard.press('j');
    expect(await page.evaluate(() => location.hash)).toContain(asks.conversation());
  });
  await strip.getByText('The bench').waitFor();
  const told = page.getByRole('log');
  await told.getByText(/asks to be called: \+37491654321 · .*14:00–16:00, your time · “The bench”/).waitFor();
  await expectFits(page);
  await page.setViewportSize(PHONE.viewport);
  await expectFits(page);
  await strip.getByRole('link', { name: 'Call +37491654321' }).waitFor();
  await page.getByRole('link', { name: 'Back' }).click();
  await row.waitFor();
  await expectFits(page);

  await row.getByRole('button', { name: /^Done: Call back/ }).press('Enter');
  const name = stage.world.employees[1]?.name;
  await row.getByText(`Done by ${name}, today, `).waitFor();
  await row.getByRole('button').waitFor({ state: 'detached' });
  await page.locator('#inbox-lines:focus').waitFor();
  // What was to do in other dialogues may grow meanwhile.
  const todo = page.locator('#inbox-lines').getByRole('button', { name: /^Done: / });
  await eventually(async () => expect(await open()).toBe(await todo.count()));
  await page.setViewportSize({ width: 1366, height: 860 });
  await row.getByRole('link').first().click();
  await told.getByText(`${name} has called`).waitFor();
  await strip.waitFor({ state: 'detached' });
  await expectFits(page);
  // Whoever comes later finds it among what is done.
  await page.reload();
  await tab.click();
  await row.getByText(`Done by ${name}`).waitFor();
  expect(employee.faults).toEqual([]);
  await employee.context.close();
}, 300_000);

test('nobody answers in time: the visitor is told and offered his mail, once; the field stays', async () => {
  await availability('away');
  const visitor = await stage.person(PHONE);
  const { page, frame, field, log } = await opened(visitor);
  await field.fill('Is the lamp in stock?');
  await field.press('Enter');
  // He waits from the moment that it is stored.
  const stored = expect.objectContaining({ data: expect.objectContaining({ text: 'Is the lamp in stock?' }) });
  await eventually(() => expect(agent.frames()).toContainEqual(expect.objectContaining({ event: stored })));
  await stage.world.clock.advance(61_000);
  await log.getByText('Nobody has answered yet. Colleagues are told.').waitFor();
  await frame.getByRole('heading', { name: 'No time to wait?' }).waitFor();
  await expectFits(frameOf(page));
  expect(await log.getByText('Nobody has answered yet. Colleagues are told.').count()).toBe(1);
  expect(await field.isVisible()).toBe(true);
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test.each([
  { language: 'de', locale: 'de-DE' },
  { language: 'ar', locale: 'ar-EG' },
] as const)(
  'every state holds for axe, light and dark, in forced colours and twice as large, $language',
  async ({ language, locale }) => {
    const visitors: Person[] = [];
    const seen: StateName[] = [];
    const faults: string[] = [];
    await walkStates({
      stage,
      agent,
      language,
      async newPage() {
        const visitor = await stage.person({ axe: true, locale });
        visitors.push(visitor);
        return visitor.context.newPage();
      },
      async see(state, page) {
        seen.push(state);
        faults.push(...(await faultsForOthers(page)).map((fault) => `${state}: ${fault}`));
      },
    });
    expect(faults).toEqual([]);
    expect(seen).toEqual([...STATES]);
    expect(visitors.flatMap((visitor) => visitor.faults)).toEqual([]);
    for (const { context } of visitors) await context.close();
  },
  600_000,
);
