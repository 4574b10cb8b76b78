// How employees log in and out, and who may try.

import { eventually, startWorld, type TestAgent, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let world: World;
let gateway: string;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 1, conversation: 1 },
    env: { CONTINUO_LIMIT_LOGINS_PER_ACCOUNT: '5' },
  });
  gateway = world.gateways()[0] as string;
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${gateway}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-continuo': 'console', origin: gateway, ...headers },
    body: JSON.stringify(body),
  });

test('logging in gives a cookie that scripts cannot read; a wrong password and an unknown e-mail look the same', async () => {
  const { email, password } = world.employees[1] as { email: string; password: string };
  const good = await post('/api/login', { email: ` ${email.toUpperCase()}`, password });
  expect(good.status).toBe(204);
  const [cookie] = good.headers.getSetCookie();
  expect(cookie).toMatch(/^continuo_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
  const me = await fetch(`${gateway}/api/me`, { headers: { cookie: cookie?.split(';')[0] as string } });
  expect(await me.json()).toMatchObject({ email, site: world.site.id });
  const wrong = await post('/api/login', { email, password: 'wrong' });
  const unknown = await post('/api/login', { email: 'nobody@nordhem.example', password: 'wrong' });
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.text()).toBe(await unknown.text());
  expect((await fetch(`${gateway}/api/me`)).status).toBe(401);
});

test('logging in is for the console’s own pages', async () => {
  const { email, password } = world.employees[0] as { email: string; password: string };
  expect((await post('/api/login', { email, password }, { origin: 'http://evil.example' })).status).toBe(403);
  expect((await post('/api/login', { email, password }, { 'x-continuo': '' })).status).toBe(403);
  for (const body of [{}, [], { email, password: 1 }, { email, password: 'x'.repeat(2_000) }])
    expect((await post('/api/login', body)).status).toBe(400);
});

test('guessing a password is slowed down, and only for that account', async () => {
  const guess = (email: string) => post('/api/login', { email, password: 'guess' });
  let last = await guess('victim@nordhem.example');
  for (let tries = 0; tries < 6 && last.status !== 429; tries++) last = await guess('victim@nordhem.example');
  expect(last.status).toBe(429);
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await last.json()).toMatchObject({ retryAfterSeconds: expect.any(Number) });
  expect((await guess('other@nordhem.example')).status).toBe(401);
});

test('logging out ends the session and its sockets', async () => {
  const agent: TestAgent = await world.agent(1);
  expect((await post('/api/logout', {}, { cookie: agent.cookie })).status).toBe(204);
  await eventually(() =>
    expect(agent.frames()).toContainEqual(expect.objectContaining({ t: 'error', code: 'not-logged-in', fatal: true })),
  );
  expect((await fetch(`${gateway}/api/me`, { headers: { cookie: agent.cookie } })).status).toBe(401);
});
