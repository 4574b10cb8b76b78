// Ids that are attacks, in every place where a browser can put one: each id field of each frame as the protocol's schemas name them, each parameter of each
// route as the route table has it, each query word that the gateway's source reads, each field of a body. Each is refused in plain words, nothing
// fails inside, and no subject on the bus goes beyond the sites that there are.
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { newId } from '@continuo/contracts';
import { ROUTES, type Route } from '@continuo/gateway/routes';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ATTACKS, named, WORDS } from './attacks.ts';
import { BODIES } from './bodies.ts';
import { assemble, type Cast } from './cast.ts';
import { FRAMES, frameOf } from './frames.ts';
import { aboutNewDialogue, type Door } from './outcome.ts';
import { type Leaf, leavesOf, withValue } from './schema-paths.ts';
import { listen, type SubjectsSaid } from './subjects-said.ts';

let cast: Cast;
let subjects: SubjectsSaid;
beforeAll(async () => {
  cast = await assemble({
    CONTINUO_LIMIT_FRAMES_PER_SOCKET: '100000',
    CONTINUO_LIMIT_CONNECTS_PER_ADDRESS: '100000',
    CONTINUO_LIMIT_PAGES_PER_ADDRESS: '100000',
    CONTINUO_LIMIT_LOGINS_PER_ADDRESS: '100000',
    CONTINUO_LIMIT_GUESSES_PER_ACCOUNT: '100000',
  });
  subjects = await listen(cast.world.admin, [cast.world.site.id, cast.nordhem.site.id, cast.foreign.site.id]);
}, 240_000);
afterAll(async () => {
  await cast?.[Symbol.asyncDispose]();
});

interface Answer {
  attack: unknown;
  answer: string;
}

/** One attack after the other in one place of a frame, on a socket of its own; the ping behind them is answered when the gateway has read them all. */
async function answersTo(door: Door, name: string, { path }: Leaf): Promise<Answer[]> {
  const about = await aboutNewDialogue(cast);
  const person = door === 'agent' ? 'supervisor' : name === 'hello' ? 'anonymous' : 'visitor';
  await using socket = await cast.at(door, person, about.conversation);
  const before = socket.frames.length;
  const example = name === 'hello' ? helloOf(door) : frameOf(name, newId(), about);
  const sent = ATTACKS.map((attack) => {
    const id = newId();
    // A string that is nowhere in the protocol cannot be mistaken for an answer to another one.
    return { attack, id, frame: withValue('id' in example ? { ...example, id } : example, path, attack) };
  });
  for (const { frame } of sent) socket.say(frame);
  socket.say({ t: 'ping', n: 4711 });
  await socket.heard('pong', ({ n }) => n === 4711);
  const ofFrame = path[0] !== 'data';
  return await eventually(() => {
    const heard = socket.frames.slice(before);
    const bad = heard.filter(({ t }) => t === 'error');
    return sent.map(({ attack, id }, index) => {
      // What does not fit the protocol is answered in the order in which it came, and names nothing.
      if (ofFrame) return { attack, answer: String(bad[index]?.['code'] ?? 'none') };
      const answer = heard.find((one) => one['id'] === id || JSON.stringify(one).includes(`"cause":"${id}"`));
      if (!answer) throw new Error(`${named(attack)} was not answered`);
      return { attack, answer: String(answer['refusal'] ?? answer.t) };
    });
  });
}
const helloOf = (door: Door) => ({
  t: 'hello',
  v: 1,
  ...(door === 'visitor' && { site: cast.nordhem.site.id, language: 'en', conversation: { id: newId(), number: 0 } }),
});

for (const door of ['visitor', 'agent'] as const)
  for (const name of FRAMES[door])
    for (const leaf of leavesOf(door, name).filter(({ isId }) => isId))
      test(`${leaf.path.join('.')} of ${name} at the ${door}s’ door`, async () => {
        const refused = leaf.path[0] === 'data' ? 'invalid' : 'bad-frame';
        const answers = await answersTo(door, name, leaf);
        expect(answers.map(({ attack, answer }) => [named(attack), answer])).toEqual(
          ATTACKS.map((attack) => [named(attack), refused]),
        );
      });

test('the schemas name the ids of the protocol', () => {
  const ids = (door: Door, name: string) =>
    leavesOf(door, name).flatMap(({ isId, path }) => (isId ? path.join('.') : []));
  expect(ids('visitor', 'hello')).toEqual(['site', 'conversation.id']);
  expect(ids('visitor', 'typing')).toEqual(['conversation']);
  expect(ids('agent', 'assign')).toEqual(['id', 'data.conversation', 'data.agent']);
});

interface Call {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}
/** As it stands on the wire, by a supervisor who is logged in. */
const statusOf = ({ method, path, body, headers = {} }: Call): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port, origin } = new URL(cast.gateway);
    const own = { origin, 'x-continuo': 'console', cookie: cast.cookie('supervisor') as string };
    const sent = request(
      { hostname, port, method, path, headers: { ...own, 'content-type': 'application/json', ...headers } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    ).on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
/** As browsers write it, and with nothing changed but what could not be sent at all. */
const written = (word: string): string[] => [
  encodeURIComponent(word.toWellFormed()),
  [...word.toWellFormed()]
    .map((letter) => (/[!-~]/.test(letter) && !/[#?]/.test(letter) ? letter : encodeURIComponent(letter)))
    .join(''),
];
const methodOf = ({ method }: Route): string => (method === 'post' ? 'POST' : 'GET');
/** 431: longer than a head may be. */
const REFUSED = [400, 401, 404, 414, 431];

for (const route of ROUTES) {
  const parameters = route.path.match(/:\w+/g) ?? [];
  for (const place of route.method === 'below' ? ['/'] : parameters)
    test(`${place === '/' ? 'the rest of the path' : place} of ${route.method} ${route.path}`, async () => {
      for (const word of WORDS.filter((one) => one !== ''))
        for (const form of written(word)) {
          // The client would leave these out of the path.
          if (/^\.{1,2}$/.test(form)) continue;
          const path = place === '/' ? `${route.path}/${form}` : route.path.replace(place, form);
          const status = await statusOf({ method: methodOf(route), path });
          expect([path.slice(0, 80), REFUSED.includes(status) ? 'refused' : status]).toEqual([
            path.slice(0, 80),
            'refused',
          ]);
        }
    });
}

const SOURCE = new URL('../../services/gateway/src/http/', import.meta.url);
const QUERIES = readdirSync(SOURCE).flatMap((file) =>
  [...readFileSync(new URL(file, SOURCE), 'utf8').matchAll(/\.query(?:\.|\[')(\w+)/g)].map(
    ([, word]) => word as string,
  ),
);

test('query words that the gateway reads, at every address', async () => {
  expect(QUERIES).toContain('site');
  for (const route of ROUTES.filter(({ method }) => method !== 'post'))
    for (const query of QUERIES)
      for (const word of WORDS) {
        const path = `${route.path.replace(/:\w+/g, 'none')}?${query}=${encodeURIComponent(word.toWellFormed())}&${query}[$ne]=1`;
        const status = await statusOf({ method: 'GET', path });
        expect([path.slice(0, 80), status < 500]).toEqual([path.slice(0, 80), true]);
      }
  // Nobody may embed the frame of a site that there is not.
  for (const word of WORDS.filter((one) => one.length < 1_000)) {
    const answer = await fetch(`${cast.gateway}/widget/frame.html?site=${encodeURIComponent(word.toWellFormed())}`);
    expect(answer.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
  }
});

const POSTS = ROUTES.flatMap(({ method, path }) => (method === 'post' ? [path] : []));
/** A password is no id, and each one that fits is hashed. */
const attacksOn = (field: string): readonly unknown[] =>
  field === 'password' ? ATTACKS.filter((attack) => typeof attack !== 'string') : ATTACKS;

test('every route that takes a body has an example of one', () => {
  expect(Object.keys(BODIES).sort()).toEqual([...POSTS].sort());
});

for (const path of POSTS.filter((one) => Object.keys(BODIES[one] ?? {}).length > 0))
  test(`the body of ${path}`, async () => {
    const example = BODIES[path] as Record<string, string>;
    const bodies = [
      ...Object.keys(example).flatMap((field) => attacksOn(field).map((attack) => withValue(example, [field], attack))),
      ...['__proto__', 'constructor', '$where'].map((field) => withValue(example, [field], { role: 'admin' })),
      ...ATTACKS,
    ];
    for (const body of bodies) {
      const status = await statusOf({ method: 'POST', path, body });
      expect([named(body), REFUSED.includes(status) ? 'refused' : status]).toEqual([named(body), 'refused']);
    }
  });

test('cookies that are no session and no known browser', async () => {
  const words = WORDS.filter((one) => /^[!-~]+$/.test(one));
  for (const word of words) {
    const status = await statusOf({ method: 'GET', path: '/api/me', headers: { cookie: `continuo_session=${word}` } });
    expect([word.slice(0, 60), REFUSED.includes(status)]).toEqual([word.slice(0, 60), true]);
  }
  for (const word of words.filter((one) => one.length < 10)) {
    const headers = { cookie: `continuo_device=${word}` };
    const status = await statusOf({ method: 'POST', path: '/api/login', headers, body: BODIES['/api/login'] });
    expect([word, status]).toEqual([word, 401]);
  }
});

test('after all of it every service runs on, nothing failed inside, and nothing was said beyond the sites', async () => {
  expect(await statusOf({ method: 'GET', path: '/readyz' })).toBe(200);
  for (const name of ['gateway', 'conversation', 'visitor-tracking', 'crm-sync'] as const)
    expect([name, ...cast.world.running(name).map(({ pid }) => process.kill(pid, 0))]).toEqual([name, true]);
  const failed = (await cast.world.logs()).split('\n').filter((line) => /"level":"(error|fatal)"/.test(line));
  expect(failed).toEqual([]);
  await cast.world.admin.nc.flush();
  expect(subjects.count()).toBeGreaterThan(100);
  expect(subjects.strange()).toEqual([]);
});
