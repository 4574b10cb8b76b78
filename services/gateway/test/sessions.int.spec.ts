// Sessions of employees end when they have to: after twelve hours, with another password, with the last day at work; and their sockets with them.

import { request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { hashPassword } from '@continuo/gateway/password';
import {
  eventually,
  type RefusedError,
  startWorld,
  type TestAgent,
  type World,
  type WorldAgent,
} from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rawSocket } from './raw-socket.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 2, conversation: 1 },
    env: { CONTINUO_LIMIT_LOGINS_PER_ACCOUNT: '100', CONTINUO_LIMIT_LOGINS_PER_ADDRESS: '100' },
  });
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
/** Not only on the gateway that heard of it. */
const socketEnds = (agent: TestAgent) =>
  eventually(
    () =>
      expect(agent.frames()).toContainEqual(
        expect.objectContaining({ t: 'error', code: 'not-logged-in', fatal: true }),
      ),
    { withinMs: 90_000 },
  );

test('a session made on one gateway holds on every other', async () => {
  const agent = await world.agent(0);
  expect([await me(agent, 0), await me(agent, 1)]).toEqual([200, 200]);
});

test('a new login ends the session before it and its sockets on every gateway, before any gateway looks by itself', async () => {
  const { email, password } = employee(0);
  const [one = '', two = ''] = world.gateways();
  const open = async (gateway: string, cookie: string) => {
    const socket = await rawSocket(gateway, 'agent', { Origin: gateway, Cookie: cookie });
    socket.say({ t: 'hello', v: 1 });
    await socket.heard('welcome');
    return socket;
  };
  /** Was another session, which is gone without a word, still on line when those of the old login had ended? */
  const endedFirst = async (): Promise<boolean> => {
    const silent = await world.agent(1);
    await using unheard = await open(one, silent.cookie);
    await using unheardToo = await open(two, silent.cookie);
    const agent = await world.agent(0);
    await using here = await open(one, agent.cookie);
    await using there = await open(two, agent.cookie);
    await world.database.collection<{ _id: string }>('sessions').deleteMany({ agent: employee(1).id });
    const body = JSON.stringify({ email, password });
    const headers = { 'content-type': 'application/json', 'x-continuo': 'console', origin: one, cookie: agent.cookie };
    const answer = await fetch(`${one}/api/login`, { method: 'POST', headers, body });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] as string;
    for (const socket of [here, there]) {
      expect(await socket.heard('error')).toMatchObject({ code: 'not-logged-in', fatal: true });
      expect(socket.frames.filter(({ t }) => t === 'error')).toHaveLength(1);
    }
    const first = [unheard, unheardToo].every(({ frames }) => frames.every(({ t }) => t !== 'error'));
    // The new session is nobody's business but its own.
    await using anew = await open(two, cookie);
    anew.say({ t: 'ping', n: 1 });
    await anew.heard('pong');
    return first;
  };
  // Each look of a gateway's own, every ten seconds, ends both.
  const rounds = [await endedFirst(), await endedFirst(), await endedFirst()];
  expect(rounds).toContain(true);
}, 240_000);

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

test('an e-mail that now belongs to a colleague ends the sessions of whoever had it before', async () => {
  const [before, after] = [employee(0), employee(1)];
  const agent = await world.agent(0);
  await saveLogin(after.id, before.email, 'the password of the colleague');
  expect(await me(agent)).toBe(401);
  await socketEnds(agent);
  expect(await logIn(before.email, before.password)).toBe(401);
  await saveLogin(after.id, after.email, after.password);
  await saveLogin(before.id, before.email, before.password);
});

test('a role that changes holds at once for sockets that are open, up and down', async () => {
  const agent = await world.agent(0);
  const { id, name, email } = employee(0);
  /** What only supervisors are told: whether there is such an employee. */
  const gives = () =>
    agent.socket.command('assign', { conversation: newId(), agent: newId() }).then(
      () => 'given',
      (error: RefusedError) => error.refusal,
    );
  const become = async (role: 'agent' | 'supervisor') => {
    const envelope = { id: newId(), site: world.site.id, actor: { kind: 'operator' as const, id: 'test' } };
    const settings = { id, site: world.site.id, name, email, role, capacity: 5 };
    expect(await request(world.operator, 'save-agent', envelope, { settings })).toMatchObject({ ok: true });
  };
  expect(await gives()).toBe('not-allowed');
  await become('supervisor');
  await eventually(async () => expect(await gives()).toBe('agent-unknown'));
  await become('agent');
  await eventually(async () => expect(await gives()).toBe('not-allowed'));
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
  expect(await save('operator', undefined as never)).toEqual({
    ok: false,
    refusal: 'invalid',
    words: 'save-login: passwordHash: is lacking; a text is needed',
  });
});

test('after twelve hours a session is over, and its open sockets end', async () => {
  const agent = await world.agent(0);
  await world.clock.advance(12 * HOUR - 60_000);
  expect(await me(agent)).toBe(200);
  await world.clock.advance(61_000);
  expect([await me(agent, 0), await me(agent, 1)]).toEqual([401, 401]);
  await socketEnds(agent);
});
