// Who may call what over HTTP: every line of the gateway's route table by each kind of person. A route without a row here fails.
// And what a stranger's page may make an employee's browser do: nothing.

import { join } from 'node:path';
import { listDeadLetters } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { ROUTES, type Route } from '@continuo/gateway/routes';
import { signLink } from '@continuo/runtime';
import { keptSecrets } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { headers } from '@nats-io/transport-node';
import { linksFor, PDF, upload } from '../../services/gateway/test/uploads.ts';
import { BODIES } from './bodies.ts';
import { assemble, type Cast, PEOPLE, type Person } from './cast.ts';
import { type Row, row } from './row.ts';

let cast: Cast;
/** A file that the visitor sent in his dialogue, and a link to it. */
let file: string;
let link: string;
/** A record of the site that its service could not read. */
let letter: string;
beforeAll(async () => {
  cast = await assemble({
    CONTINUO_PROXY_HOPS: '1',
    CONTINUO_LIMIT_LOGINS_PER_ACCOUNT: '4',
    CONTINUO_LIMIT_LOGINS_PER_ADDRESS: '16',
    CONTINUO_LIMIT_GUESSES_PER_ACCOUNT: '9',
  });
  ({ id: file } = (await upload(cast.gateway, cast.visitor, { name: 'plan.pdf', content: PDF })).file);
  await cast.visitor.socket.command('start-conversation', { text: '', files: [file], language: 'en' });
  const links = await linksFor(cast.gateway, cast.agents.agent, file);
  link = (links as { save: string }).save.replace('/files/', '');
  letter = await parkOne();
}, 240_000);
afterAll(async () => {
  await cast?.[Symbol.asyncDispose]();
});

/** Each reader sets it aside by itself; one of the records is enough. */
async function parkOne(): Promise<string> {
  const head = headers();
  head.set('Continuo-Type', 'message-sent');
  head.set('Continuo-Version', '1');
  const { admin } = cast.world;
  await admin.js.publish(`conversation.${cast.nordhem.site.id}.${newId()}`, '{"text":"cut sh', { headers: head });
  return await eventually(async () => {
    const [found] = await listDeadLetters(admin, { site: cast.nordhem.site.id, consumer: 'conversation-views' });
    if (!found) throw new Error('nothing is parked yet');
    return found.id;
  });
}

const everybody = (status: number): Row<number> => row({ everybody: status });
/** Of their own site: to those of another one it is as if there were none. */
const supervisors = (status: number, foreignSupervisors = status): Row<number> =>
  row({ strangers: 401, agents: 403, supervisors: status, foreignSupervisors });
const MATRIX: Record<string, Row<number>> = {
  'post /api/login': everybody(401),
  'post /api/logout': everybody(204),
  'get /api/me': row({ strangers: 401, employees: 200 }),
  'get /api/dead-letters': supervisors(200),
  'get /api/dead-letters/:record': supervisors(200, 404),
  'post /api/dead-letters/replay': supervisors(409, 404),
  // The first who may has taken it away.
  'post /api/dead-letters/discard': row({ ...supervisors(404), supervisor: 204 }),
  'post /api/files': row({ strangers: 401, employees: 201 }),
  'get /api/files/:file': row({ strangers: 401, employees: 200, foreign: 404 }),
  // An answer is an error frame: there was no hello. What frames may is in the matrix of frames.
  'post /widget/line': everybody(200),
  // Visitors say who they are by their token; an employee's cookie says nothing there.
  'post /widget/files': row({ everybody: 401, visitors: 201 }),
  'get /widget/files/:file': row({ everybody: 401, visitor: 200, otherVisitor: 404 }),
  // Whoever was given the link has it for an hour.
  'get /files/:link': everybody(200),
  'get /open/:token': everybody(302),
  'get /open/:token/:file': everybody(302),
  'get /widget/config/:file': everybody(200),
  'get /widget.js': everybody(200),
  'get /widget/frame.html': everybody(200),
  'below /widget/assets': everybody(404),
  'below /photos': everybody(404),
  'get /': everybody(302),
  'below /console/assets': everybody(404),
  'below /console': everybody(200),
};
const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

const bodyOf = (path: string) =>
  path.startsWith('/api/dead-letters/') ? { ...BODIES[path], id: letter } : (BODIES[path] ?? {});

/** Whose business the site is not. */
const THEIRS: readonly Person[] = PEOPLE.filter((person) => /^(anonymous|foreign)/.test(person));
/** By which somebody could tell that something is the site's. */
const ofNordhem = (): string[] => [
  cast.nordhem.site.id,
  letter,
  ...cast.nordhem.employees.flatMap(({ id, email }) => [id, email]),
];

let addresses = 0;
/** Each from an address of his own, so that no limit speaks. */
async function call({ method, path }: Route, headers: Record<string, string>): Promise<Response> {
  const { linkKey } = await keptSecrets(join(cast.world.dir, 'secrets.json'));
  const token = signLink(linkKey, { site: cast.nordhem.site.id, conversation: newId() });
  const named = path.startsWith('/widget/config') ? `${cast.nordhem.site.id}.json` : file;
  const url = path.replace(':token', token).replace(':file', named).replace(':link', link).replace(':record', letter);
  const sendsFile = path.endsWith('/files');
  addresses += 1;
  return fetch(`${cast.gateway}${url}${method === 'below' ? '/' : ''}`, {
    method: method === 'post' ? 'POST' : 'GET',
    redirect: 'manual',
    headers: {
      'x-forwarded-for': `198.51.100.${addresses % 250}`,
      ...(sendsFile && { 'x-file-name': 'offer.pdf' }),
      ...headers,
    },
    ...(method === 'post' && { body: sendsFile ? new Uint8Array(PDF) : JSON.stringify(bodyOf(path)) }),
  });
}
const fromConsole = (): Record<string, string> => ({
  'content-type': 'application/json',
  'x-continuo': 'console',
  origin: cast.gateway,
});
const cookieOf = (cookie: string | undefined): Record<string, string> => (cookie ? { cookie } : {});

test('every route of the gateway has its row', () => {
  expect(Object.keys(MATRIX).sort()).toEqual(ROUTES.map(keyOf).sort());
});

for (const route of ROUTES)
  test(`${keyOf(route)}`, async () => {
    const found: [Person, number][] = [];
    const told: [Person, string][] = [];
    for (const person of PEOPLE) {
      // Logging out is done in a session of its own.
      const cookie = route.path === '/api/logout' ? undefined : cast.cookie(person);
      const token = cast.token(person);
      const known = { ...cookieOf(cookie), ...(token !== undefined && { authorization: `Bearer ${token}` }) };
      const answer = await call(route, { ...fromConsole(), ...known });
      found.push([person, answer.status]);
      told.push([person, `${JSON.stringify([...answer.headers])} ${await answer.text()}`]);
    }
    expect(Object.fromEntries(found)).toEqual(MATRIX[keyOf(route)]);
    // Nor does an answer that they may have tell them of it.
    if (!route.path.startsWith('/api/')) return;
    const learnt = (person: Person, text: string) =>
      THEIRS.includes(person) ? ofNordhem().flatMap((one) => (text.includes(one) ? [[person, one]] : [])) : [];
    expect(told.flatMap(([person, text]) => learnt(person, text))).toEqual([]);
  });

test('a body that cannot be read is answered in the words of its route', async () => {
  const said = async (path: string): Promise<unknown> => {
    const headers = { ...fromConsole(), ...cookieOf(cast.cookie('supervisor')) };
    const answers = ['{"id":', 'x'.repeat(5_000), `{"id":"${'x'.repeat(5_000)}"}`].map(async (body) => {
      addresses += 1;
      const from = { 'x-forwarded-for': `198.51.100.${addresses % 250}` };
      const answer = await fetch(`${cast.gateway}${path}`, { method: 'POST', headers: { ...headers, ...from }, body });
      return [answer.status, ((await answer.json()) as { words: string }).words];
    });
    return await Promise.all(answers);
  };
  for (const [path, words] of [
    ['/api/login', 'E-mail and password are needed.'],
    ['/api/dead-letters/replay', 'The id of a record is needed.'],
    ['/api/dead-letters/discard', 'The id of a record is needed.'],
  ] as const)
    expect([path, await said(path)]).toEqual([path, Array(3).fill([400, words])]);
});

test('a page of somebody else changes nothing with the browser of an employee who is logged in', async () => {
  const { origin: _own, ...noOrigin } = fromConsole();
  const attempts: Record<string, string>[] = [
    { ...fromConsole(), origin: 'http://evil.example' },
    { ...fromConsole(), origin: 'null' },
    { ...fromConsole(), origin: `${cast.gateway}.evil.example` },
    { ...fromConsole(), origin: cast.nordhem.site.origins[0] as string },
    noOrigin,
    { 'content-type': 'application/json', origin: cast.gateway },
    { 'content-type': 'text/plain', origin: 'http://evil.example' },
    { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://evil.example' },
  ];
  for (const route of ROUTES.filter(({ method }) => method === 'post'))
    for (const headers of attempts) {
      const answer = await call(route, { ...headers, ...cookieOf(cast.cookie('admin')) });
      expect([route.path, headers, answer.status]).toEqual([route.path, headers, 403]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  const me = await fetch(`${cast.gateway}/api/me`, { headers: cookieOf(cast.cookie('admin')) });
  expect(me.status).toBe(200);
});

interface Login {
  email: string;
  password: string;
}
const logIn = (from: string, email: string, password: string, cookie?: string): Promise<Response> =>
  fetch(`${cast.gateway}/api/login`, {
    method: 'POST',
    headers: { ...fromConsole(), 'x-forwarded-for': from, ...cookieOf(cookie) },
    body: JSON.stringify({ email, password }),
  });
const sessionIn = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] as string;
const isGood = async (cookie: string): Promise<boolean> =>
  (await fetch(`${cast.gateway}/api/me`, { headers: { cookie } })).status === 200;

test('logging in makes a new session and ends the one before; a session somebody else has chosen is never taken up', async () => {
  const { email, password } = cast.nordhem.employees[0] as { email: string; password: string };
  const first = sessionIn(await logIn('203.0.113.1', email, password));
  const second = sessionIn(await logIn('203.0.113.1', email, password, first));
  expect(second).not.toBe(first);
  expect([await isGood(first), await isGood(second)]).toEqual([false, true]);
  const planted = `continuo_session=${'A'.repeat(43)}`;
  expect(sessionIn(await logIn('203.0.113.1', email, password, planted))).not.toBe(planted);
  expect(await isGood(planted)).toBe(false);
});

test('whoever guesses is locked out of the account, even with the right password; its owner elsewhere is not', async () => {
  const { email, password } = cast.nordhem.employees[1] as { email: string; password: string };
  const guesses = [];
  for (let tries = 0; tries < 5; tries++) guesses.push((await logIn('203.0.113.2', email, 'guess')).status);
  expect(guesses).toEqual([401, 401, 401, 401, 429]);
  const locked = await logIn('203.0.113.2', ` ${email.toUpperCase()} `, password);
  expect(locked.status).toBe(429);
  expect(locked.headers.getSetCookie()).toEqual([]);
  expect((await logIn('203.0.113.3', email, password)).status).toBe(204);
});

test('an account guessed at from many addresses is closed to strangers, and open to the browsers that its owner has used', async () => {
  const [owner, other] = cast.nordhem.employees as Login[] as [Login, Login];
  const known = (await logIn('203.0.113.6', owner.email, owner.password)).headers.getSetCookie();
  expect(known[1]).toMatch(/^continuo_device=[\w.-]+; Path=\/api\/login; HttpOnly; SameSite=Strict; Max-Age=15552000$/);
  const device = known[1]?.split(';')[0] as string;
  const foreign = (await logIn('203.0.113.6', other.email, other.password)).headers.getSetCookie()[1]?.split(';')[0];

  const guesses = [];
  for (let stranger = 1; stranger <= 10; stranger++)
    guesses.push((await logIn(`192.0.2.${stranger}`, owner.email, 'guess')).status);
  expect(guesses).toEqual([...Array(9).fill(401), 429]);
  // Whoever guesses right now learns nothing by it, known elsewhere or with a cookie made up.
  for (const cookie of [undefined, foreign, 'continuo_device=AAAAAAAAAAAAAAAAAAAAAA.1.AAAA']) {
    const refused = await logIn('192.0.2.99', owner.email, owner.password, cookie);
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([429, []]);
  }
  expect((await logIn('192.0.2.98', other.email, 'guess')).status).toBe(401);

  // The owner, from wherever he is; and with what was stolen from him one guesses no faster than at first.
  expect((await logIn('203.0.113.7', owner.email, owner.password, device)).status).toBe(204);
  const stolen = [];
  for (let stranger = 1; stranger <= 4; stranger++)
    stolen.push((await logIn(`192.0.2.${100 + stranger}`, owner.email, 'guess', device)).status);
  expect(stolen).toEqual([401, 401, 401, 429]);
});

test('whoever logs in often with the right password is no guesser', async () => {
  const { email, password } = cast.nordhem.employees[2] as Login;
  const statuses = [];
  for (let device = 1; device <= 10; device++)
    statuses.push((await logIn(`192.0.2.${200 + device}`, email, password)).status);
  expect(statuses).toEqual(Array(10).fill(204));
});

test('whoever tries one password on many accounts is locked out as an address', async () => {
  const statuses = [];
  for (let account = 0; account < 17; account++)
    statuses.push((await logIn('203.0.113.4', `nobody${account}@nordhem.example`, 'summer')).status);
  expect(statuses).toEqual([...Array(16).fill(401), 429]);
  const { email, password } = cast.nordhem.employees[2] as { email: string; password: string };
  expect((await logIn('203.0.113.4', email, password)).status).toBe(429);
  await eventually(async () => expect((await logIn('203.0.113.5', email, password)).status).toBe(204));
});
