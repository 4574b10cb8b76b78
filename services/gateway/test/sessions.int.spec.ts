// Sessions of employees end when they have to: after twelve hours, with another password, with the last day at work; and their sockets with them.

import { request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { hashPassword } from '@continuo/gateway/password';
import { eventually, startWorld, type TestAgent, type World, type WorldAgent } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: { gateway: 2, conversation: 1 } });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

const HOUR = 3_600_000;
const employee = (index: number) => world.employees[index] as WorldAgent;
const me = async ({ cookie }: TestAgent, gateway = 0): Promise<number> =>
  (await fetch(`${world.gateways()[gateway]}/api/me`, { headers: { cookie } })).status;
const logIn = async (email: string, password: string): Promise<number> => {
  const [gateway = ''] = world.gateways();
  const headers = { 'content-type': 'application/json', 'x-continuo': 'console', origin: gateway };
  const body = JSON.stringify({ email, password });
  return (await fetch(`${gateway}/api/login`, { method: 'POST', headers, body })).status;
};
const saveLogin = async (agent: string, email: string, password: string): Promise<void> => {
  const envelope = { id: newId(), site: world.site.id, actor: { kind: 'operator' as const, id: 'test' } };
  const passwordHash = await hashPassword(password);
  expect(await request(world.operator, 'save-login', envelope, { agent, email, passwordHash })).toEqual({ ok: true });
};
/** Not only on the gateway that heard of it: each looks at its sessions every ten seconds. */
const socketEnds = (agent: TestAgent) =>
  eventually(
    () =>
      expect(agent.frames()).toContainEqual(
        expect.objectContaining({ t: 'error', code: 'not-logged-in', fatal: true }),
      ),
    { withinMs: 45_000 },
  );

test('a session made on one gateway holds on every other', async () => {
  const agent = await world.agent(0);
  expect([await me(agent, 0), await me(agent, 1)]).toEqual([200, 200]);
});

test('another password ends the sessions with the old one and their sockets, and the new one opens', async () => {
  const { id, email, password } = employee(0);
  const agent = await world.agent(0);
  const other = await world.agent(1);
  await saveLogin(id, email, 'a new password');
  expect(await me(agent)).toBe(401);
  expect(await me(other)).toBe(200);
  await socketEnds(agent);
  expect([await logIn(email, password), await logIn(email, 'a new password')]).toEqual([401, 204]);
  await saveLogin(id, email, password);
});

test('another e-mail ends them too, and the old one opens nothing any more', async () => {
  const { id, email, password } = employee(0);
  const agent = await world.agent(0);
  await saveLogin(id, 'moved@nordhem.example', password);
  expect(await me(agent)).toBe(401);
  expect([await logIn(email, password), await logIn('moved@nordhem.example', password)]).toEqual([401, 204]);
  await saveLogin(id, email, password);
});

test('nobody but an operator sets a login, and only as a hash', async () => {
  const { id: agent, email } = employee(0);
  const save = (kind: 'agent' | 'operator', passwordHash: string) =>
    request(
      world.operator,
      'save-login',
      { id: newId(), site: world.site.id, actor: { kind, id: agent } },
      {
        agent,
        email,
        passwordHash,
      },
    );
  expect(await save('agent', await hashPassword('mine'))).toMatchObject({ ok: false, refusal: 'not-allowed' });
  expect(await save('operator', 'in plain text')).toMatchObject({ ok: false, refusal: 'invalid' });
});

test('after twelve hours a session is over, and its open sockets end', async () => {
  const agent = await world.agent(0);
  await world.clock.advance(12 * HOUR - 60_000);
  expect(await me(agent)).toBe(200);
  await world.clock.advance(61_000);
  expect([await me(agent, 0), await me(agent, 1)]).toEqual([401, 401]);
  await socketEnds(agent);
});
