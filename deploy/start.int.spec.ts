// The README's first command, as a process: the chat is there, the CRM is connected behind it, what is killed comes back, and it ends cleanly.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { QueryAnswer } from '@continuo/contracts';
import { SERVICES } from '@continuo/servers';
import { atTerminal, eventually, testAgent, testVisitor } from '@continuo/testing';
import { afterAll, expect, test } from '@jest/globals';
import { ROOT, runNode } from './run-node.ts';
import { readSettings } from './settings.ts';

let launcher: ChildProcess | undefined;
let data = '';
afterAll(async () => {
  if (launcher?.exitCode === null && launcher.signalCode === null) {
    const ended = once(launcher, 'exit');
    launcher.kill('SIGTERM');
    await ended;
  }
  if (data) await rm(data, { recursive: true, force: true });
}, 240_000);

/** Ten ports in a row, below those that systems give to whoever asks for any. */
async function start(tries = 3): Promise<{ port: number; ended: Promise<number | null>; said: () => string }> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const args = [join(ROOT, 'deploy/start.ts'), '--port', String(port), '--data', data, '--no-rabbitmq', '--metrics'];
  let output = '';
  // An operator's own folder of mappings, and a setting that is none of the demo's.
  const env = { ...process.env, CONTINUO_CRM_MAPPINGS_DIR: data, CONTINUO_LINK_KEY: 'of another installation' };
  launcher = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [launcher.stdout, launcher.stderr])
    stream?.on('data', (text) => {
      output += text;
    });
  const ended = new Promise<number | null>((resolve) => launcher?.once('exit', resolve));
  const first = await Promise.race([
    ended,
    eventually(() => expect(output).toContain('/console/'), { withinMs: 120_000 }),
  ]);
  if (first === 1 && tries > 1 && /taken|in use/.test(output)) return start(tries - 1);
  return { port, ended, said: () => output };
}

const pidOf = async (name: string): Promise<number> =>
  JSON.parse(await readFile(join(data, name, 'process.json'), 'utf8')).server.pid;

/** Kills it as nobody expects, and waits until another is there in its place. */
async function kill(name: string): Promise<void> {
  const killed = await pidOf(name);
  process.kill(killed, 'SIGKILL');
  await eventually(async () => expect(await pidOf(name)).not.toBe(killed), { withinMs: 60_000 });
}

/** @returns what `npm run settings` says of them */
async function settingsWith(crms: { crm?: object; removeCrm?: string[] }): Promise<string> {
  const { site, agents } = await readSettings(join(ROOT, 'deploy/demo-shop/settings.json'));
  const file = join(data, 'settings.json');
  const addresses = { origins: ['http://127.0.0.1:1'], consoleUrl: 'http://127.0.0.1:2' };
  await writeFile(file, JSON.stringify({ site: { ...site, ...addresses }, agents, ...crms }));
  const env = { ...process.env, ...atTerminal() };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['deploy/settings.ts', file], {
    cwd: ROOT,
    env,
  });
  expect(stdout).toMatch(/^The site “[^”]+” and \d+ employees are saved\.\n/);
  return stdout.slice(stdout.indexOf('\n') + 1) + stderr;
}

test('everything comes up, the CRM behind the chat, comes back when it is killed, and ends when it is told to', async () => {
  data = await mkdtemp(join(tmpdir(), 'continuo-start-'));
  await writeFile(join(data, 'faulty.yaml'), 'id: faulty\n');
  const { port, ended, said } = await start();
  expect(said()).toMatch(/CONTINUO_LINK_KEY is not taken/);
  expect(said()).toMatch(/faulty\.yaml is not a mapping that works: line .* is lacking/);
  const crmSync = await readFile(`/proc/${await pidOf('crm-sync')}/environ`, 'utf8');
  expect(crmSync.split('\0')).toContain(`CONTINUO_CRM_MAPPINGS_DIR=${data}`);
  const shop = await fetch(`http://127.0.0.1:${port + 1}/`);
  expect([shop.status, await shop.text()]).toEqual([200, expect.stringContaining('widget.js')]);
  const measured = [...said().matchAll(/(http:\/\/\S+)\/metrics +(\S+)$/gm)];
  expect(measured.map(([, , name]) => name)).toEqual([...SERVICES]);
  for (const [, address, name] of measured) {
    const told = await (await fetch(`${address}/metrics`)).text();
    expect({ name, told }).toEqual({ name, told: expect.stringMatching(/^continuo_bus_up 1$/m) });
    if (name !== 'gateway') expect(await (await fetch(`${address}/readyz`)).text()).toBe('ready\n');
  }
  await eventually(() => expect(said()).toMatch(/The CRM is connected|There is no CRM/), { withinMs: 300_000 });
  expect(said()).toContain('The CRM is connected');

  const gateways = () => [`http://127.0.0.1:${port}`];
  const { site, agents } = await readSettings(join(ROOT, 'deploy/demo-shop/settings.json'));
  await using visitor = testVisitor({ gateways, site: site.id, origin: `http://127.0.0.1:${port + 1}` });
  await visitor.socket.ready();
  expect(await visitor.say('before anything is killed')).toBe(1);
  await kill('nats');
  expect(await visitor.say('after NATS was killed')).toBe(2);
  await kill('mongo');
  expect(await visitor.say('after MongoDB was killed')).toBe(3);
  // His session and what he reads stand in MongoDB.
  const { email, password } = agents[0] as { email: string; password: string };
  await using agent = await eventually(() => testAgent({ gateways, email, password }), { withinMs: 60_000 });
  agent.open(visitor.conversation() as string);
  await eventually(() =>
    expect(agent.messages(visitor.conversation() as string).map(({ text }) => text)).toEqual([
      'before anything is killed',
      'after NATS was killed',
      'after MongoDB was killed',
    ]),
  );
  expect(await runNode(['deploy/rebuild-views.ts'], atTerminal())).toBe(0);
  const credentials = { token: 'bcrm_pat_of_nobody' };
  const crm = { connector: 'bottlecrm', baseUrl: `http://127.0.0.1:${port + 3}`, credentials };
  expect(await settingsWith({ crm })).toMatch(/^The settings are saved\. The CRM does not work yet: .*(token|sign)/);
  const connected = async () => {
    const { connections } = (await agent.query('crm-connections', {})) as QueryAnswer<'crm-connections'>;
    return connections.map(({ connection }) => connection);
  };
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const nobodyThere = { id: 'erp', connector: 'webhook', baseUrl: 'http://127.0.0.1:1/', credentials: { secret } };
  expect(await settingsWith({ crm: [nobodyThere] })).toMatch(
    /^The settings are saved\. The CRM “erp” does not work yet: /,
  );
  expect(await connected()).toEqual(['crm', 'erp']);
  expect(await settingsWith({ removeCrm: ['erp', 'nobody'] })).toBe(
    'The CRM “erp” is removed.\nThe settings are saved. There is no CRM “nobody” to remove (any more).\n',
  );
  expect(await connected()).toEqual(['crm']);
  launcher?.kill('SIGTERM');
  expect(await ended).toBe(0);
}, 480_000);
