import { afterEach, expect, test } from '@jest/globals';
import { type Client, openClient } from './client.ts';
import { answered, CONVERSATION, givenStorage, givenWorld, SITE, started, welcome } from './given.ts';
import { openKeep } from './keep.ts';
import { openTabs, type Tabs } from './tabs.ts';

const open: Client[] = [];
let sites = 0;
const asleep: Tabs[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.stop(false);
  for (const tabs of asleep.splice(0)) tabs.leave();
});

/** Tabs of one browser: one storage, real locks and channels, a clock and sockets of its own for each. */
function givenBrowser() {
  const storage = givenStorage();
  const name = `shared-connection:${sites++}`;
  return async (full = false) => {
    const world = givenWorld();
    let inSight = true;
    let forgotten = false;
    const refusing = Object.assign(givenStorage(), {
      setItem() {
        throw new Error('QuotaExceededError');
      },
    });
    const client = openClient({
      site: SITE,
      language: 'en',
      keep: openKeep(SITE, full ? refusing : storage),
      around: { ...world.around, inSight: () => inSight },
      tabs: openTabs(navigator.locks, name),
      onForgotten: () => {
        forgotten = true;
      },
    });
    open.push(client);
    await said();
    const goLive = async (more = {}) => {
      await world.gateway().accept();
      world.gateway().say(welcome(more));
      await said();
    };
    return {
      ...world,
      client,
      forgotten: () => forgotten,
      hide: () => {
        inSight = false;
      },
      goLive,
      /** In a dialogue in which this has been said. */
      async goLiveIn(events: ReturnType<typeof answered>[]) {
        const head = events.length;
        await goLive({ conversation: { id: CONVERSATION, head } });
        world.gateway().say({ t: 'transcript', conversation: CONVERSATION, events, head, more: false });
        await said();
      },
      commands: () => world.ends.flatMap(({ sent }) => sent).filter((frame) => frame.t === 'command'),
      texts: () =>
        client.state().known.transcript?.items.flatMap((item) => (item.kind === 'message' ? [item.text] : [])),
    };
  };
}
/** Until what tabs said to each other was heard. */
const said = () => new Promise((resolve) => setTimeout(resolve, 40));

/** It holds the lead, and nobody is told so. */
async function fallAsleep({ client }: { client: Client }): Promise<void> {
  const tabs = openTabs(navigator.locks, `shared-connection:${sites - 1}`);
  asleep.push(tabs);
  await new Promise<void>((resolve) => tabs.seek(resolve, () => {}, true));
  client.stop(false);
}

test('one tab has the socket, and a tab opened later knows at once what it knows', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLiveIn([started('Hi'), answered(2, 'Hello!')]);
  const second = await tab();
  expect(second.ends).toEqual([]);
  expect(second.client.state().line).toBe('live');
  expect(second.texts()).toEqual(['Hi', 'Hello!']);
  first.gateway().say({ t: 'event', event: answered(3, 'Still there?') });
  await said();
  expect(second.texts()).toEqual(['Hi', 'Hello!', 'Still there?']);
});

test('what is written in a tab without the socket goes through the one that has it, once, and says where it was written', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLive();
  const second = await tab();
  first.client.viewPage({ url: 'https://shop.example/' });
  second.client.viewPage({ url: 'https://shop.example/lamp' });
  second.client.send('Is it in stock?');
  await said();
  expect(first.commands()).toMatchObject([
    { name: 'start-conversation', data: { text: 'Is it in stock?', page: { url: 'https://shop.example/lamp' } } },
  ]);
  expect(first.gateway().sent.filter(({ t }) => t === 'page')).toHaveLength(2);
  // One tab keeps the order: the next waits until this one has its answer, wherever it is written.
  first.client.send('And in red?');
  await said();
  expect(first.commands()).toHaveLength(1);
  first.gateway().say({ t: 'event', event: started('Is it in stock?', { cause: first.commands()[0]?.id ?? '' }) });
  await said();
  expect(second.client.state().parcels).toMatchObject([{ text: 'And in red?' }]);
  expect(first.client.state().parcels).toMatchObject([{ text: 'And in red?' }]);
  expect(first.commands()).toHaveLength(2);
  expect(second.texts()).toEqual(['Is it in stock?']);
});

test('what a tab shows its reader counts as read through the other’s socket', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLiveIn([started('Hi'), answered(2, 'Hello!')]);
  const second = await tab();
  second.client.watch(true);
  await said();
  expect(first.commands()).toMatchObject([{ name: 'mark-read', data: { upTo: 2 } }]);
});

test('when the tab with the socket is closed, the next one connects and sends what waits', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLive();
  const second = await tab();
  second.client.send('one');
  await said();
  first.client.stop(false);
  await said();
  expect(second.ends).toHaveLength(1);
  await second.goLive();
  expect(second.commands().map(({ id }) => id)).toEqual(first.commands().map(({ id }) => id));
});

test('a tab that does not answer any more is relieved as soon as somebody writes', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLive();
  const second = await tab();
  await fallAsleep(first);
  second.client.send('Hello?');
  await said();
  expect(second.ends).toEqual([]);
  second.pass(3_000);
  await said();
  await second.goLive();
  expect(second.commands()).toMatchObject([{ data: { text: 'Hello?' } }]);
});

test('a tab in sight takes the connection over when one out of sight loses it, and none takes it from one in sight', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLive();
  const second = await tab();
  first.gateway().hangUp();
  await said();
  expect(second.ends).toEqual([]);
  expect(second.client.state().line).toBe('lost');
  first.pass(1_000);
  await first.goLive();
  first.hide();
  first.gateway().hangUp();
  await said();
  expect(second.ends).toHaveLength(1);
  await second.goLive();
  expect(first.client.state().line).toBe('live');
});

test('a full store is told in every tab', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLive();
  const second = await tab();
  second.client.send('one');
  await said();
  const id = first.commands()[0]?.id ?? '';
  first.gateway().say({ t: 'refused', id, refusal: 'full', words: '', retryAfterMs: 5_000 });
  await said();
  expect(second.client.state()).toMatchObject({ full: true, parcels: [{ id }] });
});

test('a tab in sight that only reads finds out that the one with the socket does not answer any more', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLive();
  const second = await tab();
  await fallAsleep(first);
  second.pass(15_000);
  await said();
  expect(second.ends).toEqual([]);
  second.pass(3_000);
  await said();
  expect(second.ends).toHaveLength(1);
});

test('a visitor who is forgotten in one tab is forgotten in all of them, and whoever opens the next one is somebody else', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLiveIn([started('Hi'), answered(2, 'Hello!')]);
  const second = await tab();
  second.client.stop(true);
  await said();
  expect(first.forgotten()).toBe(true);
  first.client.save();
  const third = await tab();
  expect(third.texts()).toBeUndefined();
  expect(third.ends).toHaveLength(1);
  await third.gateway().accept();
  expect(third.gateway().sent).toMatchObject([{ t: 'hello' }]);
  expect(third.gateway().sent[0]).not.toHaveProperty('token');
});

test('what a full device cannot keep goes from the tab in which it was written', async () => {
  const tab = givenBrowser();
  const first = await tab();
  await first.goLive();
  const second = await tab(true);
  second.client.send('Is there room?');
  await said();
  expect(first.commands()).toMatchObject([{ data: { text: 'Is there room?' } }]);
  const [command] = first.commands();
  first.gateway().say({ t: 'event', event: started('Is there room?', { cause: command?.id ?? '' }) });
  await said();
  expect(second.client.state().parcels).toEqual([]);
});
