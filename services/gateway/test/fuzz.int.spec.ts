// Whatever is thrown at the doors, the gateway answers, goes on, and tells nobody what is not his.

import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { newId } from '@continuo/contracts';
import { AGENT_COMMANDS, AGENT_QUERIES, VISITOR_COMMANDS } from '@continuo/contracts/frames';
import { startWorld, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anotherCompany } from './another-company.ts';
import { type RawSocket, rawSocket } from './raw-socket.ts';

const ROOT = new URL('../../../', import.meta.url);
let world: World;
let gateway: string;
let secret: { conversation: string; visitor: string };
let victim: TestVisitor;
beforeAll(async () => {
  world = await startWorld({
    services: { gateway: 1, conversation: 1, 'visitor-tracking': 1 },
    env: {
      CONTINUO_LIMIT_FRAMES_PER_SOCKET: '100000',
      CONTINUO_LIMIT_COMMANDS_PER_VISITOR: '100000',
      CONTINUO_LIMIT_COMMANDS_PER_ADDRESS: '100000',
      CONTINUO_LIMIT_STARTS_PER_VISITOR: '100000',
      CONTINUO_LIMIT_STARTS_PER_ADDRESS: '100000',
      CONTINUO_PHOTOS_DIR: fileURLToPath(new URL('deploy/demo-shop/photos', ROOT)),
    },
  });
  gateway = world.gateways()[0] as string;
  victim = world.visitor();
  await victim.socket.ready();
  await victim.say('the secret sentence');
  secret = { conversation: victim.conversation() as string, visitor: victim.id() };
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

/** Values as they occur in frames, and as they must not. */
const value = () =>
  fc.oneof(
    fc.constantFrom(secret.conversation, secret.visitor, world.site.id, newId(), '*', '>', '', '__proto__', null),
    fc.constantFrom(0, 1, -1, 1.5, 2 ** 60, true, 'online', 'solved', 'all', 'mine', 'en', 'a@b.example'),
    fc.jsonValue({ maxDepth: 2 }),
  );
const FIELDS = ['conversation', 'text', 'language', 'upTo', 'reason', 'email', 'name', 'page', 'visitor', 'agent'];
const data = () => fc.dictionary(fc.constantFrom(...FIELDS), value(), { maxKeys: 5 });
const freshId = () => fc.constant(undefined).map(() => newId() as string);
const frame = (names: readonly string[]) =>
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.record(
      {
        t: fc.constantFrom('hello', 'command', 'query', 'page', 'typing', 'delivered', 'open', 'leave', 'ping', 'pong'),
        id: fc.oneof(freshId(), value()),
        name: fc.oneof(fc.constantFrom(...names), value()),
        data: data(),
        conversation: value(),
        number: value(),
        upTo: value(),
        n: value(),
      },
      { requiredKeys: ['t'] },
    ),
    // Well-formed but for their data.
    fc.record({
      t: fc.constant('command'),
      id: freshId(),
      name: fc.constantFrom(...names),
      data: data(),
    }),
    fc.record({ t: fc.constantFrom('typing', 'open', 'leave', 'delivered'), conversation: value(), number: value() }),
  );

/** It answers still, and what is said elsewhere meanwhile does not reach this socket. */
async function survives(socket: RawSocket): Promise<void> {
  await victim.say('another secret sentence');
  socket.say({ t: 'ping', n: 4711 });
  await socket.heard('pong', ({ n }) => n === 4711);
  expect((await fetch(`${gateway}/readyz`)).status).toBe(200);
  expect(world.running('gateway')).toHaveLength(1);
}
const sample = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, 150);

test('no frame of a visitor brings the gateway down or shows him what another one wrote', async () => {
  for (const greeted of [false, true]) {
    await using socket = await rawSocket(gateway, 'visitor', { Origin: world.site.origins[0] as string });
    if (greeted) {
      socket.say({ t: 'hello', v: 1, site: world.site.id, language: 'en' });
      await socket.heard('welcome');
    }
    for (const each of sample(frame(VISITOR_COMMANDS))) socket.say(JSON.stringify(each));
    for (const text of ['{', '\u0000', '['.repeat(30_000), '{"t":"command","id":"'.repeat(9), '\uD800'])
      socket.say(text);
    socket.say(
      `{"t":"command","id":"${newId()}","name":"close","data":{"conversation":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
    );
    if (socket.closed() === undefined) await survives(socket);
    expect(JSON.stringify(socket.frames)).not.toContain('secret');
  }
});

test('no frame of an employee brings the gateway down or shows him what is another site’s', async () => {
  const { agent: foreign } = await anotherCompany(world);
  await using socket = await rawSocket(gateway, 'agent', { Origin: gateway, Cookie: foreign.cookie });
  socket.say({ t: 'hello', v: 1 });
  await socket.heard('welcome');
  for (const each of sample(frame([...AGENT_COMMANDS, ...AGENT_QUERIES]))) socket.say(JSON.stringify(each));
  socket.say({ t: 'open', conversation: secret.conversation, number: 0 });
  await socket.heard('refused', ({ id }) => id === secret.conversation);
  await survives(socket);
  expect(JSON.stringify(socket.frames)).not.toContain('secret');
});

/** As it stands on the wire: fetch would tidy the path up. */
const statusOf = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway);
    get({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });

/** Paths that climb, and the file that each would reach if nobody looked. */
const CLIMBING = {
  '/widget/assets/../../package.json': 'services/gateway/widget/package.json',
  '/widget/assets/%2e%2e/%2e%2e/src/loader.ts': 'services/gateway/widget/src/loader.ts',
  '/widget/assets/..%2f..%2f..%2fsrc/main.ts': 'services/gateway/src/main.ts',
  '/console/..%2fsrc/main.tsx': 'services/gateway/console/src/main.tsx',
  '/console/../src/main.tsx': 'services/gateway/console/src/main.tsx',
  '/photos/../serve.ts': 'deploy/demo-shop/serve.ts',
  '/photos/..%2fsettings.json': 'deploy/demo-shop/settings.json',
};
const NOWHERE = [
  '/console/%E0%A4%A',
  '/open/%E0%A4%A',
  '/open/%2e%2e%2f',
  '/widget/config/..%2f.json',
  '/widget/config/__proto__.json',
  '/api/me/..',
  '/ws/visitor',
  '/toString',
];

test('no request for a file or an answer reaches outside of what is served', async () => {
  // A path to nothing proves nothing.
  for (const file of Object.values(CLIMBING)) expect([file, existsSync(new URL(file, ROOT))]).toEqual([file, true]);
  const found: string[] = [];
  for (const path of [...Object.keys(CLIMBING), ...NOWHERE])
    if (![400, 403, 404].includes((await statusOf(path)) ?? 0)) found.push(path);
  expect(found).toEqual([]);
  expect(await statusOf('/photos/anna.svg')).toBe(200);
  expect(await statusOf('/readyz')).toBe(200);
  expect(await statusOf('/console/')).toBe(200);
});
