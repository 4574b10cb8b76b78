// The visitor's protocol over plain HTTP, on two gateways that do not know of each other's requests.

import { newId } from '@continuo/contracts';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: { gateway: 2, conversation: 1 } });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

interface Frame {
  t: string;
  token?: string;
  id?: string;
  code?: string;
  conversation?: { id: string; head: number };
  event?: Event;
  events?: Event[];
  queue?: { place: number };
}
interface Event {
  number: number;
  key: string;
  cause: string;
  data: { text?: string };
}
const eventsOf = (told: Frame[]): Event[] => told.flatMap(({ event, events }) => event ?? events ?? []);
const textsOf = (told: Frame[]): unknown[] => eventsOf(told).flatMap(({ data }) => data.text ?? []);
const address = (gateway: number, wait: number): string => `${world.gateways()[gateway]}/widget/line?wait=${wait}`;
const own = (gateway: number, more: Record<string, string> = {}): Record<string, string> => ({
  origin: world.gateways()[gateway] as string,
  'x-continuo': 'widget',
  ...more,
});
async function say(gateway: number, frames: unknown[], { wait = 0 } = {}): Promise<Frame[]> {
  const body = frames.map((frame) => JSON.stringify(frame)).join('\n');
  // Patience that ends before the longest wait does: whoever waits is answered by what happens, not by the end of his time.
  const signal = AbortSignal.timeout(12_000);
  const answer = await fetch(address(gateway, wait), { method: 'POST', body, headers: own(gateway), signal });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  return (await answer.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Frame);
}
const hello = (more = {}) => ({ t: 'hello', v: 1, site: world.site.id, language: 'en', ...more });
const begin = (text: string, id = newId()) => ({
  t: 'command',
  id,
  name: 'start-conversation',
  data: { text, language: 'en' },
});
/** A visitor who has written one message over HTTP. */
async function begun(text: string) {
  const [welcome] = await say(0, [hello()]);
  const token = welcome?.token as string;
  const command = begin(text);
  const told = await say(0, [hello({ token }), command]);
  const [event] = eventsOf(told);
  expect(event).toMatchObject({ number: 1, cause: command.id, data: { text } });
  return { token, command, conversation: event?.key as string };
}

test('a message said in one request is stored once, though it is said again at another gateway', async () => {
  const { token, command, conversation } = await begun('Is it in stock?');
  const told = await say(1, [hello({ token, conversation: { id: conversation, number: 1 } }), command]);
  expect(told.find(({ t }) => t === 'welcome')).toMatchObject({ conversation: { id: conversation, head: 1 } });
  expect(told.find(({ t }) => t === 'done')).toMatchObject({ id: command.id, number: 1 });
});

test('who waits hears the answer as it comes, at whichever gateway, and the request ends with it', async () => {
  const agent = await world.agent();
  await agent.goOnline();
  const { token, conversation } = await begun('Hello?');
  await eventually(() => expect(agent.mine()).toContain(conversation));
  await eventually(async () => {
    // He has been given the dialogue: the visitor knows before he waits.
    const told = await say(1, [hello({ token })]);
    expect(told.find(({ t }) => t === 'welcome')?.conversation?.head).toBe(2);
  });
  const resumed = (number: number) => hello({ token, conversation: { id: conversation, number } });
  // Other news may come first, such as who is available: then he waits again.
  const heard = async (number: number): Promise<unknown[]> => {
    const texts = textsOf(await say(1, [resumed(number)], { wait: 15 }));
    return texts.length > 0 ? texts : heard(number);
  };
  const waiting = heard(2);
  await agent.reply(conversation, 'Good morning!');
  expect(await waiting).toEqual(['Good morning!']);
  // What came between two requests is told to the next.
  await agent.reply(conversation, 'How can I help?');
  expect(textsOf(await say(0, [resumed(3)]))).toEqual(['How can I help?']);
});

test('whoever waits in the queue waits on his line, too: his place is no news until it changes', async () => {
  const agent = await world.agent();
  await agent.socket.command('set-availability', { agent: agent.id, state: 'busy' });
  const first = await begun('I was here first');
  const second = await begun('And I came next');
  const resumed = hello({ token: second.token, conversation: { id: second.conversation, number: 1 } });
  const place = async (): Promise<number> =>
    (await say(0, [resumed])).findLast(({ queue }) => queue)?.queue?.place ?? 0;
  const behind = await eventually(async () => {
    expect(agent.desk()?.queue).toEqual(expect.arrayContaining([first.conversation, second.conversation]));
    expect(await place()).toBeGreaterThan(1);
    return place();
  });
  const line = await fetch(address(0, 15), { method: 'POST', body: JSON.stringify(resumed), headers: own(0) });
  const reader = (line.body as ReadableStream<Uint8Array>).getReader();
  let told = '';
  const more = async (): Promise<boolean> => {
    const { done, value } = await reader.read();
    told += Buffer.from(value ?? []).toString();
    return !done;
  };
  while (!told.includes('"queue"')) await more();
  // A whole request beside it takes longer than an answer that is over would stay open.
  expect(await place()).toBe(behind);
  const close = {
    t: 'command',
    id: newId(),
    name: 'close',
    data: { conversation: first.conversation, reason: 'left' },
  };
  await say(1, [hello({ token: first.token }), close]);
  while (await more());
  const places = [...told.matchAll(/"place":(\d+)/g)].map(([, number]) => Number(number));
  expect(places).toEqual([behind, behind - 1]);
});

test('the line is for the gateway’s own pages, and takes no flood', async () => {
  const { token } = await begun('Mine');
  const body = JSON.stringify(hello({ token }));
  const statusOf = async (headers: Record<string, string>, text = body): Promise<number> =>
    (await fetch(address(0, 0), { method: 'POST', body: text, headers })).status;
  expect(await statusOf(own(0, { origin: 'https://evil.example' }))).toBe(403);
  expect(await statusOf({ origin: world.gateways()[0] as string })).toBe(403);
  expect(await statusOf(own(0), `${body}\n`.repeat(101))).toBe(413);
  expect(await statusOf(own(0), 'x'.repeat(300_000))).toBe(413);
});

test('without a hello nothing is done, and a frame that is none is answered as such', async () => {
  const told = await say(0, [begin('From nobody'), { t: 'nonsense' }]);
  expect(told.map(({ t, code }) => [t, code])).toEqual([
    ['error', 'bad-frame'],
    ['error', 'bad-frame'],
  ]);
});
