// The images of this checkout under docker-compose.yml: a visitor's message reaches an employee, whoever takes it down and up again finds everything, and no
// service may write to its image.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@continuo/contracts';
import { SERVICES } from '@continuo/servers';
import { eventually, type TestAgent, testAgent, testVisitor } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { type ComposedSystem, composedSystem } from './compose.ts';

const ENOUGH_MS = 600_000;
const SHOP = 'http://shop.example';
const site = newId();
const SETTINGS = ['operator', 'deploy/settings.ts', '/settings.json'];
const employee = { email: 'anna@nordhem.example', password: newId() };
let system: ComposedSystem;
let folder: string;

const gateways = (): string[] => [system.gateway];
const ready = () =>
  eventually(
    async () => {
      const states = await system.health();
      // NATS, MongoDB, RabbitMQ and the mails, too.
      expect(states.length).toBeGreaterThan(SERVICES.length);
      expect(states.filter((state) => state !== 'healthy')).toEqual([]);
      expect((await fetch(`${system.gateway}/readyz`)).status).toBe(200);
    },
    { withinMs: 180_000 },
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-settings-'));
  system = await composedSystem();
  await system.up();
  await ready();
}, ENOUGH_MS);
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}, ENOUGH_MS);

test(
  'a site is set up as docs/operations.md says, a message reaches its employee, the transcript RabbitMQ, and the answer goes by mail when the visitor has gone',
  async () => {
    const { port, ...account } = system.bus;
    const bus = await connect({ hostname: '127.0.0.1', port, ...account });
    const channel = await bus.createChannel();
    await channel.assertExchange('continuo', 'topic', { durable: true });
    const { queue } = await channel.assertQueue('crm.in', { durable: true });
    await channel.bindQueue(queue, 'continuo', '#');
    const published: unknown[] = [];
    await channel.consume(queue, (message) => {
      if (!message) return;
      published.push(JSON.parse(message.content.toString()));
      channel.ack(message);
    });

    const settings = join(folder, 'settings.json');
    const text = JSON.stringify({
      site: {
        id: site,
        name: 'Nordhem',
        language: 'en',
        origins: [SHOP],
        consoleUrl: system.gateway,
        typingPreview: true,
        mail: { fromAddress: 'desk@nordhem.example', answerDelaySeconds: 3 },
        crm: { windowSeconds: 1 },
      },
      agents: [{ id: newId(), name: 'Anna', role: 'agent', capacity: 5, ...employee }],
      crm: { connector: 'amqp', baseUrl: 'amqp://rabbitmq:5672', credentials: account },
    });
    await writeFile(settings, text);
    await system.run('run', '--rm', '-T', '-v', `${settings}:/settings.json:ro`, ...SETTINGS);

    await using agent = await testAgent({ gateways, ...employee });
    await agent.goOnline();
    const visitor = testVisitor({ gateways, site, origin: SHOP });
    await visitor.say('Is the oak desk in stock?');
    const conversation = visitor.conversation() as string;
    await eventually(() => expect(agent.mine()).toContain(conversation));
    await visitor.socket.command('identify-contact', { conversation, email: 'visitor@example.com' });
    await visitor[Symbol.asyncDispose]();
    await agent.reply(conversation, 'Four of them.');
    await eventually(
      async () => expect(await (await fetch(`${system.mails}/api/mails`)).text()).toContain('visitor@example.com'),
      { withinMs: 60_000 },
    );
    await eventually(() => expect(JSON.stringify(published)).toMatch(/Is the oak desk in stock\?.*Four of them\./), {
      withinMs: 60_000,
    });
    await bus.close();
  },
  ENOUGH_MS,
);

test(
  'down and up again: who was in the middle of a dialogue goes on with it',
  async () => {
    await using visitor = testVisitor({ gateways, site, origin: SHOP });
    const asked = async (
      text: string,
      work: (agent: TestAgent, conversation: string) => Promise<unknown>,
    ): Promise<void> => {
      await using agent = await testAgent({ gateways, ...employee });
      await agent.goOnline();
      await eventually(() => expect(visitor.availability()).toBe('free'), { withinMs: 60_000 });
      await visitor.say(text);
      const conversation = visitor.conversation() as string;
      await eventually(() => expect(agent.mine()).toContain(conversation), { withinMs: 60_000 });
      await work(agent, conversation);
    };
    await asked('Do you deliver?', (agent, conversation) => agent.reply(conversation, 'We do.'));
    await system.down();
    await system.up();
    await ready();
    await asked('To Gyumri, too?', async (agent, conversation) => {
      await agent.reply(conversation, 'To Gyumri, too.');
      const said = ['Do you deliver?', 'We do.', 'To Gyumri, too?', 'To Gyumri, too.'];
      await eventually(() => {
        expect(agent.messages(conversation).map(({ text }) => text)).toEqual(said);
        expect(visitor.messages().map(({ text }) => text)).toEqual(said);
      });
    });
  },
  ENOUGH_MS,
);

test.each([...SERVICES])(
  '%s runs without root on a file system that cannot be written',
  async (service) => {
    const code = `console.log(process.getuid()); try { fs.writeFileSync('/app/written', ''); console.log('written') } catch (e) { console.log(e.code) }`;
    expect((await system.run('exec', '-T', service, 'node', '-e', code)).trim()).toBe('10001\nEROFS');
  },
  60_000,
);
