// The visitor's dialogue in real browsers: what he writes survives a lost network, a reload and a closed tab; all his tabs show the same.

import { eventually, type TestAgent } from '@continuo/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { Texts } from '../../services/gateway/widget/src/locales/en.ts';
import { locales } from '../../services/gateway/widget/src/locales/index.ts';
import { accessibilityFaults, frameOf, widgetOn } from './browsers.ts';
import { heardIn, listenTo } from './heard.ts';
import { hasGoneBack, PHONE, phoneFaults } from './phone.ts';
import { type Person, type Stage, startStage } from './stage.ts';

let stage: Stage;
let agent: TestAgent;

beforeAll(async () => {
  stage = await startStage({
    agents: 1,
    services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 },
  });
  agent = await stage.world.agent();
  await agent.goOnline();
}, 240_000);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 240_000);

afterEach(async () => {
  stage.network.heal();
  for (const conversation of agent.mine()) await agent.closeDialogue(conversation);
});

const shopPage = async ({ context }: Person): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(stage.shop);
  return page;
};
/** The bubble with this text, and what it says of how far it has come. */
const bubble = (frame: FrameLocator, text: string): Locator => frame.getByRole('listitem').filter({ hasText: text });
const marked = (frame: FrameLocator, text: string, mark: string): Promise<void> =>
  bubble(frame, text).getByText(mark, { exact: true }).waitFor();
/** The agent's only open dialogue. */
const given = (): Promise<string> =>
  eventually(() => {
    expect(agent.mine()).toHaveLength(1);
    return agent.mine()[0] as string;
  });
const textsAt = (conversation: string): string[] => agent.messages(conversation).map(({ text }) => text);

test('what is written without a network survives a reload and a closed tab, and arrives once, in order', async () => {
  const visitor = await stage.person();
  const first = await shopPage(visitor);
  const before = widgetOn(first, 'en');
  await before.open();
  await before.say('Is the desk in stock?');
  const conversation = await given();
  await marked(before.frame, 'Is the desk in stock?', 'Sent');

  stage.network.cutSockets();
  await before.frame.getByText('No connection. Your messages are kept here and go out by themselves.').waitFor();
  await before.say('It has to fit a niche of 162 cm.');
  await before.say('And I need it on Friday.');
  const shownAsKept = async (frame: FrameLocator): Promise<void> => {
    for (const text of ['It has to fit a niche of 162 cm.', 'And I need it on Friday.'])
      await marked(frame, text, 'Kept on this device');
    await frame.getByText('Waiting for the network').nth(1).waitFor();
  };
  await shownAsKept(before.frame);

  await first.reload();
  await before.open();
  await shownAsKept(before.frame);
  await first.close();

  const second = await shopPage(visitor);
  const after = widgetOn(second, 'en');
  await after.open();
  await shownAsKept(after.frame);
  expect(textsAt(conversation)).toEqual(['Is the desk in stock?']);

  stage.network.heal();
  const all = ['Is the desk in stock?', 'It has to fit a niche of 162 cm.', 'And I need it on Friday.'];
  await eventually(() => expect(textsAt(conversation)).toEqual(all));
  // Stored, then on the agent's screen, then read by him; each is said.
  for (const text of all) await marked(after.frame, text, 'Sent');
  const upTo = agent.transcript(conversation)?.number as number;
  // Told to whoever listens: a widget that goes from HTTP to a socket at this moment does not.
  await eventually(async () => {
    agent.socket.send({ t: 'delivered', conversation, upTo });
    for (const text of all)
      expect(await bubble(after.frame, text).getByText('Delivered', { exact: true }).count()).toBe(1);
  });
  await agent.socket.command('mark-read', { conversation, upTo });
  await bubble(after.frame, 'And I need it on Friday.').getByText('Read').waitFor();
  await after.frame.locator('.co-read').waitFor();
  expect(await after.frame.locator('.co-read').count()).toBe(1);
  expect(await after.frame.getByText('No connection').count()).toBe(0);
  // Nothing came twice, neither at the agent's nor on the visitor's screen.
  expect(textsAt(conversation)).toEqual(all);
  for (const text of all) expect(await bubble(after.frame, text).count()).toBe(1);
  await agent.closeDialogue(conversation);
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('a browser that loses its network keeps the words, and sends them when it is back', async () => {
  const visitor = await stage.person();
  const page = await shopPage(visitor);
  const widget = widgetOn(page, 'en');
  await widget.open();
  await widget.field.waitFor();
  await visitor.context.setOffline(true);
  stage.network.cut();
  await widget.say('Do you deliver to Riga?');
  await widget.frame.getByText('No connection.', { exact: false }).waitFor();
  await marked(widget.frame, 'Do you deliver to Riga?', 'Kept on this device');
  stage.network.heal();
  await visitor.context.setOffline(false);
  const conversation = await given();
  await marked(widget.frame, 'Do you deliver to Riga?', 'Sent');
  await eventually(() => expect(textsAt(conversation)).toEqual(['Do you deliver to Riga?']));
  await agent.closeDialogue(conversation);
  await visitor.context.close();
});

test('all tabs of a visitor show one dialogue; a closed panel counts what is unread', async () => {
  const visitor = await stage.person();
  const [one, other] = [await shopPage(visitor), await shopPage(visitor)];
  const [left, right] = [widgetOn(one, 'en'), widgetOn(other, 'en')];
  await left.open();
  await right.open();
  await left.say('Does the drawer lock?');
  const conversation = await given();
  await marked(right.frame, 'Does the drawer lock?', 'Sent');
  await right.say('With a key, I mean.');
  await marked(left.frame, 'With a key, I mean.', 'Sent');
  await eventually(() => expect(textsAt(conversation)).toEqual(['Does the drawer lock?', 'With a key, I mean.']));

  // Read in one tab is read in all.
  await left.frame.getByRole('button', { name: 'Minimise' }).click();
  await right.frame.getByRole('button', { name: 'Minimise' }).click();
  await agent.reply(conversation, 'Yes.');
  await agent.reply(conversation, 'Two keys come with it.');
  await left.badge.getByText('2', { exact: true }).waitFor();
  await right.badge.getByText('2', { exact: true }).waitFor();
  await one.getByRole('button', { name: 'Open the chat, 2 unread' }).waitFor();
  await one.bringToFront();
  await left.open();
  await left.log.getByText('Two keys come with it.').waitFor();
  await left.badge.waitFor({ state: 'hidden' });
  await right.badge.waitFor({ state: 'hidden' });

  // The keyboard closes it, and gives the focus back to the launcher.
  await left.field.press('Escape');
  await one.locator('continuo-chat iframe').waitFor({ state: 'hidden' });
  await one.getByRole('button', { name: 'Open the chat' }).and(one.locator(':focus')).waitFor();
  await agent.closeDialogue(conversation);
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('writing in an ended dialogue goes on with it', async () => {
  const visitor = await stage.person();
  const page = await shopPage(visitor);
  const widget = widgetOn(page, 'en');
  await widget.open();
  await widget.say('Is there a walnut one?');
  const conversation = await given();
  await agent.reply(conversation, 'Not before spring.');
  await widget.frame.getByText('With you now').waitFor();
  await agent.closeDialogue(conversation);
  await widget.log.getByText(/^Dialogue ended, /).waitFor();
  await widget.frame.getByRole('status').filter({ hasText: 'Dialogue ended' }).waitFor();
  await widget.say('Then the oak one.');
  await widget.log.getByText('Stopped here today').waitFor();
  await eventually(() =>
    expect(textsAt(conversation)).toEqual(['Is there a walnut one?', 'Not before spring.', 'Then the oak one.']),
  );
  await eventually(() => expect(agent.transcript(conversation)?.status).toBe('open'));
  await agent.closeDialogue(conversation);
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('the end of the dialogue stays in sight while pictures make it longer, until the visitor goes back in it', async () => {
  const visitor = await stage.person();
  const page = await shopPage(visitor);
  const widget = widgetOn(page, 'en');
  await widget.open();
  await widget.say(Array.from({ length: 40 }, (_, line) => `line ${line}`).join(' and '.repeat(20)));
  const conversation = await given();
  const toLatest = widget.frame.getByRole('button', { name: 'To the latest message' });
  const log = "const log = document.querySelector('.co-log'), flow = log.firstElementChild;";
  const grow = "{ const picture = document.createElement('p'); picture.style.height = '300px'; flow.append(picture); }";
  const belowSight = () => frameOf(page).evaluate(`${log} log.scrollHeight - log.scrollTop - log.clientHeight`);
  await eventually(async () => expect(await belowSight()).toBeLessThan(2));
  // That the first has made it jump is told when the second is there already.
  await frameOf(page).evaluate(`${log} ${grow} log.scrollTop = log.scrollHeight; ${grow}`);
  await frameOf(page).evaluate('new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))');
  await eventually(async () => expect(await belowSight()).toBeLessThan(2));
  expect(await toLatest.count()).toBe(0);

  // Again, if something came at that very moment and took him along to the end.
  await eventually(async () => {
    await frameOf(page).evaluate(`${log} log.scrollTop = 10`);
    expect(await toLatest.count()).toBe(1);
  });
  await agent.reply(conversation, 'Which of them?');
  await widget.frame.getByText('Which of them?').waitFor({ state: 'attached' });
  expect(await frameOf(page).evaluate(`${log} log.scrollTop`)).toBe(10);
  await toLatest.click();
  await eventually(async () => expect(await belowSight()).toBeLessThan(2));
  await toLatest.waitFor({ state: 'detached' });
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('after the end the visitor says how he was helped, by keyboard and even without a network', async () => {
  const visitor = await stage.person({ axe: true });
  const page = await shopPage(visitor);
  const widget = widgetOn(page, 'en');
  await widget.open();
  await widget.say('Is there an oak chair?');
  const conversation = await given();
  await widget.frame.getByText('With you now').waitFor();
  expect(await widget.frame.getByRole('radio').count()).toBe(0);
  await agent.reply(conversation, 'Two of them.');
  await agent.closeDialogue(conversation);
  const question = widget.frame.getByRole('group', { name: 'Did Анна Петрова help you?' });
  await question.getByRole('radio', { name: '1 of 5' }).focus();
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
  await question.getByText('4 of 5 · Good').waitFor();
  await widget.frame.getByRole('textbox', { name: 'What should we know?' }).fill('Quick and to the point.');
  expect(await accessibilityFaults(frameOf(page))).toEqual([]);
  stage.network.cutSockets();
  await widget.frame.getByText('No connection.', { exact: false }).waitFor();
  await widget.frame.locator('.co-rating').getByRole('button', { name: 'Send' }).click();
  await widget.frame.getByText('Thank you!').waitFor();
  await page.reload();
  stage.network.heal();
  await widget.open();
  await eventually(() =>
    expect(agent.transcript(conversation)?.rating).toMatchObject({ score: 4, comment: 'Quick and to the point.' }),
  );
  await widget.frame.getByText('Thank you!').waitFor();
  expect(await widget.frame.getByRole('radio').count()).toBe(0);
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

/** What has the keyboard in the panel, in a few words; nothing where it has been lost. */
const focused = (page: Page): Promise<string> =>
  frameOf(page).evaluate(() => {
    const { activeElement: one } = document;
    if (!one || one === document.body || !document.hasFocus()) return '';
    return (
      one.getAttribute('aria-label') ?? (one as HTMLInputElement).labels?.[0]?.textContent ?? one.textContent ?? ''
    );
  });
const expectFocus = (page: Page, name: string): Promise<void> =>
  eventually(async () => expect(await focused(page)).toBe(name));

test('what was refused is sent again, goes back into the field, or away; nothing of it stays for ever', async () => {
  const visitor = await stage.person({ axe: true });
  await listenTo(visitor.context);
  const page = await shopPage(visitor);
  const widget = widgetOn(page, 'en');
  await widget.open();
  await widget.say('Is there a matching shelf?');
  const conversation = await given();
  await marked(widget.frame, 'Is there a matching shelf?', 'Sent');
  // As a device may keep it that has had another limit: the gateway itself refuses it.
  const long = (word: string) => `${word} ${'x'.repeat(5_000)}`;
  await page.getByRole('button', { name: 'Minimise' }).click();
  await frameOf(page).evaluate(
    ([site, ...texts]) => {
      for (const [index, text] of texts.entries()) {
        const id = `${index}refused`.padEnd(22, '0');
        localStorage.setItem(
          `continuo:${site}:outbox:${id}`,
          JSON.stringify({ id, at: Date.now() + index, kind: 'message', text }),
        );
      }
    },
    [stage.world.site.id, long('first'), long('second'), long('third')],
  );
  await page.reload();
  await widget.open();
  const refused = widget.frame.getByText(/^Not sent\./);
  await refused.nth(2).waitFor();
  expect(await accessibilityFaults(frameOf(page))).toEqual([]);

  const remove = widget.frame.getByRole('button', { name: 'Remove' });
  await remove.last().focus();
  await page.keyboard.press('Enter');
  await bubble(widget.frame, 'third').waitFor({ state: 'detached' });
  await expectFocus(page, 'Write a message');

  await widget.field.fill('And one more thing.');
  await widget.frame.getByRole('button', { name: 'Edit' }).first().click();
  await bubble(widget.frame, 'first').waitFor({ state: 'detached' });
  await eventually(async () => expect(await widget.field.inputValue()).toBe(`${long('first')}\nAnd one more thing.`));
  await expectFocus(page, 'Write a message');
  await widget.frame.getByText('characters too many', { exact: false }).waitFor();
  await widget.say('Shorter.');
  await marked(widget.frame, 'Shorter.', 'Sent');

  // What was refused before the panel was there is read with the rest of the log; what is refused under his eyes is told.
  const told = async () =>
    (await heardIn(frameOf(page))).filter((words) => /^Not sent\..*Send again.*Remove/.test(words));
  const before = (await told()).length;
  await widget.frame.getByRole('button', { name: 'Send again' }).click();
  await refused.waitFor();
  await eventually(async () => expect(await told()).toHaveLength(before + 1));
  await remove.click();
  await page.reload();
  await widget.open();
  await marked(widget.frame, 'Shorter.', 'Sent');
  expect(await refused.count()).toBe(0);
  await eventually(() => expect(textsAt(conversation)).toEqual(['Is there a matching shelf?', 'Shorter.']));
  await agent.closeDialogue(conversation);
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
}, 240_000);

test('whoever opens the panel himself writes in it at once, whatever comes late and whoever else opens it meanwhile; nobody else loses the keyboard', async () => {
  const visitor = await stage.person();
  const byPage = (page: Page) =>
    page.evaluate(() => (globalThis as unknown as { Continuo(call: string): void }).Continuo('open'));
  const byVisitor = (page: Page) => widgetOn(page, 'en').launcher.press('Enter');
  for (const order of [
    [byPage, byVisitor],
    [byVisitor, byPage],
  ]) {
    const page = await shopPage(visitor);
    const gate = Promise.withResolvers<void>();
    await page.route(/\/assets\/panel-/, (route) => gate.promise.then(() => route.continue()));
    const { field } = widgetOn(page, 'en');
    await widgetOn(page, 'en').launcher.waitFor();
    const asked = page.waitForRequest(/\/assets\/panel-/);
    for (const open of order) await open(page);
    await asked;
    gate.resolve();
    await field.waitFor();
    await expectFocus(page, 'Write a message');
    // The next time counts anew.
    await page.keyboard.press('Escape');
    await page.locator('continuo-chat iframe').waitFor({ state: 'hidden' });
    await byPage(page);
    await field.waitFor();
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await frameOf(page).evaluate(() => new Promise((passed) => setTimeout(passed)));
    expect(
      await page.evaluate(() => document.querySelector('continuo-chat')?.shadowRoot?.activeElement?.localName),
    ).toBe('button');
    await page.close();
  }

  // Nothing in a frame can be given the keyboard before the browser has laid it out, which may be after the frame has heard of it.
  const page = await shopPage(visitor);
  await widgetOn(page, 'en').launcher.waitFor();
  await frameOf(page).evaluate(() => {
    const { style } = document.documentElement;
    style.display = 'none';
    addEventListener('focus', () => setTimeout(() => style.removeProperty('display'), 300), { once: true });
  });
  await byVisitor(page);
  await widgetOn(page, 'en').field.waitFor();
  await expectFocus(page, 'Write a message');
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

test('by keyboard alone: everything is reached in its order, and what leaves the screen hands the keyboard on', async () => {
  const visitor = await stage.person();
  const page = await shopPage(visitor);
  const widget = widgetOn(page, 'en');
  await widget.launcher.press('Enter');
  await expectFocus(page, 'Write a message');
  await page.keyboard.type('Does it come in parts?');
  await page.keyboard.press('Enter');
  const conversation = await given();
  await agent.reply(conversation, 'In two.');
  await widget.log.getByText('In two.').waitFor();
  for (const name of ['Sound of new messages', 'Get the answer by e-mail as well', 'Send me this dialogue'])
    await widget.frame.getByRole('button', { name }).waitFor();
  const names: string[] = [];
  for (let step = 0; step < 6; step++) {
    await page.keyboard.press('Shift+Tab');
    names.unshift(await focused(page));
  }
  expect(names).toEqual([
    '',
    'Sound of new messages',
    'Minimise',
    'Messages',
    'Get the answer by e-mail as well',
    'Send me this dialogue',
  ]);
  await widget.field.focus();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Send a file or picture, up to 20 MB');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Emoji');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Send');

  // The offer opens into its field, says what is wrong there, and hands the keyboard back when it goes.
  await widget.frame.getByRole('button', { name: 'Get the answer by e-mail as well' }).focus();
  await page.keyboard.press('Enter');
  await expectFocus(page, 'E-mail');
  await page.keyboard.type('elena');
  await page.keyboard.press('Tab');
  await expectFocus(page, 'Save');
  await page.keyboard.press('Enter');
  await expectFocus(page, 'E-mail');
  await page.keyboard.type('@arka.example');
  await page.keyboard.press('Enter');
  await widget.log.getByText('Answers also come to elena@arka.example').waitFor();
  await expectFocus(page, 'Write a message');
  await widget.frame.getByRole('button', { name: 'Send me this dialogue' }).focus();
  await page.keyboard.press('Enter');
  await expectFocus(page, 'E-mail');
  await page.keyboard.press('Enter');
  await widget.frame.getByText('Transcript goes to elena@arka.example').waitFor();
  await expectFocus(page, 'Write a message');

  stage.network.cutSockets();
  await widget.frame.getByRole('button', { name: 'Try now' }).focus();
  stage.network.heal();
  await widget.frame.getByRole('button', { name: 'Try now' }).waitFor({ state: 'detached' });
  await expectFocus(page, 'Write a message');

  await agent.closeDialogue(conversation);
  await widget.frame.getByRole('radio').first().focus();
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
  await widget.frame.getByRole('textbox', { name: 'What should we know?' }).waitFor();
  await page.keyboard.press('Tab');
  await expectFocus(page, 'What should we know?');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await widget.frame.getByText('Thank you!').waitFor();
  await expectFocus(page, 'Write a message');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Open the chat' }).and(page.locator(':focus')).waitFor();
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
}, 240_000);

test('an emoji comes by the keyboard to where the visitor was writing, from code that is fetched when it is wanted; the next time it is the first', async () => {
  const visitor = await stage.person();
  const page = await shopPage(visitor);
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  const { launcher, field, frame } = widgetOn(page, 'en');
  await launcher.press('Enter');
  await expectFocus(page, 'Write a message');
  await field.fill('Thanks, Anna');
  // Behind the comma's word: the caret stands in the middle.
  for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowLeft');
  expect(fetched.filter((address) => address.includes('/emoji-'))).toEqual([]);
  const button = frame.getByRole('button', { name: 'Emoji' });
  await button.press('Enter');
  const menu = frame.getByRole('menu', { name: 'Emoji' });
  const first = menu.getByRole('menuitem').first();
  await first.and(frame.locator(':focus')).waitFor();
  expect(await button.getAttribute('aria-expanded')).toBe('true');
  expect(await menu.getByRole('group').evaluateAll((all) => all.map((one) => one.ariaLabel))).toEqual([
    'Smileys',
    'People and gestures',
    'Hearts',
    'Animals and nature',
    'Food',
    'Things',
    'Signs',
  ]);
  // It pushes the dialogue up and covers neither that nor the field.
  const [over, under] = [await menu.boundingBox(), await field.boundingBox()];
  expect((over?.y ?? 0) + (over?.height ?? 0)).toBeLessThanOrEqual(under?.y ?? 0);

  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  await expectFocus(page, 'Write a message');
  expect(await page.locator('continuo-chat iframe').isVisible()).toBe(true);
  await button.press('Enter');
  await first.and(frame.locator(':focus')).waitFor();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowUp', 'ArrowLeft']) await page.keyboard.press(key);
  await menu.getByRole('menuitem').nth(1).and(frame.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await menu.waitFor({ state: 'detached' });
  await expectFocus(page, 'Write a message');
  expect(await field.inputValue()).toBe('Thanks😃, Anna');
  await page.keyboard.type('!');
  await page.keyboard.press('Enter');
  const conversation = await given();
  await eventually(() => expect(textsAt(conversation)).toEqual(['Thanks😃!, Anna']));

  await page.reload();
  await launcher.press('Enter');
  await expectFocus(page, 'Write a message');
  await button.press('Enter');
  const recent = menu.getByRole('group', { name: 'Recently used' });
  await recent.getByRole('menuitem', { name: '😃' }).and(frame.locator(':focus')).waitFor();
  // Also from the field it is the menu that Escape closes.
  await field.click();
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  expect(await page.locator('continuo-chat iframe').isVisible()).toBe(true);
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
}, 240_000);

test('on a screen that is touched emoji are hit by a thumb, from right to left, in the dark; a small phone leaves them to its keyboard', async () => {
  const visitor = await stage.person({
    axe: true,
    locale: 'ar',
    colorScheme: 'dark',
    viewport: { width: 412, height: 780 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await shopPage(visitor);
  const { launcher, frame } = widgetOn(page, 'en');
  const texts = locales['ar'] as Texts;
  await launcher.tap();
  const button = frame.getByRole('button', { name: texts.emoji, exact: true });
  await button.tap();
  const menu = frame.getByRole('menu', { name: texts.emoji });
  await menu.getByRole('menuitem').first().waitFor();
  expect(await phoneFaults(page)).toEqual([]);
  expect(await accessibilityFaults(frameOf(page))).toEqual([]);
  // The next one is on the left.
  await page.keyboard.press('ArrowLeft');
  await menu.getByRole('menuitem').nth(1).and(frame.locator(':focus')).waitFor();
  await menu.getByRole('menuitem', { name: '👍' }).tap();
  await eventually(async () => expect(await frame.locator('textarea').inputValue()).toBe('👍'));
  await page.setViewportSize(PHONE.viewport);
  await button.waitFor({ state: 'hidden' });
  expect(await phoneFaults(page)).toEqual([]);
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
});

/** Without what depends on the moment: times, and what was said last. */
const asRead = (tree: string): string => tree.replaceAll(/\b\d?\d:\d\d\b/g, 'TIME').replace(/status: "leg.*/, 'status');
/** The panel in a dialogue as it is read, from its head to its field. */
const TREE = `
- dialog "Chat with Nordhem":
  - banner:
    - heading "Анна Петрова" [level=2]
    - status: With you now
    - button "Sound of new messages"
    - button "Minimise"
  - status
  - status
  - log "Messages":
    - list:
      - listitem: Today
      - listitem:
        - text: "You: Do you repair chairs?"
        - time: TIME
        - text: Read
      - listitem: Read
      - listitem: Анна Петрова is here
      - listitem:
        - text: "Анна Петрова: Ours, yes."
        - time: TIME
      - listitem:
        - text: "You:"
        - 'button "Save: leg.txt 6 bytes"': leg.txt 6 bytes
        - time: TIME
        - text: Sent
    - button "Get the answer by e-mail as well"
    - button "Send me this dialogue"
  - textbox "Write a message"
  - button "Send a file or picture, up to 20 MB"
  - button "Emoji"
  - button "Send" [disabled]
  - paragraph: Agents see your text while you type.`;

test('a screen reader says what happens, and each thing has its role and name', async () => {
  const visitor = await stage.person();
  await listenTo(visitor.context);
  const page = await shopPage(visitor);
  const widget = widgetOn(page, 'en');
  await widget.open();
  await widget.field.waitFor();
  const hears = (words: string | RegExp): Promise<void> =>
    eventually(async () => expect(await heardIn(frameOf(page))).toContainEqual(expect.stringMatching(words)));
  await widget.say('Do you repair chairs?');
  const conversation = await given();
  await hears('Анна Петрова is here');
  await hears('With you now');
  agent.socket.send({ t: 'typing', conversation });
  await hears('^Анна Петрова is typing$');
  await agent.reply(conversation, 'Ours, yes.');
  await hears('^Анна Петрова: Ours, yes\\.');
  await widget.frame
    .locator('input[type=file]')
    .setInputFiles({ name: 'leg.txt', mimeType: 'text/plain', buffer: Buffer.from('broken') });
  await hears('^leg.txt: 100 % sent$');
  stage.network.cutSockets();
  await hears('^No connection\\.');
  stage.network.heal();
  const panel = widget.frame.getByRole('dialog');
  await widget.frame.getByText('No connection', { exact: false }).waitFor({ state: 'detached' });
  await hears('^Read$');
  await eventually(async () => expect(asRead(await panel.ariaSnapshot())).toBe(TREE.trim()));
  await agent.closeDialogue(conversation);
  await hears('^Dialogue ended, ');
  expect(visitor.faults).toEqual([]);
  await visitor.context.close();
}, 240_000);

/** The browser's button; it goes back in the panel's frame, so no navigation of the page can be waited for. */
const goBack = (page: Page): Promise<void> => page.evaluate(() => history.back());

const STORY = {
  en: { locale: 'en-GB', asks: 'Is the desk in stock, 160 cm?', answer: 'Yes, in Yerevan.', more: 'Then two of them.' },
  ru: { locale: 'ru-RU', asks: 'Стол 160 см есть?', answer: 'Да, есть в Ереване.', more: 'Тогда два.' },
} as const;

test.each(['en', 'ru'] as const)(
  'the story of the shop on a phone, %s: all of it fits and is hit by a thumb, and Back minimises instead of leaving',
  async (language) => {
    const { locale, asks, answer, more } = STORY[language];
    const texts = locales[language] as Texts;
    const visitor = await stage.person({ ...PHONE, locale });
    const page = await shopPage(visitor);
    const panel = page.locator('continuo-chat iframe');
    const { frame, field, log, launcher, badge } = widgetOn(page, language);
    const button = (name: string) => frame.getByRole('button', { name, exact: true });
    const fits = async () => expect(await phoneFaults(page)).toEqual([]);
    const at = page.url();
    await page.evaluate(() => Object.assign(globalThis, { stayed: true }));
    const stayed = async () =>
      expect([page.url(), await page.evaluate(() => 'stayed' in globalThis)]).toEqual([at, true]);

    await launcher.tap();
    await frame.getByText(texts.head.free).waitFor();
    await fits();
    await field.fill(asks);
    await button(texts.send).tap();
    const conversation = await given();
    await frame.getByText(texts.isHere('Анна Петрова')).waitFor();
    await agent.reply(conversation, answer);
    await log.getByText(answer).waitFor();
    await button(texts.mail.offer).tap();
    await frame.getByRole('textbox', { name: texts.mail.label }).waitFor();
    await fits();
    await frame.getByRole('textbox', { name: texts.mail.label }).fill('elena@arka.example');
    await button(texts.mail.save).tap();
    await log.getByText(texts.mail.answersTo('elena@arka.example')).waitFor();

    await goBack(page);
    await panel.waitFor({ state: 'hidden' });
    await stayed();
    await agent.reply(conversation, answer);
    await badge.getByText('1', { exact: true }).waitFor();
    await launcher.tap();
    await agent.closeDialogue(conversation);
    await frame.locator('.co-stars label').nth(3).tap();
    await fits();
    await frame.locator('.co-rating').getByRole('button', { name: texts.send }).tap();
    await frame.getByText(texts.rating.thanks).waitFor();
    await button(texts.minimise).tap();
    await panel.waitFor({ state: 'hidden' });
    await hasGoneBack(page);
    await stayed();

    // Opened again before it has left its place in the history it keeps that one: one Back is enough, and none is left.
    await page.evaluate(() => {
      const { Continuo } = globalThis as unknown as { Continuo(call: string): void };
      for (const call of ['open', 'close', 'open']) Continuo(call);
    });
    await panel.waitFor();
    await goBack(page);
    await panel.waitFor({ state: 'hidden' });
    const placeLeft = () =>
      frameOf(page).evaluate(
        () => (globalThis as unknown as { navigation: { canGoBack: boolean } }).navigation.canGoBack,
      );
    await eventually(async () => expect(await placeLeft()).toBe(false));
    await stayed();

    // On another page it goes on where it stopped.
    await page.goto(`${stage.shop}/delivery.html`);
    await launcher.tap();
    await log.getByText(asks).waitFor();
    await field.fill(more);
    await button(texts.send).tap();
    await eventually(() => expect(textsAt(conversation)).toEqual([asks, answer, answer, more]));
    await fits();
    // A page that has gone on by script meanwhile stays where it is.
    await page.evaluate(() => {
      history.pushState(null, '', '/delivery.html?step=2');
      (globalThis as unknown as { Continuo(call: string): void }).Continuo('close');
    });
    await panel.waitFor({ state: 'hidden' });
    // Nothing tells that nobody went back.
    await page.waitForTimeout(500);
    expect(page.url()).toBe(`${stage.shop}/delivery.html?step=2`);
    await launcher.tap();
    await panel.waitFor();
    await goBack(page);
    await panel.waitFor({ state: 'hidden' });
    expect(page.url()).toBe(`${stage.shop}/delivery.html?step=2`);
    expect(visitor.faults).toEqual([]);
    await visitor.context.close();
  },
  240_000,
);
