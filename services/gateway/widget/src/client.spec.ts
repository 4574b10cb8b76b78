import type { VisitorFrame } from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import { type Client, openClient } from './client.ts';
import { unread } from './dialogue.ts';
import {
  ANNA,
  answered,
  CONVERSATION,
  event,
  givenStorage,
  givenWorld,
  SITE,
  started,
  welcome,
  wrote,
} from './given.ts';
import { openKeep } from './keep.ts';
import { openOutbox } from './outbox.ts';
import { openTabs } from './tabs.ts';

function givenClient(storage = givenStorage(), more: Partial<Parameters<typeof openClient>[0]> = {}) {
  const world = givenWorld();
  const client = openClient({
    ...more,
    site: SITE,
    language: 'en',
    keep: openKeep(SITE, storage),
    around: world.around,
    tabs: openTabs(undefined, SITE),
  });
  const goLive = async (more = {}) => {
    await world.gateway().accept();
    world.gateway().say(welcome(more));
  };
  return { ...world, client, storage, goLive };
}
const commands = (sent: VisitorFrame[]) => sent.filter((frame) => frame.t === 'command');
const texts = (client: Client) =>
  client.state().known.transcript?.items.flatMap((i) => (i.kind === 'message' ? [i.text] : []));

test('what is written without a network shows at once and begins a conversation when there is one', async () => {
  const { client, gateway, goLive } = givenClient();
  client.send('Is the lamp in stock?');
  expect(client.state().parcels).toMatchObject([{ text: 'Is the lamp in stock?' }]);
  await goLive();
  const [first] = commands(gateway().sent);
  expect(first).toMatchObject({ name: 'start-conversation', data: { text: 'Is the lamp in stock?', language: 'en' } });
  gateway().say({ t: 'event', event: started('Is the lamp in stock?', { cause: first?.id ?? '' }) });
  expect(client.state().parcels).toEqual([]);
  expect(texts(client)).toEqual(['Is the lamp in stock?']);
});

test('a full store is told as that until something is stored, and the message goes again under its id', async () => {
  const { client, gateway, goLive, pass } = givenClient();
  await goLive();
  client.send('one');
  const id = commands(gateway().sent)[0]?.id ?? '';
  expect(client.state().full).toBe(false);
  gateway().say({ t: 'refused', id, refusal: 'full', words: '', retryAfterMs: 5_000 });
  expect(client.state()).toMatchObject({ full: true, parcels: [{ id, text: 'one' }] });
  pass(5_000);
  expect(client.state().full).toBe(true);
  expect(commands(gateway().sent).map((command) => command.id)).toEqual([id, id]);
  gateway().say({ t: 'event', event: started('one', { cause: id }) });
  expect(client.state()).toMatchObject({ full: false, parcels: [] });
});

test('the second message waits for the first, so that their order is the order of their numbers', async () => {
  const { client, gateway, goLive } = givenClient();
  await goLive();
  client.send('one');
  client.send('two');
  expect(commands(gateway().sent)).toHaveLength(1);
  gateway().say({ t: 'event', event: started('one', { cause: commands(gateway().sent)[0]?.id ?? '' }) });
  expect(commands(gateway().sent)[1]).toMatchObject({
    name: 'send-message',
    data: { conversation: CONVERSATION, text: 'two' },
  });
});

test('a message whose answer was lost goes again under the same id and is settled by the backfill', async () => {
  const { client, gateway, goLive, pass } = givenClient();
  await goLive();
  client.send('one');
  const id = commands(gateway().sent)[0]?.id ?? '';
  gateway().hangUp();
  pass(2_000);
  await goLive({ conversation: { id: CONVERSATION, head: 1 } });
  expect(commands(gateway().sent)).toEqual([]);
  gateway().say({
    t: 'transcript',
    conversation: CONVERSATION,
    events: [started('one', { cause: id })],
    head: 1,
    more: false,
  });
  expect(client.state().parcels).toEqual([]);
  expect(commands(gateway().sent)).toEqual([]);
});

test('a message that was never stored goes again with the same id after a reload', async () => {
  const before = givenClient();
  await before.goLive();
  before.client.send('one');
  const id = commands(before.gateway().sent)[0]?.id;
  const after = givenClient(before.storage);
  await after.goLive();
  expect(commands(after.gateway().sent)).toMatchObject([{ id, name: 'start-conversation' }]);
  expect(after.gateway().sent[0]).toMatchObject({ t: 'hello', token: 'token-1' });
});

test('what another tab has put into the outbox goes when this one sees it there, however late that is', async () => {
  const { client, gateway, goLive, storage } = givenClient();
  await goLive();
  openOutbox(openKeep(SITE, storage)).keep({ id: 'other', at: 1, kind: 'message', text: 'from the other tab' });
  client.outboxChanged();
  expect(commands(gateway().sent)).toMatchObject([{ id: 'other', data: { text: 'from the other tab' } }]);
});

test('a command without an answer goes again', async () => {
  const { client, gateway, goLive, pass } = givenClient();
  await goLive();
  client.send('one');
  pass(15_000);
  const [first, second] = commands(gateway().sent);
  expect(second).toEqual(first);
});

test('a busy gateway is tried again later, an invalid message is left to the visitor', async () => {
  const { client, gateway, goLive, pass } = givenClient();
  await goLive();
  client.send('one');
  const id = commands(gateway().sent)[0]?.id ?? '';
  gateway().say({ t: 'refused', id, refusal: 'busy', words: '' });
  expect(commands(gateway().sent)).toHaveLength(1);
  pass(1_000);
  expect(commands(gateway().sent)).toHaveLength(2);
  gateway().say({ t: 'refused', id, refusal: 'invalid', words: '' });
  pass(19_000);
  expect(commands(gateway().sent)).toHaveLength(2);
  expect(client.state().parcels).toMatchObject([{ id, refusal: 'invalid' }]);
  client.sendAgain(id);
  expect(commands(gateway().sent)[2]).toMatchObject({ id });
});

test('while the gateway cannot store, words stay on the device', async () => {
  const { client, gateway, goLive } = givenClient();
  await goLive();
  gateway().say({ t: 'service', up: false });
  client.send('one');
  expect(commands(gateway().sent)).toEqual([]);
  gateway().say({ t: 'service', up: true });
  expect(commands(gateway().sent)).toHaveLength(1);
});

test('a missing number makes it say hello again with the last number it has', async () => {
  const { gateway, goLive, pass, client } = givenClient();
  await goLive({ conversation: { id: CONVERSATION, head: 1 } });
  gateway().say({ t: 'transcript', conversation: CONVERSATION, events: [started('one')], head: 1, more: false });
  pass(11_000);
  gateway().say({ t: 'event', event: answered(3, 'three') });
  expect(texts(client)).toEqual(['one']);
  await gateway().accept();
  expect(gateway().sent[0]).toMatchObject({ t: 'hello', conversation: { id: CONVERSATION, number: 1 } });
});

test('after a reload the dialogue shows at once and only what is new is asked for', async () => {
  const before = givenClient();
  await before.goLive({ conversation: { id: CONVERSATION, head: 2 } });
  const events = [started('one'), answered(2, 'two')];
  before.gateway().say({ t: 'transcript', conversation: CONVERSATION, events, head: 2, more: false });
  before.client.save();
  const after = givenClient(before.storage);
  expect(texts(after.client)).toEqual(['one', 'two']);
  await after.gateway().accept();
  expect(after.gateway().sent[0]).toMatchObject({ conversation: { id: CONVERSATION, number: 2 } });
});

test('what a welcome told of the site still stands after a reload without a network, except what the page’s document says anew', async () => {
  const before = givenClient();
  const site = { id: SITE, name: 'Nordhem', typingPreview: true, fileBytes: 1_000, callback: true };
  await before.goLive({ site });
  before.client.save();
  const configuration = { id: SITE, name: 'Nordhem & Sons', typingPreview: false };
  expect(givenClient(before.storage, { configuration }).client.state().known.site).toEqual({
    ...configuration,
    fileBytes: 1_000,
    callback: true,
  });
});

test('a dialogue that the gateway no longer knows is not shown any more', async () => {
  const { gateway, goLive, client, pass } = givenClient();
  await goLive({ conversation: { id: CONVERSATION, head: 1 } });
  gateway().say({ t: 'transcript', conversation: CONVERSATION, events: [started('one')], head: 1, more: false });
  gateway().hangUp();
  pass(2_000);
  await goLive();
  expect(client.state().known.transcript).toBeUndefined();
});

test('who holds more of a dialogue than there is, as after a restore from a backup, drops his copy and is told the whole of it anew', async () => {
  const { gateway, goLive, client, pass } = givenClient();
  await goLive({ conversation: { id: CONVERSATION, head: 2 } });
  const lost = [started('one'), answered(2, 'lost')];
  gateway().say({ t: 'transcript', conversation: CONVERSATION, events: lost, head: 2, more: false });
  gateway().hangUp();
  pass(2_000);
  await goLive({ conversation: { id: CONVERSATION, head: 1 } });
  expect(texts(client)).toBeUndefined();
  pass(2_000);
  await gateway().accept();
  expect(gateway().sent[0]).not.toHaveProperty('conversation');
  gateway().say(welcome({ conversation: { id: CONVERSATION, head: 2 } }));
  const events = [started('one'), answered(2, 'two')];
  gateway().say({ t: 'transcript', conversation: CONVERSATION, events, head: 2, more: false });
  expect(texts(client)).toEqual(['one', 'two']);
});

test('an answer is unread until the visitor has it before his eyes', async () => {
  const { client, gateway, goLive } = givenClient();
  await goLive({ conversation: { id: CONVERSATION, head: 1 } });
  gateway().say({ t: 'transcript', conversation: CONVERSATION, events: [started('one')], head: 1, more: false });
  gateway().say({ t: 'event', event: answered(2, 'two') });
  gateway().say({ t: 'event', event: answered(3, 'three') });
  expect(unread(client.state().known)).toBe(2);
  expect(gateway().sent.filter(({ t }) => t === 'delivered')).toMatchObject([{ upTo: 2 }, { upTo: 3 }]);
  expect(commands(gateway().sent)).toEqual([]);
  client.watch(true);
  expect(commands(gateway().sent)).toMatchObject([{ name: 'mark-read', data: { upTo: 3 } }]);
  const read = event(4, 'messages-read', { by: { kind: 'visitor', id: 'v' }, upTo: 3 });
  gateway().say({ t: 'event', event: read });
  expect(unread(client.state().known)).toBe(0);
});

test('an offline message becomes an ordinary one when somebody is there after all, and keeps e-mail and phone', async () => {
  const { client, gateway, goLive } = givenClient();
  await goLive({ availability: 'offline', agents: [] });
  const phone = { phone: '077 123456', country: 'AM' };
  client.post({ kind: 'offline', text: 'Will it fit?', email: 'elena@arka.example', phone });
  const [left] = commands(gateway().sent);
  expect(left).toMatchObject({
    name: 'leave-offline-message',
    data: { text: 'Will it fit?', email: 'elena@arka.example' },
  });
  gateway().say({ t: 'refused', id: left?.id ?? '', refusal: 'agent-available', words: '' });
  const [, start] = commands(gateway().sent);
  expect(start).toMatchObject({ name: 'start-conversation', data: { text: 'Will it fit?' } });
  gateway().say({ t: 'event', event: started('Will it fit?', { cause: start?.id ?? '' }) });
  expect(commands(gateway().sent)[2]).toMatchObject({
    name: 'identify-contact',
    data: { email: 'elena@arka.example', phone: '077 123456', country: 'AM' },
  });
});

test('each page is told once, with those of a time without network', async () => {
  const { client, gateway, goLive, pass } = givenClient();
  client.viewPage({ url: 'https://shop.example/a' });
  await goLive();
  client.viewPage({ url: 'https://shop.example/b' });
  const pages = (end = gateway()) => end.sent.flatMap((frame) => (frame.t === 'page' ? [frame.page.url] : []));
  expect(pages()).toEqual(['https://shop.example/a', 'https://shop.example/b']);
  gateway().hangUp();
  pass(2_000);
  await goLive();
  expect(pages()).toEqual([]);
});

test('a fact that the gateway could not take is told again by itself, until it is noted', async () => {
  const { client, gateway, goLive, pass } = givenClient();
  await goLive();
  client.report({ kind: 'goal', name: 'order' });
  const facts = () => gateway().sent.flatMap((frame) => (frame.t === 'fact' ? [frame.id] : []));
  const [id = ''] = facts();
  gateway().say({ t: 'refused', id, refusal: 'unavailable', words: '', retryAfterMs: 2_000 });
  pass(1_900);
  expect(facts()).toEqual([id]);
  pass(200);
  expect(facts()).toEqual([id, id]);
  gateway().say({ t: 'noted', id });
  gateway().hangUp();
  pass(2_000);
  await goLive();
  expect(facts()).toEqual([]);
});

test('agents see what is typed, and only that somebody types where the site does not want more', async () => {
  for (const typingPreview of [true, false]) {
    const { client, gateway, goLive } = givenClient();
    client.typing('nobody hears this');
    await goLive({
      site: { id: SITE, name: 'Nordhem', typingPreview },
      conversation: { id: CONVERSATION, head: 1 },
    });
    gateway().say({ t: 'transcript', conversation: CONVERSATION, events: [started('one')], head: 1, more: false });
    client.typing('Hel');
    const shown = gateway().sent.flatMap((frame) => (frame.t === 'typing' ? [frame.text] : []));
    expect(shown).toEqual(typingPreview ? ['Hel'] : [undefined]);
  }
});

test('an agent’s typing is forgotten after a while, and with his words at once', async () => {
  const { client, gateway, goLive, pass } = givenClient();
  await goLive({ conversation: { id: CONVERSATION, head: 1 } });
  gateway().say({ t: 'transcript', conversation: CONVERSATION, events: [started('one')], head: 1, more: false });
  const types = () => gateway().say({ t: 'typing', conversation: CONVERSATION, by: { kind: 'agent', ...ANNA } });
  types();
  expect(client.state().known.typing).toMatchObject({ name: 'Anna' });
  pass(6_000);
  expect(client.state().known.typing).toBeUndefined();
  types();
  gateway().say({ t: 'event', event: answered(2, 'two') });
  expect(client.state().known.typing).toBeUndefined();
});

test('an event of a newer gateway that this code does not know is counted and shows nothing', async () => {
  const { client, gateway, goLive } = givenClient();
  await goLive({ conversation: { id: CONVERSATION, head: 1 } });
  gateway().say({ t: 'transcript', conversation: CONVERSATION, events: [started('one')], head: 1, more: false });
  gateway().say({ t: 'event', event: { ...wrote(2, ''), type: 'rated' } as never });
  gateway().say({ t: 'event', event: wrote(3, 'three') });
  expect(texts(client)).toEqual(['one', 'three']);
});

test('a visitor who is forgotten leaves nothing on the device but his no to being followed', async () => {
  for (const [given, left] of [
    [false, ['consent']],
    [true, []],
  ] as const) {
    const { client, goLive, storage } = givenClient();
    await goLive();
    client.consent(given);
    client.send('one');
    client.report({ kind: 'goal', name: 'order' });
    client.save();
    client.stop(true);
    const keep = openKeep(SITE, storage);
    expect([given, keep.names('')]).toEqual([given, left]);
    expect(keep.read('consent')).toBe(given ? undefined : false);
    expect(client.state().parcels).toEqual([]);
  }
});

test('who the site says he is, is answered to whoever has said it', async () => {
  const { client, gateway, goLive } = givenClient();
  await goLive();
  for (const verified of [true, false]) {
    const answer = client.prove('a.b.c');
    const { id } = gateway().sent.findLast((frame) => frame.t === 'identify') ?? { id: '' };
    gateway().say(
      verified
        ? { t: 'identified', id, contact: { externalId: '4711' } }
        : { t: 'refused', id, refusal: 'identity-unproved', words: '' },
    );
    expect(await answer).toEqual(verified ? { externalId: '4711' } : undefined);
  }
});
