// Who may see and do what at the gateway's doors, and what a stranger is answered.

import http from 'node:http';
import { join } from 'node:path';
import { request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { signLink } from '@continuo/runtime';
import { keptSecrets } from '@continuo/servers';
import { eventually, RefusedError, startWorld, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { anotherCompany } from './another-company.ts';
import { rawSocket } from './raw-socket.ts';

let world: World;
let gateway: string;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 1, conversation: 1 },
  });
  gateway = world.gateways()[0] as string;
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const fromShop = () => ({ Origin: world.site.origins[0] as string });
/** Unlike `fetch` it may say any host. */
const post = (path: string, body: object, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const own = { 'content-type': 'application/json', 'x-continuo': 'console' };
    const sent = http.request(`${gateway}${path}`, { method: 'POST', headers: { ...own, ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
const hello = () => ({ t: 'hello', v: 1, site: world.site.id, language: 'en' });

test('a page that is not in the site’s list gets no chat', async () => {
  for (const origin of ['http://evil.example', 'http://shop.example.evil.example', 'null']) {
    await using socket = await rawSocket(gateway, 'visitor', { Origin: origin });
    socket.say(hello());
    expect(await socket.heard('error')).toMatchObject({ code: 'origin-refused', fatal: true });
    await eventually(() => expect(socket.closed()).toBe(1008));
    expect(socket.frames.some(({ t }) => t === 'welcome')).toBe(false);
  }
  await using own = await rawSocket(gateway, 'visitor', { Origin: gateway });
  own.say(hello());
  await own.heard('welcome');
});

test('a name that somebody has pointed at the gateway is no page of its own: not for the chat, the console or the login', async () => {
  const { email, password } = world.employees[0] as { email: string; password: string };
  const agent = await world.agent(0);
  const { port } = new URL(gateway);
  /** All that the browser of such a page says by itself. */
  const rebound = (name: string) => ({ Host: `${name}:${port}`, Origin: `http://${name}:${port}` });
  const answers = async (name: string) => {
    await using visitor = await rawSocket(gateway, 'visitor', rebound(name));
    visitor.say(hello());
    await using employee = await rawSocket(gateway, 'agent', { ...rebound(name), Cookie: agent.cookie });
    employee.say({ t: 'hello', v: 1 });
    const first = (socket: typeof visitor) =>
      eventually(() => {
        const answer = socket.frames.find(({ t }) => t === 'welcome' || t === 'error');
        if (!answer) throw new Error('nothing yet');
        return answer['code'] ?? answer.t;
      });
    const login = await post('/api/login', { email, password }, rebound(name));
    return [await first(visitor), await first(employee), login];
  };
  expect(await answers('evil.example')).toEqual(['origin-refused', 'origin-refused', 403]);
  expect(await answers('localhost')).toEqual(['welcome', 'welcome', 204]);
});

test('each site has its own list of pages, which a change of its settings widens at once', async () => {
  const { site, agent } = await anotherCompany(world);
  await using _employee = agent;
  const answered = async (origin: string, of: string) => {
    await using socket = await rawSocket(gateway, 'visitor', { Origin: origin });
    socket.say({ ...hello(), site: of });
    return await eventually(
      () =>
        socket.frames.find(({ t }) => t === 'welcome' || t === 'error')?.t ?? Promise.reject(new Error('nothing yet')),
    );
  };
  const [shop = '', other = ''] = [world.site.origins[0], site.origins[0]];
  expect([await answered(shop, world.site.id), await answered(other, site.id)]).toEqual(['welcome', 'welcome']);
  expect([await answered(other, world.site.id), await answered(shop, site.id)]).toEqual(['error', 'error']);
  const envelope = { id: newId(), site: site.id, actor: { kind: 'operator' as const, id: 'test' } };
  await request(world.operator, 'save-site', envelope, { settings: { ...site, origins: [other, shop] } });
  await eventually(async () => expect(await answered(shop, site.id)).toBe('welcome'));
  expect(await answered(other, world.site.id)).toBe('error');
});

test('a site that does not exist is said to be unknown', async () => {
  await using socket = await rawSocket(gateway, 'visitor', fromShop());
  socket.say({ ...hello(), site: newId() });
  expect(await socket.heard('error')).toMatchObject({ code: 'site-unknown', fatal: true });
});

test('a visitor reaches nobody else’s conversation, whatever he says about it', async () => {
  const victim = world.visitor();
  await victim.socket.ready();
  await victim.say('My order is 4711');
  const conversation = victim.conversation() as string;

  const stranger = world.visitor();
  await stranger.socket.ready();
  await expect(stranger.socket.command('send-message', { conversation, text: 'hello' })).rejects.toThrow(RefusedError);
  await expect(stranger.socket.command('mark-read', { conversation, upTo: 1 })).rejects.toThrow(RefusedError);
  await expect(stranger.socket.command('close', { conversation, reason: 'solved' })).rejects.toThrow(RefusedError);

  await using claiming = await rawSocket(gateway, 'visitor', fromShop());
  claiming.say({ ...hello(), conversation: { id: conversation, number: 0 } });
  expect(await claiming.heard('welcome')).not.toHaveProperty('conversation');
  await using forging = await rawSocket(gateway, 'visitor', fromShop());
  const token = `${victim.id()}.${world.site.id}.${newId()}.${Date.now().toString(36)}.${'A'.repeat(43)}`;
  forging.say({ ...hello(), token, conversation: { id: conversation, number: 0 } });
  const welcome = await forging.heard('welcome');
  expect(welcome).not.toHaveProperty('conversation');
  expect(welcome['visitor']).not.toBe(victim.id());
  await victim.say('Thank you');
  claiming.say({ t: 'typing', conversation, text: 'x' });
  claiming.say({ t: 'ping', n: 1 });
  await claiming.heard('pong');
  expect(JSON.stringify([claiming.frames, forging.frames, stranger.frames()])).not.toContain('4711');
});

test('an employee of another site sees and reaches nothing of this one', async () => {
  const { agent } = await anotherCompany(world);
  await using foreign = agent;
  const own = await world.agent(0);
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('A secret of Nordhem');
  const conversation = visitor.conversation() as string;
  visitor.socket.send({ t: 'typing', conversation, text: 'more secrets' });
  await eventually(() => expect(own.frames()).toContainEqual(expect.objectContaining({ t: 'typing', conversation })));

  foreign.open(conversation);
  await eventually(() =>
    expect(foreign.frames()).toContainEqual(expect.objectContaining({ t: 'refused', id: conversation })),
  );
  await expect(foreign.reply(conversation, 'hello')).rejects.toThrow(RefusedError);
  await expect(foreign.socket.command('take', { conversation })).rejects.toThrow(RefusedError);
  expect(await foreign.query('inbox', { filter: 'all', limit: 50 })).toMatchObject({ conversations: [] });
  const heard = JSON.stringify(foreign.frames());
  expect(heard).not.toContain('secret');
  expect(heard).not.toContain(visitor.id());
  expect(foreign.frames().filter(({ t }) => ['event', 'typing', 'page', 'presence'].includes(t))).toEqual([]);
});

test('without a session, or from another page, the console’s socket stays shut', async () => {
  const agent = await world.agent(0);
  for (const [headers, code] of [
    [{ Origin: gateway }, 'not-logged-in'],
    [{ Origin: gateway, Cookie: `continuo_session=${'A'.repeat(43)}` }, 'not-logged-in'],
    [{ Origin: 'http://evil.example', Cookie: agent.cookie }, 'origin-refused'],
    [{ Cookie: agent.cookie }, 'origin-refused'],
  ] as [Record<string, string>, string][]) {
    await using socket = await rawSocket(gateway, 'agent', headers);
    socket.say({ t: 'hello', v: 1 });
    expect(await socket.heard('error')).toMatchObject({ code, fatal: true });
  }
});

test('a link from the CRM leads to the dialogue and logs nobody in; a broken one leads to a plain page', async () => {
  const conversation = newId();
  const { linkKey } = await keptSecrets(join(world.dir, 'secrets.json'));
  const token = signLink(linkKey, { site: world.site.id, conversation });
  const opened = await fetch(`${gateway}/open/${token}`, { redirect: 'manual' });
  expect(opened.status).toBe(302);
  expect(opened.headers.get('location')).toBe(`/console/#/conversation/${conversation}?from=crm`);
  expect(opened.headers.getSetCookie()).toEqual([]);
  const another = `${world.site.id}${newId()}${token.slice(44)}`;
  for (const broken of [token.slice(0, -1), `${newId()}${token.slice(22)}`, another, 'x', '%00']) {
    const answer = await fetch(`${gateway}/open/${broken}`, { redirect: 'manual' });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('does not open a dialogue');
  }
});

test('the look of a widget is public, and of nothing more than its site', async () => {
  const answer = await fetch(`${gateway}/widget/config/${world.site.id}.json`);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(await answer.json()).toEqual({
    site: {
      id: world.site.id,
      name: 'Nordhem',
      language: 'en',
      typingPreview: true,
      style: '',
      panel: { style: '', greeting: {} },
    },
  });
  expect((await fetch(`${gateway}/widget/config/${newId()}.json`)).status).toBe(404);
  const frame = await fetch(`${gateway}/widget/frame.html?site=${world.site.id}`);
  expect(frame.headers.get('content-security-policy')).toBe('frame-ancestors http://shop.example');
  const nowhere = await fetch(`${gateway}/widget/frame.html?site=${newId()}`);
  expect(nowhere.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
});

test('what visitors write and who they are never stands in a log', async () => {
  const visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('an unmistakable sentence');
  await visitor.socket.command('identify-contact', {
    conversation: visitor.conversation(),
    email: 'unmistakable@visitor.example',
  });
  const logs = await world.logs();
  expect(logs).not.toContain('unmistakable');
  for (const { password } of world.employees) expect(logs).not.toContain(password);
});
