// What an employee learns of visitors without asking them: pages, presence, what they type; and what visitors learn of employees.

import { request } from '@continuo/bus';
import { newId, type SiteSettings } from '@continuo/contracts';
import { eventually, startWorld, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rawSocket } from './raw-socket.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: { gateway: 2, conversation: 1, 'visitor-tracking': 1 } });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const fits = (frame: Record<string, unknown>) => expect.objectContaining(frame);
async function talking(text: string): Promise<{ visitor: TestVisitor; conversation: string }> {
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say(text);
  return { visitor, conversation: visitor.conversation() as string };
}
const saveSite = (settings: SiteSettings) =>
  request(
    world.operator,
    'save-site',
    { id: newId(), site: settings.id, actor: { kind: 'operator', id: 'test' } },
    { settings },
  );

test('the pages a visitor opens stand on his card with titles and referrer, and reach the agents as he opens them', async () => {
  const agent = await world.agent(0);
  const { visitor } = await talking('Is the desk in stock?');
  const page = (path: string, title: string, referrer: string) =>
    visitor.socket.send({ t: 'page', page: { url: `http://shop.example${path}`, title, referrer } });
  page('/', 'Nordhem', 'https://search.example/?q=desk');
  await eventually(() => expect(agent.frames()).toContainEqual(fits({ t: 'page' })));
  page('/desks/are-160', 'Oak desk Åre 160', 'http://shop.example/');
  await eventually(async () =>
    expect(await agent.query('visitor-card', { visitor: visitor.id() })).toMatchObject({
      visits: 1,
      language: 'en',
      referrer: 'https://search.example/?q=desk',
      pages: [
        { url: 'http://shop.example/desks/are-160', title: 'Oak desk Åre 160' },
        { url: 'http://shop.example/', title: 'Nordhem' },
      ],
    }),
  );
});

test('an agent who comes later knows who is on line, and hears who goes and who comes back', async () => {
  const { visitor } = await talking('Anybody here?');
  const agent = await world.agent(1);
  const presence = () =>
    agent
      .frames()
      .flatMap((frame) => (frame.t === 'presence' && frame['visitor'] === visitor.id() ? [frame['online']] : []));
  await eventually(() => expect(presence()).toEqual([true]));
  await visitor[Symbol.asyncDispose]();
  await eventually(() => expect(presence()).toEqual([true, false]));
});

test('a visitor sees at once that somebody came or went, with name and face', async () => {
  const agent = await world.agent(0);
  const visitor = world.visitor();
  await visitor.socket.ready();
  await agent.goOnline();
  await eventually(() => expect(visitor.availability()).toBe('free'));
  expect(visitor.frames()).toContainEqual(
    fits({ t: 'availability', availability: 'free', agents: [fits({ id: agent.id, name: agent.name })] }),
  );
  await agent.socket.command('set-availability', { agent: agent.id, state: 'offline' });
  await eventually(() => expect(visitor.availability()).toBe('offline'));
  expect(visitor.frames().findLast(({ t }) => t === 'availability')).toMatchObject({ agents: [] });
});

test('what a visitor types reaches agents alone, and with the preview off not even them', async () => {
  const agent = await world.agent(0);
  const { visitor, conversation } = await talking('I want');
  // His other tab, on whichever gateway, sees what he sent and nothing of what he has not.
  const { token } = visitor.frames().find(({ t }) => t === 'welcome') as { token?: string };
  await using tab = await rawSocket(world.gateways()[1] as string, 'visitor', { Origin: 'http://shop.example' });
  tab.say({ t: 'hello', v: 1, site: world.site.id, language: 'en', token });
  await tab.heard('transcript', (frame) => frame['conversation'] === conversation);
  const typing = (text: string) => visitor.socket.send({ t: 'typing', conversation, text });
  typing('a pony');
  await eventually(() => expect(agent.frames()).toContainEqual(fits({ t: 'typing', conversation, text: 'a pony' })));

  expect(await saveSite({ ...world.site, typingPreview: false })).toMatchObject({ ok: true });
  await eventually(async () => {
    const config = await Promise.all(
      world.gateways().map(async (url) => (await fetch(`${url}/widget/config/${world.site.id}.json`)).json()),
    );
    expect(config.map(({ site }) => site.typingPreview)).toEqual([false, false]);
  });
  typing('a unicorn');
  await eventually(() => expect(agent.frames().findLast(({ t }) => t === 'typing')).not.toHaveProperty('text'));
  expect(JSON.stringify([agent.frames(), visitor.frames(), tab.frames])).not.toContain('unicorn');
  expect(JSON.stringify([visitor.frames(), tab.frames])).not.toContain('pony');
  await saveSite(world.site);
});

test('what a colleague entered about a visitor reaches the agents, and the visitor only as a number', async () => {
  const agent = await world.agent(0);
  const { visitor, conversation } = await talking('Me again');
  await eventually(() => expect(agent.messages(conversation)).toHaveLength(1));
  const number = await agent.socket.command('identify-contact', { conversation, email: 'elena@arka.example' });
  await eventually(() => expect(visitor.events().map((event) => event.number)).toContain(number));
  expect(visitor.events()[number - 1]).toMatchObject({ type: 'contact-identified', data: { contact: {} } });
  expect(JSON.stringify(visitor.frames())).not.toContain('arka');
  expect(agent.transcript(conversation)?.contact).toMatchObject({ email: 'elena@arka.example' });
});

test('a phone that a visitor typed as at home is told with its country; one that cannot be called keeps nothing else back', async () => {
  const agent = await world.agent(0);
  const { visitor, conversation } = await talking('Call me or write');
  const email = 'lea@visitor.example';
  await visitor.socket.command('identify-contact', { conversation, email, phone: '077 1', country: 'AM' });
  await eventually(() => expect(agent.transcript(conversation)?.contact).toEqual({ email }));
  await visitor.socket.command('identify-contact', { conversation, email, phone: '077 123456', country: 'AM' });
  await eventually(() => expect(agent.transcript(conversation)?.contact).toEqual({ email, phone: '+37477123456' }));
});
