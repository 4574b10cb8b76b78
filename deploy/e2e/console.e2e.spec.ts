// An employee at work in a real browser: keys, capacity, availability, and nothing of what he wrote ever lost.

import { eventually, type TestAgent, type TestVisitor } from '@continuo/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, widgetOn } from './browsers.ts';
import { type Person, type Stage, startStage } from './stage.ts';

let stage: Stage;
/** The same employee at a screen that no test looks at; he tidies up. */
let hand: TestAgent;
const persons: Person[] = [];

beforeAll(async () => {
  stage = await startStage({
    agents: 1,
    services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 },
    // All people of this file sit behind one address, and the employee logs in for each test.
    env: { CONTINUO_LIMIT_STARTS_PER_ADDRESS: '1000', CONTINUO_LIMIT_LOGINS_PER_ACCOUNT: '100' },
  });
  hand = await stage.world.agent();
}, 240_000);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 240_000);
/** Every test begins with nobody on line and no open dialogue. */
beforeEach(async () => {
  for (const { faults, context } of persons.splice(0)) {
    await context.close();
    expect(faults).toEqual([]);
  }
  stage.network.heal();
  const available = (state: 'online' | 'offline') => hand.socket.command('set-availability', { agent: hand.id, state });
  await available('online');
  // Closing one lets the desk give the next.
  await eventually(async () => {
    for (const filter of ['mine', 'unassigned']) {
      const { conversations } = (await hand.query('inbox', { filter, limit: 50 })) as Inbox;
      if (filter === 'mine')
        await Promise.all(conversations.map(({ conversation }) => hand.closeDialogue(conversation)));
      expect(conversations).toEqual([]);
    }
  });
  await available('offline');
});
interface Inbox {
  conversations: { conversation: string }[];
}

const somebody = async (options: Parameters<Stage['person']>[0] = {}): Promise<Person> => {
  const one = await stage.person(options);
  persons.push(one);
  return one;
};
const asks = async (...texts: string[]): Promise<TestVisitor[]> => {
  const visitors: TestVisitor[] = [];
  for (const text of texts) {
    const visitor = stage.world.visitor();
    await visitor.socket.ready();
    await visitor.say(text);
    visitors.push(visitor);
  }
  return visitors;
};
const goOnline = (page: Page): Promise<void> => page.getByRole('button', { name: 'Go online' }).click();
const rowOf = (page: Page, text: string) => page.getByRole('link').filter({ hasText: text });
const log = (page: Page) => page.getByRole('log');
const field = (page: Page) => page.getByRole('textbox', { name: 'Write an answer' });
const loadIs = (page: Page, words: string): Promise<void> =>
  page.getByRole('button', { name: `Your state: Online, ${words}` }).waitFor();

test('dialogues are gone through, answered, closed and taken back with the keyboard alone', async () => {
  const page = await stage.consoleOf(await somebody());
  await goOnline(page);
  const [first] = await asks('Which oak is it?', 'Is there a bench?');
  await loadIs(page, '2 of 5 dialogues');
  await rowOf(page, 'Is there a bench?').waitFor();

  await page.keyboard.press('j');
  await log(page).getByText('Which oak is it?').waitFor();
  await page.keyboard.press('j');
  await log(page).getByText('Is there a bench?').waitFor();
  await page.keyboard.press('k');
  await log(page).getByText('Which oak is it?').waitFor();
  await page.keyboard.press('Enter');
  await field(page).and(page.locator(':focus')).waitFor();
  // In the field, keys are text.
  await page.keyboard.type('jkE: European oak.');
  await page.keyboard.press('Enter');
  await eventually(() => expect(first?.messages().at(-1)?.text).toBe('jkE: European oak.'));

  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.click();
  await undo.waitFor({ state: 'hidden' });
  expect(first?.events().map(({ type }) => type)).not.toContain('conversation-closed');
  await page.keyboard.press('e');
  await undo.waitFor();
  await eventually(() => expect(first?.events().at(-1)?.type).toBe('conversation-closed'));
  await loadIs(page, '1 of 5 dialogues');
});

test('a draft survives a reload, each dialogue has its own', async () => {
  const page = await stage.consoleOf(await somebody());
  await goOnline(page);
  await asks('Is the oil food safe?', 'How heavy is it?');
  await rowOf(page, 'Is the oil food safe?').click();
  await log(page).getByText('Is the oil food safe?').waitFor();
  await field(page).fill('It is, once it has dr');
  await page.getByText('draft kept').waitFor();
  await page.reload();
  await log(page).getByText('Is the oil food safe?').waitFor();
  await eventually(async () => expect(await field(page).inputValue()).toBe('It is, once it has dr'));
  await rowOf(page, 'How heavy is it?').click();
  await log(page).getByText('How heavy is it?').waitFor();
  await eventually(async () => expect(await field(page).inputValue()).toBe(''));
});

test('what an agent sends while the gateway is away survives a reload and goes out once', async () => {
  const page = await stage.consoleOf(await somebody());
  await goOnline(page);
  const [visitor] = await asks('Can I return it?');
  await rowOf(page, 'Can I return it?').click();
  await log(page).getByText('Can I return it?').waitFor();
  stage.network.cutSockets();
  await page.getByText(/^No connection since .* Drafts are kept\.$/).waitFor();
  await field(page).fill('Within thirty days.');
  await field(page).press('Enter');
  await log(page).getByText('Waiting for the network').waitFor();
  await page.reload();
  stage.network.heal();
  await log(page).getByText('Within thirty days.').waitFor();
  await eventually(() =>
    expect(visitor?.messages().map(({ text }) => text)).toEqual(['Can I return it?', 'Within thirty days.']),
  );
  await log(page)
    .getByRole('img', { name: /^(Stored|Delivered)$/ })
    .waitFor();
  await eventually(async () => expect(await log(page).getByText('Within thirty days.').count()).toBe(1));
});

test('with five of five nothing more can be taken, and a message into another dialogue is refused in words', async () => {
  const page = await stage.consoleOf(await somebody());
  await goOnline(page);
  await asks('one?', 'two?', 'three?', 'four?', 'five?');
  await loadIs(page, '5 of 5 dialogues');
  const [sixth] = await asks('The sixth?');
  await page.getByRole('tab', { name: /^Unassigned/ }).click();
  await rowOf(page, 'The sixth?').click();
  await log(page).getByText('The sixth?').waitFor();
  await page.getByText('You have 5 of 5. The next one comes when a place is free.').waitFor();
  await page.getByRole('button', { name: 'Take', disabled: true }).waitFor();
  await field(page).fill('I answer here as well.');
  await field(page).press('Enter');
  const refused = log(page).getByRole('alert');
  await refused.getByText('Not sent.').waitFor();
  await refused.getByText('All your places are taken. The next one comes when a place is free.').waitFor();
  expect(sixth?.messages().map(({ text }) => text)).toEqual(['The sixth?']);

  // A place becomes free: the desk gives the sixth, and the message goes out when the agent says so.
  await page.getByRole('tab', { name: /^Mine/ }).click();
  await rowOf(page, 'one?').click();
  await log(page).getByText('one?').waitFor();
  await page.getByRole('button', { name: 'Close' }).first().click();
  await page.getByRole('tab', { name: /^Mine/ }).click();
  await rowOf(page, 'The sixth?').click();
  await page.getByRole('button', { name: 'Send again' }).click();
  await eventually(() => expect(sixth?.messages().at(-1)?.text).toBe('I answer here as well.'));
});

test('an agent who is not given dialogues takes one by hand', async () => {
  const page = await stage.consoleOf(await somebody());
  const [visitor] = await asks('Anybody here?');
  await page.getByRole('tab', { name: /^Unassigned/ }).click();
  await rowOf(page, 'Anybody here?').click();
  await page.getByText('Nobody has this dialogue.').waitFor();
  await page.getByRole('button', { name: 'Take' }).click();
  await log(page).getByText('The dialogue is yours').waitFor();
  await eventually(() => expect(visitor?.events().map(({ type }) => type)).toContain('agent-assigned'));
});

test('what an agent says of himself reaches the visitor’s open panel', async () => {
  const page = await stage.consoleOf(await somebody());
  await goOnline(page);
  const shop = await (await somebody()).context.newPage();
  await shop.goto(stage.shop);
  const widget = widgetOn(shop, 'en');
  await widget.open();
  const head = widget.frame.getByRole('status');
  await head.getByText('Answers in a minute').waitFor();
  const choose = async (state: string): Promise<void> => {
    await page.getByRole('button', { name: /^Your state/ }).click();
    await page.getByRole('radio', { name: new RegExp(`^${state}`) }).click();
  };
  await choose('Away');
  await head.getByText('Away for a moment').waitFor();
  await choose('Offline');
  await widget.frame.getByRole('heading', { name: 'Write now, we answer by e-mail' }).waitFor();
  await page.keyboard.press('Alt+1');
  await head.getByText('Answers in a minute').waitFor();
});

test('on a phone, list, dialogue and card are screens of their own, and an answer goes out', async () => {
  const phone = await somebody({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  const page = await stage.consoleOf(phone);
  await page.getByRole('button', { name: 'Go online' }).tap();
  const [visitor] = await asks('Does it come in one box?');
  const noSideways = async (): Promise<void> =>
    expect(
      await page.evaluate(() => (globalThis as never as { document: Document_ }).document.documentElement.scrollWidth),
    ).toBeLessThanOrEqual(360);
  await noSideways();
  await rowOf(page, 'Does it come in one box?').tap();
  await log(page).getByText('Does it come in one box?').waitFor();
  await page.getByRole('tab', { name: /^Mine/ }).waitFor({ state: 'hidden' });
  await noSideways();
  await page.getByRole('link', { name: 'Visitor card' }).tap();
  const card = page.getByRole('region', { name: 'Visitor' });
  await card.getByText('No e-mail yet').waitFor();
  await noSideways();
  await page.goBack();
  await card.waitFor({ state: 'hidden' });
  await field(page).fill('In two.');
  await page.getByRole('button', { name: 'Send', exact: true }).tap();
  await eventually(() => expect(visitor?.messages().at(-1)?.text).toBe('In two.'));
  await page.getByRole('link', { name: 'Back' }).tap();
  await rowOf(page, 'In two.').waitFor();
});
interface Document_ {
  documentElement: { scrollWidth: number };
}

test('the console speaks Russian to a Russian browser', async () => {
  const russian = await somebody({ locale: 'ru-RU' });
  const page = await russian.context.newPage();
  await page.goto(`${stage.network.address}/console/`);
  const [employee] = stage.world.employees;
  await page.getByRole('textbox', { name: 'Почта' }).fill(employee?.email as string);
  await page.locator('input[type=password]').fill('falsch');
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.getByText('Почта и пароль не подходят друг к другу.', { exact: false }).waitFor();
  await page.locator('input[type=password]').fill(employee?.password as string);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.getByRole('button', { name: 'Выйти на связь' }).click();
  await asks('Hello?');
  await rowOf(page, 'Hello?').click();
  await log(page).getByText('Диалог ваш').waitFor();
  await page.getByRole('textbox', { name: 'Напишите ответ' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('ru');
});

test.each(['light', 'dark'] as const)(
  'login, inbox and dialogue have no fault that axe finds, in %s',
  async (colorScheme) => {
    const employee = await somebody({ axe: true, colorScheme });
    const login = await employee.context.newPage();
    await login.goto(`${stage.network.address}/console/`);
    await login.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await accessibilityFaults(login)).toEqual([]);
    await login.close();
    const page = await stage.consoleOf(employee);
    await goOnline(page);
    const [visitor] = await asks('Is the lamp included?', 'And the chair?');
    await rowOf(page, 'And the chair?').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await rowOf(page, 'Is the lamp included?').click();
    await field(page).fill('It is not.');
    await field(page).press('Enter');
    await eventually(() => expect(visitor?.messages()).toHaveLength(2));
    await visitor?.socket.command('identify-contact', {
      conversation: visitor.conversation(),
      email: 'elena@arka.example',
    });
    await page.getByRole('region', { name: 'Visitor' }).getByText('elena@arka.example').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  },
);
