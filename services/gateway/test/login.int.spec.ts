// How employees log in and out, and who may try.

import { eventually, startWorld, type TestAgent, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let world: World;
let gateway: string;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 2, conversation: 1 },
    agents: 3,
    env: {
      CONTINUO_PROXY_HOPS: '1',
      CONTINUO_LIMIT_LOGINS_PER_ACCOUNT: '5',
      CONTINUO_LIMIT_LOGINS_PER_ADDRESS: '16',
      CONTINUO_LIMIT_GUESSES_PER_ACCOUNT: '6',
    },
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

/** At one gateway after the other, from wherever it says. */
let turn = 0;
async function tryAnywhere(from: string, email: string, password = 'guess', cookie = ''): Promise<Response> {
  turn += 1;
  const at = world.gateways()[turn % 2] as string;
  const headers = { 'content-type': 'application/json', 'x-continuo': 'console', origin: at };
  return await fetch(`${at}/api/login`, {
    method: 'POST',
    headers: { ...headers, 'x-forwarded-for': from, cookie },
    body: JSON.stringify({ email, password }),
  });
}
const statuses = async (tries: number, guess: (index: number) => Promise<Response>): Promise<number[]> => {
  const found: number[] = [];
  for (let index = 0; index < tries; index++) found.push((await guess(index)).status);
  return found;
};
const allowances = () => world.database.collection('allowances');

test('two gateways count guesses together: at an account from one address and from many, and from one address at many accounts', async () => {
  expect(await statuses(6, () => tryAnywhere('198.51.100.1', 'a@nordhem.example'))).toEqual([
    ...Array(5).fill(401),
    429,
  ]);
  expect(await statuses(7, (index) => tryAnywhere(`198.51.100.${10 + index}`, 'b@nordhem.example'))).toEqual([
    ...Array(6).fill(401),
    429,
  ]);
  const many = await statuses(17, (index) => tryAnywhere('198.51.100.2', `c${index}@nordhem.example`));
  expect(many).toEqual([...Array(16).fill(401), 429]);
  const atOnce = await Promise.all(
    Array.from({ length: 9 }, (_, index) => tryAnywhere(`198.51.100.${30 + index}`, 'd@nordhem.example')),
  );
  expect(atOnce.map(({ status }) => status).sort()).toEqual([...Array(6).fill(401), ...Array(3).fill(429)]);
});

test('a right password is given back at whichever gateway it was, and a browser known to one is known to the other', async () => {
  const { email, password } = world.employees[2] as { email: string; password: string };
  const right = await statuses(8, (index) => tryAnywhere(`198.51.100.${50 + index}`, email, password));
  expect(right).toEqual(Array(8).fill(204));
  const [, known] = (await tryAnywhere('198.51.100.70', email, password)).headers.getSetCookie();
  const device = known?.split(';')[0] as string;
  await statuses(7, (index) => tryAnywhere(`198.51.100.${80 + index}`, email));
  expect(await statuses(2, () => tryAnywhere('198.51.100.71', email, password))).toEqual([429, 429]);
  expect(await statuses(2, () => tryAnywhere('198.51.100.72', email, password, device))).toEqual([204, 204]);
});

test('guesses are not forgotten when every gateway starts again', async () => {
  const mail = 'restart@nordhem.example';
  expect((await statuses(7, (index) => tryAnywhere(`198.51.100.${110 + index}`, mail))).at(-1)).toBe(429);
  for (const _ of [1, 2]) await world.kill('gateway');
  await Promise.all([world.start('gateway'), world.start('gateway')]);
  gateway = world.gateways()[0] as string;
  expect((await tryAnywhere('198.51.100.120', mail)).status).toBe(429);
});

test('what is counted goes by itself once it is full again, and tells nobody’s address or e-mail', async () => {
  const all = await allowances().find().toArray();
  expect(all.length).toBeGreaterThan(10);
  const now = Date.now();
  for (const { fullAt } of all) expect((fullAt as Date).getTime() - now).toBeLessThanOrEqual(11 * 60_000);
  expect(await allowances().indexes()).toContainEqual(
    expect.objectContaining({ key: { fullAt: 1 }, expireAfterSeconds: 0 }),
  );
  expect(JSON.stringify(all)).not.toMatch(/198\.51|nordhem/);
});

test('logging out ends the session and its sockets', async () => {
  const agent: TestAgent = await world.agent(1);
  expect((await post('/api/logout', {}, { cookie: agent.cookie })).status).toBe(204);
  await eventually(() =>
    expect(agent.frames()).toContainEqual(expect.objectContaining({ t: 'error', code: 'not-logged-in', fatal: true })),
  );
  expect((await fetch(`${gateway}/api/me`, { headers: { cookie: agent.cookie } })).status).toBe(401);
});
