// The visitor's line on bad networks, in real browsers: cut, half-open, slow, without WebSockets, and shared by all tabs. Nothing is lost, nothing comes twice.

import { eventually, type TestAgent } from '@continuo/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext, FrameLocator } from 'playwright-core';
import { cutIn } from '../../services/gateway/widget/src/loader/cut.ts';
import { frameOf, wake, widgetOn } from './browsers.ts';
import { type Stage, startStage } from './stage.ts';

let stage: Stage;
let agent: TestAgent;

beforeAll(async () => {
  stage = await startStage({
    agents: 1,
    services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 },
    env: { CONTINUO_LIMIT_COMMANDS_PER_VISITOR: '600' },
  });
  agent = await stage.world.agent();
  await agent.goOnline();
}, 240_000);
afterEach(async () => {
  stage?.network.heal();
  // A test that stopped halfway leaves none of its dialogues to the next.
  for (const conversation of agent?.mine() ?? []) await agent.closeDialogue(conversation);
});
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 240_000);

async function shopWith(context: BrowserContext) {
  const page = await context.newPage();
  await page.goto(stage.shop);
  return { page, widget: widgetOn(page, 'en') };
}
const given = (): Promise<string> =>
  eventually(() => {
    expect(agent.mine()).toHaveLength(1);
    return agent.mine()[0] as string;
  });
const DAYS_AWAY = 9 * 24 * 60 * 60_000;
/** Each piece of bytes is held up, and what is lost is tried again after longer and longer pauses. */
const LONG = { withinMs: 120_000 };
const textsAt = (conversation: string): string[] => agent.messages(conversation).map(({ text }) => text);
const seen = (frame: FrameLocator, text: string): Promise<void> =>
  frame.getByRole('listitem').filter({ hasText: text }).waitFor();
/** What stands on the visitor's screen, in its order, of these. */
const shown = async (frame: FrameLocator, texts: readonly string[]): Promise<string[]> => {
  const items = await frame.getByRole('listitem').allInnerTexts();
  return items.flatMap((item) => texts.filter((text) => item.split('\n').includes(text)));
};

test('where no WebSocket comes through, the dialogue goes over HTTP: both ways, once each, on the next page at once, and no longer than it must', async () => {
  stage.network.blockSockets();
  const { context } = await stage.person();
  await context.addInitScript(() => {
    // The shortest pauses that there may be.
    Math.random = () => 0;
    const ways: string[] = [];
    const { WebSocket, fetch } = globalThis;
    Object.assign(globalThis, {
      ways,
      WebSocket: class extends WebSocket {
        constructor(address: string) {
          super(address);
          ways.push('socket');
        }
      },
      fetch(...request: Parameters<typeof fetch>) {
        if (String(request[0]).includes('/widget/line')) ways.push('http');
        return fetch(...request);
      },
    });
  });
  const { page, widget } = await shopWith(context);
  await widget.open();
  await widget.say('Can you hear me?');
  const conversation = await given();
  await agent.reply(conversation, 'Loud and clear.');
  await seen(widget.frame, 'Loud and clear.');
  await page.reload();
  await widget.open();
  await widget.say('Good.');
  await seen(widget.frame, 'Good.');
  await agent.reply(conversation, 'What can I do for you?');
  await seen(widget.frame, 'What can I do for you?');
  const all = ['Can you hear me?', 'Loud and clear.', 'Good.', 'What can I do for you?'];
  await eventually(() => expect(textsAt(conversation)).toEqual(expect.arrayContaining(all)));
  expect(textsAt(conversation)).toHaveLength(4);
  await eventually(async () => expect((await shown(widget.frame, all)).toSorted()).toEqual(all.toSorted()));
  expect(stage.network.sockets).toBe(0);
  // A socket that hangs instead of being refused would have cost ten seconds each time.
  const ways = await frameOf(page).evaluate(() => (globalThis as unknown as { ways: string[] }).ways);
  expect(ways[0]).toBe('http');
  expect(stage.network.lines).toBeGreaterThan(3);
  // What was refused once may have been a restart.
  stage.network.heal();
  await eventually(() => expect(stage.network.sockets).toBe(1));
  await widget.say('Thanks.');
  await eventually(() => expect(textsAt(conversation)).toContain('Thanks.'));
  await agent.closeDialogue(conversation);
  await context.close();
});

test('a line that is half open is found out when the page is looked at again, and what was written goes by a new one', async () => {
  const { context } = await stage.person();
  const { page, widget } = await shopWith(context);
  await widget.open();
  await widget.say('Before the tunnel');
  const conversation = await given();
  await widget.frame.getByText('Sent', { exact: true }).waitFor();
  stage.network.freezeOpen();
  await widget.say('In the tunnel');
  await wake(page);
  await eventually(() => expect(textsAt(conversation)).toEqual(['Before the tunnel', 'In the tunnel']));
  await agent.reply(conversation, 'After the tunnel');
  await seen(widget.frame, 'After the tunnel');
  await agent.closeDialogue(conversation);
  await context.close();
});

test('whatever brings a page back has the line asked at once whether it holds', async () => {
  const { context } = await stage.person();
  await context.addInitScript(() => {
    const sent: string[] = [];
    Object.assign(globalThis, { sent });
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (text) {
      sent.push(String(text));
      send.call(this, text);
    };
  });
  const { page, widget } = await shopWith(context);
  await widget.open();
  await widget.say('Are you still there?');
  const conversation = await given();
  await widget.frame.getByText('With you now').waitFor();
  const asked = await frameOf(page).evaluate(() => {
    const { sent } = globalThis as unknown as { sent: string[] };
    const asksOn = (target: EventTarget, name: string) => {
      sent.length = 0;
      target.dispatchEvent(new Event(name));
      return sent.filter((text) => text.includes('"t":"ping"')).length;
    };
    return [asksOn(window, 'pageshow'), asksOn(document, 'visibilitychange'), asksOn(window, 'online')];
  });
  expect(asked).toEqual([1, 1, 1]);
  await agent.closeDialogue(conversation);
  await context.close();
});

test('a browser that loses its network says so before anything was tried, and goes on when it is back', async () => {
  const { context } = await stage.person();
  const pings: unknown[] = [];
  context.on('page', (page) =>
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => String(payload).includes('"t":"ping"') && pings.push(payload)),
    ),
  );
  const { widget } = await shopWith(context);
  await widget.open();
  await widget.say('Are you there?');
  const conversation = await given();
  await widget.frame.getByText('With you now').waitFor();
  pings.length = 0;
  await context.setOffline(true);
  await widget.frame.getByText('Connection lost').waitFor();
  expect(pings).toEqual([]);
  await widget.say('Just went into the lift');
  await widget.frame.getByText('Waiting for the network').waitFor();
  await context.setOffline(false);
  await widget.frame.getByText('With you now').waitFor();
  await eventually(() => expect(textsAt(conversation)).toEqual(['Are you there?', 'Just went into the lift']));
  await agent.closeDialogue(conversation);
  await context.close();
});

test('what was written without a network goes days later, with whatever page of the site is looked at next, and once', async () => {
  const { context } = await stage.person();
  const { page, widget } = await shopWith(context);
  await widget.open();
  await widget.say('Until when are you open?');
  const conversation = await given();
  await widget.frame.getByText('Sent', { exact: true }).waitFor();
  stage.network.cutSockets();
  await widget.say('I am off to the mountains');
  await widget.say('and back on Friday');
  await widget.frame.getByText('Waiting for the network').first().waitFor();
  await page.close();
  stage.network.heal();

  await context.clock.install({ time: Date.now() + DAYS_AWAY });
  const later = await shopWith(context);
  const all = ['Until when are you open?', 'I am off to the mountains', 'and back on Friday'];
  await eventually(() => expect(textsAt(conversation)).toEqual(all), LONG);
  await agent.reply(conversation, 'Welcome back.');
  await later.widget.open();
  await seen(later.widget.frame, 'Welcome back.');
  expect(await shown(later.widget.frame, [...all, 'Welcome back.'])).toEqual([...all, 'Welcome back.']);
  expect(textsAt(conversation)).toEqual([...all, 'Welcome back.']);
  await context.close();
});

for (const [name, blocked] of [
  ['a slow network that breaks again and again', false],
  ['a slow network without WebSockets, where answers overtake each other', true],
] as const)
  test(`${name} loses, doubles and swaps nothing`, async () => {
    const { context } = await stage.person();
    const { widget } = await shopWith(context);
    await widget.open();
    await widget.say('0');
    const conversation = await given();
    let random = 7;
    stage.network.slow(() => {
      random = (random * 16_807) % 2_147_483_647;
      return random % 300;
    });
    if (blocked) stage.network.blockSockets();
    const questions = ['0'];
    const answers: string[] = [];
    for (let index = 1; index <= 8; index++) {
      await widget.say(`question ${index}`);
      questions.push(`question ${index}`);
      await agent.reply(conversation, `answer ${index}`);
      answers.push(`answer ${index}`);
      if (!blocked && index % 3 === 0) {
        stage.network.cutSockets();
        await new Promise((resolve) => setTimeout(resolve, 700));
        stage.network.heal();
        stage.network.slow(() => 150);
      }
    }
    const said = (by: RegExp): string[] => textsAt(conversation).filter((text) => by.test(text));
    await eventually(() => expect(said(/^question|^0$/)).toEqual(questions), LONG);
    expect(said(/^answer/)).toEqual(answers);
    await eventually(async () => {
      const screen = await shown(widget.frame, [...questions, ...answers]);
      expect(screen).toEqual(textsAt(conversation));
    }, LONG);
    await agent.closeDialogue(conversation);
    await context.close();
  });

test('all tabs of a visitor share one socket, and when its tab is closed another goes on', async () => {
  const { context } = await stage.person();
  // Those of a browser that was closed a moment ago may not be gone yet.
  await eventually(() => expect(stage.network.sockets).toBe(0));
  const [first, second, third] = [await shopWith(context), await shopWith(context), await shopWith(context)];
  await third.widget.open();
  await third.widget.say('From the third tab');
  const conversation = await given();
  await second.widget.open();
  await seen(second.widget.frame, 'From the third tab');
  await eventually(() => expect(stage.network.sockets).toBe(1));
  await first.page.close();
  await second.widget.say('From the second');
  await eventually(() => expect(textsAt(conversation)).toEqual(['From the third tab', 'From the second']));
  await agent.reply(conversation, 'To all of you');
  await seen(third.widget.frame, 'To all of you');
  await seen(second.widget.frame, 'To all of you');
  await eventually(() => expect(stage.network.sockets).toBe(1));
  await agent.closeDialogue(conversation);
  await context.close();
});

test('code that a lost request kept away comes with the next try: the panel, and what stands in it', async () => {
  const { context } = await stage.person();
  const lost: string[] = [];
  // Each file's first request is lost, also of one that only another file imports.
  await context.route(/\/widget\/assets\/(panel|times-worker|after|email-field|sound)-/, (route) => {
    const name = new URL(route.request().url()).pathname;
    if (lost.includes(name)) return route.continue();
    lost.push(name);
    return route.abort();
  });
  let cut = true;
  const late = Promise.withResolvers<void>();
  await context.route(/\/widget\/assets\/panel-/, async (route) => {
    await late.promise;
    return cut ? route.abort() : route.fallback();
  });
  const { page, widget } = await shopWith(context);
  await widget.open();
  // A click is not left without a sign.
  await widget.badge.getByText('…').waitFor();
  late.resolve();
  // What is missing is said for as long as it is; then it opens without another click.
  await page.getByRole('button', { name: 'No connection', exact: true }).getByText('No connection').waitFor();
  cut = false;
  await widget.field.waitFor();
  await page.getByRole('button', { name: 'Minimise the chat', exact: true }).waitFor();
  await widget.badge.waitFor({ state: 'hidden' });
  await widget.say('Still here?');
  const conversation = await given();
  await widget.frame.getByRole('button', { name: 'Get the answer by e-mail as well' }).waitFor();
  await widget.frame.getByRole('button', { name: 'Sound of new messages' }).waitFor();
  await eventually(() => expect(lost).toHaveLength(5));
  await agent.closeDialogue(conversation);
  await context.close();
});

test('where the browser starts no worker whoever comes back has his dialogue all the same', async () => {
  const { context, faults } = await stage.person();
  await context.addInitScript(() => {
    globalThis.Worker = class {
      constructor() {
        throw new DOMException('no workers here', 'SecurityError');
      }
    } as never;
  });
  const { page, widget } = await shopWith(context);
  await widget.open();
  await widget.say('No workers?');
  const conversation = await given();
  await page.reload();
  await widget.open();
  await widget.log.getByText('No workers?').waitFor();
  expect(faults).toEqual([]);
  await agent.closeDialogue(conversation);
  await context.close();
});

test('two tabs keep what is typed apart, and what a closed one left comes back in the next', async () => {
  const { context } = await stage.person();
  const [first, second] = [await shopWith(context), await shopWith(context)];
  for (const [{ page, widget }, text] of [
    [first, 'About the lamp'],
    [second, 'About the desk'],
  ] as const) {
    await page.bringToFront();
    await widget.open();
    await widget.field.waitFor();
    expect(await widget.field.inputValue()).toBe('');
    await widget.field.fill(text);
  }
  await second.page.reload();
  await second.widget.open();
  await eventually(async () => expect(await second.widget.field.inputValue()).toBe('About the desk'));
  await first.page.close();
  const third = await shopWith(context);
  await third.widget.open();
  await eventually(async () => expect(await third.widget.field.inputValue()).toBe('About the lamp'));
  await context.close();
});

test('a frame that cannot be had at first comes as soon as the network is back, and the launcher says meanwhile what is missing', async () => {
  const { context, faults } = await stage.person();
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'onLine', { get: () => !(globalThis as { isOffline?: boolean }).isOffline });
    Object.assign(globalThis, { isOffline: true });
  });
  const page = await context.newPage();
  await page.route('**/widget/frame.html*', (route) => route.abort('internetdisconnected'));
  await page.goto(stage.shop);
  const widget = widgetOn(page, 'en');
  await page.getByRole('button', { name: 'No connection' }).waitFor();
  await widget.badge.getByText('No connection').waitFor();
  const arab = await stage.person({ locale: 'ar' });
  await arab.context.addInitScript(() => Object.defineProperty(navigator, 'onLine', { get: () => false }));
  await arab.context.route('**/widget/frame.html*', (route) => route.abort('internetdisconnected'));
  const { widget: inArabic } = await shopWith(arab.context);
  await inArabic.badge.getByText(cutIn['ar'] as string).waitFor();
  await arab.context.close();
  // He wants to write: it opens when it can.
  await widget.open();
  await page.unroute('**/widget/frame.html*');
  await page.evaluate(() => {
    Object.assign(globalThis, { isOffline: false });
    dispatchEvent(new Event('online'));
  });
  await widget.field.waitFor();
  await widget.say('At last');
  const conversation = await given();
  await widget.badge.waitFor({ state: 'hidden' });
  expect(faults.filter((fault) => !/postMessage/.test(fault))).toEqual([]);
  await agent.closeDialogue(conversation);
  await context.close();
});
