// How the manifests start NATS, with its real program: a password is what the Secret says, whatever stands in it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connectBus } from '@continuo/bus';
import { freePort, NATS_USERS, natsRecipe, resolveBinary } from '@continuo/servers';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT } from '../run-node.ts';
import { passwordVariable } from './nats-users.ts';

/** Each of them ends a value, or makes it something else than words, where a configuration of NATS is read. */
const AWKWARD = [
  '12345678901234567890',
  'it\'s "said" \\ to \\x41 be\\n',
  'a, b} ] # c // d ; e = f : g',
  '$NATS_PASSWORD_ADMIN $HOME $(id) `id`',
  ' true ',
  '(ключ über\talles\n)\n',
  "'2k'",
];
const passwords = Object.fromEntries(NATS_USERS.map((user, i) => [user, AWKWARD[i] as string]));
let folder: string;
let program: string;

beforeAll(async () => {
  program = dirname((await resolveBinary(natsRecipe)).path);
  folder = await mkdtemp(join(tmpdir(), 'continuo-nats-start-'));
  for (const file of ['start.sh', 'users.conf'])
    await copyFile(join(ROOT, 'k8s/components/nats', file), join(folder, file));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (given: Record<string, string>) =>
  spawn('sh', [join(folder, 'start.sh')], {
    env: {
      PATH: `${program}${delimiter}${process.env['PATH']}`,
      ...Object.fromEntries(Object.entries(given).map(([user, password]) => [passwordVariable(user), password])),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });

test('every user is let in by the password of the Secret, whatever stands in it, and by no other', async () => {
  expect(NATS_USERS).toHaveLength(AWKWARD.length);
  const port = await freePort();
  const jetstream = `jetstream { store_dir: ${JSON.stringify(join(folder, 'data'))} }`;
  await writeFile(join(folder, 'nats.conf'), `listen: "127.0.0.1:${port}"\n${jetstream}\ninclude users.conf\n`);
  const server = start(passwords);
  const ended = once(server, 'exit');
  const said = text(server.stderr);
  try {
    const login = async (user: string, password: string): Promise<void> => {
      await using _bus = await connectBus({ name: user, url: `nats://127.0.0.1:${port}`, user, password });
    };
    const gone = ended.then(async () => {
      throw new Error(await said);
    });
    await Promise.race([gone, eventually(() => login('admin', passwords['admin'] as string))]);
    for (const user of NATS_USERS) await login(user, passwords[user] as string);
    for (const [other, user] of NATS_USERS.entries())
      await expect(login(user, AWKWARD[(other + 1) % AWKWARD.length] as string)).rejects.toThrow(/Authorization/);
  } finally {
    server.kill();
    await ended;
  }
}, 60_000);

test.each([
  ['an empty password', ''],
  ['one that NATS would take for a hash', '$2a$11$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234'],
])('%s is refused in words', async (_what, password) => {
  const server = start({ ...passwords, 'crm-sync': password });
  const [said, [code]] = await Promise.all([text(server.stderr), once(server, 'exit')]);
  expect([code, said]).toEqual([1, expect.stringContaining('the password NATS_PASSWORD_CRM_SYNC ')]);
});
