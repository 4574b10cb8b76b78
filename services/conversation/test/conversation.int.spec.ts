// The conversation service on real servers, spoken to over the bus as gateways do: two replicas, killed and repeated.

import { ask, type Bus, connectBus, load, request } from '@continuo/bus';
import { type CommandData, type CommandName, newId, type Reply } from '@continuo/contracts';
import { eventually, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let world: World;
let bus: Bus;
beforeAll(async () => {
  world = await startWorld({ services: { conversation: 2 }, agents: 3 });
  bus = world.admin;
  for (const index of world.employees.keys()) await world.stayPresent(index);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const visitor = () => ({ kind: 'visitor', id: newId() }) as const;
const agent = (index: number) =>
  ({ kind: 'agent', id: world.employees[index]?.id as string, role: index === 2 ? 'supervisor' : 'agent' }) as const;
const as = <K extends CommandName>(
  actor: ReturnType<typeof visitor> | ReturnType<typeof agent>,
  name: K,
  data: CommandData<K>,
  id = newId(),
): Promise<Reply<K>> => request(bus, name, { id, site: world.site.id, actor }, data);
const events = async (conversation: string) => (await load(bus, 'CONVERSATION', world.site.id, conversation)).events;
const accepted = <R extends { ok: boolean }>(reply: R): Extract<R, { ok: true }> => {
  if (!reply.ok) throw new Error(JSON.stringify(reply));
  return reply as Extract<R, { ok: true }>;
};

test('a command sent twice, to any replica, is stored once and answered the same', async () => {
  const who = visitor();
  const id = newId();
  const replies = await Promise.all(
    Array.from({ length: 10 }, () => as(who, 'start-conversation', { text: 'Здравствуйте 👋', language: 'ru' }, id)),
  );
  const { conversation } = accepted(replies[0] as Reply<'start-conversation'>);
  for (const reply of replies) expect(reply).toMatchObject({ ok: true, conversation, number: 1 });
  const again = newId();
  const sent = await Promise.all(
    Array.from({ length: 10 }, () => as(who, 'send-message', { conversation, text: 'Ещё вопрос' }, again)),
  );
  for (const reply of sent) expect(reply).toEqual(sent[0]);
  expect((await events(conversation)).filter(({ type }) => type === 'message-sent')).toHaveLength(1);
});

test('many writers at once: numbers without gaps, each message once', async () => {
  const who = visitor();
  const { conversation } = accepted(await as(who, 'start-conversation', { text: '0', language: 'en' }));
  const texts = Array.from({ length: 60 }, (_, index) => String(index + 1));
  await Promise.all(
    texts.map((text) =>
      eventually(async () =>
        accepted(await as(who, 'send-message', { conversation, text }, text.padStart(22, '0') as never)),
      ),
    ),
  );
  const stored = await events(conversation);
  expect(stored.map(({ number }) => number)).toEqual(stored.map((_, index) => index + 1));
  expect(
    stored
      .filter(({ type }) => type === 'message-sent')
      .map((event) => (event.data as { text: string }).text)
      .sort(),
  ).toEqual([...texts].sort());
});

test('the desk gives a dialogue to an agent at once; when he goes, the next one has it, and he no longer', async () => {
  accepted(await as(agent(0), 'set-availability', { agent: agent(0).id, state: 'online' }));
  const first = accepted(await as(visitor(), 'start-conversation', { text: 'a', language: 'en' })).conversation;
  await eventually(async () => expect((await events(first)).map(({ type }) => type)).toContain('agent-assigned'));
  accepted(await as(agent(1), 'set-availability', { agent: agent(1).id, state: 'online' }));
  accepted(await as(agent(0), 'set-availability', { agent: agent(0).id, state: 'offline' }));
  await eventually(async () => {
    const last = (await events(first)).filter(({ type }) => type === 'agent-assigned').at(-1);
    expect(last?.data).toMatchObject({ agent: { id: agent(1).id, name: world.employees[1]?.name } });
  });
  expect(await as(agent(0), 'close', { conversation: first, reason: 'solved' })).toMatchObject({
    refusal: 'not-a-participant',
  });
});

test('an agent never has more than five; the sixth waits and is refilled first', async () => {
  accepted(await as(agent(1), 'set-availability', { agent: agent(1).id, state: 'online' }));
  const desk = async () => accepted(await ask(bus, 'desk', { id: newId(), site: world.site.id, actor: agent(1) }, {}));
  const known = async () => {
    const { waiting, agents } = await desk();
    return waiting + agents.reduce((sum, { load: dialogues }) => sum + dialogues, 0);
  };
  const own: string[] = [];
  while ((await desk()).waiting < 2) {
    const before = await known();
    own.push(accepted(await as(visitor(), 'start-conversation', { text: 'q', language: 'en' })).conversation);
    await eventually(async () => expect(await known()).toBe(before + 1));
  }
  expect((await desk()).agents.find(({ id }) => id === agent(1).id)).toMatchObject({ load: 5, capacity: 5 });
  expect((await desk()).availability).toBe('busy');
  const [firstWaiting] = own.slice(-2) as [string];
  expect(await as(agent(1), 'take', { conversation: firstWaiting })).toMatchObject({ refusal: 'agent-at-capacity' });
  const held = own[0] as string;
  accepted(await as(agent(1), 'close', { conversation: held, reason: 'solved' }));
  await eventually(async () =>
    expect((await events(firstWaiting)).map(({ type }) => type)).toContain('agent-assigned'),
  );
});

test('somebody else resumes a closed dialogue: he has it first, then writes; over his capacity he is refused', async () => {
  const who = visitor();
  const { conversation } = accepted(await as(who, 'start-conversation', { text: 'Стол 160 есть?', language: 'ru' }));
  accepted(await as(agent(2), 'set-availability', { agent: agent(2).id, state: 'away' }));
  accepted(await as(agent(2), 'take', { conversation }));
  accepted(await as(agent(2), 'send-message', { conversation, text: 'Есть' }));
  accepted(await as(agent(2), 'close', { conversation, reason: 'solved' }));
  expect(await as(agent(1), 'send-message', { conversation, text: 'Ещё вопросы?', from: 'crm-link' })).toMatchObject({
    refusal: 'agent-at-capacity',
  });
  const again = accepted(await as(agent(2), 'send-message', { conversation, text: 'Привезли ещё', from: 'crm-link' }));
  await eventually(async () => {
    const stored = await events(conversation);
    expect(stored[again.number - 1]?.data).toMatchObject({ reopens: 'crm-link' });
    expect(stored.at(-1)?.type).toMatch(/agent-assigned|message-sent/);
  });
});

test('whoever writes in the very moment his dialogue is closed has an agent again, however late the desk hears of it', async () => {
  const who = visitor();
  const { conversation } = accepted(await as(who, 'start-conversation', { text: 'Стол 160 есть?', language: 'ru' }));
  accepted(await as(agent(2), 'set-availability', { agent: agent(2).id, state: 'away' }));
  accepted(await as(agent(2), 'take', { conversation }));
  await eventually(async () =>
    expect((await events(conversation)).map(({ type }) => type)).toContain('agent-assigned'),
  );
  await bus.jsm.consumers.pause('CONVERSATION', 'conversation-routing', new Date(Date.now() + 60_000));
  try {
    accepted(await as(agent(2), 'close', { conversation, reason: 'solved' }));
    accepted(await as(who, 'send-message', { conversation, text: 'Ещё вопрос' }));
  } finally {
    await bus.jsm.consumers.resume('CONVERSATION', 'conversation-routing');
  }
  await eventually(async () => expect((await events(conversation)).at(-1)?.type).toBe('agent-assigned'));
  accepted(await as(agent(2), 'close', { conversation, reason: 'solved' }));
});

test('a card is stored as its employee made it, its button is answered by the visitor alone, by any replica', async () => {
  const who = visitor();
  const { conversation } = accepted(await as(who, 'start-conversation', { text: 'Стол 160 есть?', language: 'ru' }));
  accepted(await as(agent(2), 'set-availability', { agent: agent(2).id, state: 'away' }));
  accepted(await as(agent(2), 'take', { conversation }));
  const card = {
    title: 'Åre 160',
    picture: 'https://nordhem.example/are.jpg',
    buttons: [{ label: 'Беру' }, { label: 'Смотреть', link: 'https://nordhem.example/are' }],
  };
  const offer = (more: object, actor: ReturnType<typeof visitor> | ReturnType<typeof agent> = agent(2)) =>
    as(actor, 'send-message', { conversation, text: 'Этот?', card: { ...card, ...more } });
  for (const unsafe of ['http://nordhem.example/are', 'javascript:alert(1)']) {
    expect(await offer({ picture: unsafe })).toMatchObject({ refusal: 'invalid' });
    expect(await offer({ buttons: [{ label: 'x', link: unsafe }] })).toMatchObject({ refusal: 'invalid' });
  }
  expect(await offer({}, who)).toMatchObject({ refusal: 'not-allowed' });
  const { number: message } = accepted(await offer({}));
  const press = (actor: ReturnType<typeof visitor> | ReturnType<typeof agent>, button: number) =>
    as(actor, 'send-message', { conversation, text: 'Даром', pressed: { message, button } });
  expect(await press(visitor(), 1)).toMatchObject({ refusal: 'conversation-unknown' });
  expect(await press(agent(2), 1)).toMatchObject({ refusal: 'not-allowed' });
  expect(await press(who, 2)).toMatchObject({ refusal: 'button-unknown' });
  // Each replica has its own memory of the dialogue, or none.
  const answers = await Promise.all(Array.from({ length: 6 }, () => press(who, 1)));
  for (const answer of answers) accepted(answer);
  const stored = await events(conversation);
  expect(stored[message - 1]?.data).toMatchObject({ text: 'Этот?', card });
  expect(stored.at(-1)?.data).toMatchObject({ text: 'Беру', pressed: { message, button: 1 } });
  accepted(await as(agent(2), 'close', { conversation, reason: 'solved' }));
});

test('transcript and inbox show what is stored, to its visitor and the site’s employees alone', async () => {
  const who = visitor();
  const { conversation } = accepted(await as(who, 'start-conversation', { text: 'первое', language: 'ru' }));
  for (let number = 2; number <= 30; number++)
    accepted(await as(who, 'send-message', { conversation, text: `${number}` }));
  const transcript = async (
    actor: ReturnType<typeof visitor> | ReturnType<typeof agent>,
    after = 0,
    site = world.site.id,
  ) => ask(bus, 'transcript', { id: newId(), site, actor }, { conversation, after });
  expect(accepted(await transcript(who)).events.length).toBeGreaterThanOrEqual(30);
  expect(accepted(await transcript(who, 29)).events[0]?.number).toBe(30);
  expect(await transcript(visitor())).toMatchObject({ refusal: 'conversation-unknown' });
  expect(await transcript(agent(0), 0, newId())).toMatchObject({ refusal: 'conversation-unknown' });
  const inbox = async (actor: ReturnType<typeof visitor> | ReturnType<typeof agent>) =>
    ask(bus, 'inbox', { id: newId(), site: world.site.id, actor }, { filter: 'all', limit: 5 });
  await eventually(async () =>
    expect(accepted(await inbox(agent(0))).conversations[0]).toMatchObject({ conversation, last: { text: '30' } }),
  );
  expect(await inbox(who)).toMatchObject({ refusal: 'not-allowed' });
});

test('a replica killed in the middle loses nothing: what was confirmed is stored, the views catch up', async () => {
  const who = visitor();
  const { conversation } = accepted(await as(who, 'start-conversation', { text: '0', language: 'en' }));
  let confirmed = 0;
  const writing = Promise.all(
    Array.from({ length: 80 }, async (_, index) => {
      const id = newId();
      await eventually(async () => accepted(await as(who, 'send-message', { conversation, text: String(index) }, id)));
      confirmed += 1;
    }),
  );
  // Before anything is confirmed nothing is in hand that could be lost.
  await eventually(() => expect(confirmed).toBeGreaterThan(20));
  await world.kill('conversation', 0);
  await writing;
  await world.start('conversation');
  const texts = (await events(conversation))
    .filter(({ type }) => type === 'message-sent')
    .map((event) => Number((event.data as { text: string }).text));
  expect(texts.sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, index) => index));
  const head = (await events(conversation)).length;
  await eventually(async () =>
    expect((await world.database.collection('conversations').findOne({ _id: conversation as never }))?.['number']).toBe(
      head,
    ),
  );
  // What the killed replica had in hand is delivered again after the acknowledgement wait of half a minute.
  await eventually(
    async () =>
      expect(await world.database.collection('conversation_events').countDocuments({ conversation })).toBe(head),
    { withinMs: 90_000 },
  );
}, 240_000);

test('an identity may not speak for another: a gateway cannot write events, a visitor cannot save settings', async () => {
  expect(await as(visitor() as never, 'save-site', { settings: world.site })).toMatchObject({ refusal: 'not-allowed' });
  await expect(
    connectBus({ name: 'gateway', url: bus.nc.getServer(), user: 'gateway', password: 'wrong' }),
  ).rejects.toThrow('does not let gateway in');
});

test('a visitor’s conversation is found in the very moment it begins, however far the view is behind', async () => {
  const who = visitor();
  const latest = () =>
    ask(bus, 'visitor-conversation', { id: newId(), site: world.site.id, actor: who }, { visitor: who.id });
  expect(await latest()).toEqual({ ok: true, number: 0 });
  await bus.jsm.consumers.pause('CONVERSATION', 'conversation-views', new Date(Date.now() + 60_000));
  try {
    await as(visitor(), 'start-conversation', { text: 'Somebody else', language: 'en' });
    const { conversation } = accepted(await as(who, 'start-conversation', { text: 'Me', language: 'en' }));
    accepted(await as(who, 'send-message', { conversation, text: 'And more' }));
    expect(await latest()).toMatchObject({ ok: true, conversation });
  } finally {
    await bus.jsm.consumers.resume('CONVERSATION', 'conversation-views');
  }
});
