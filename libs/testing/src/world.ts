// A whole installation for one test file: a nats-server of its own, a database of its own in the shared mongod, the services as processes, and people.
// `await using world = await startWorld({ … })`: nothing is left behind, and no word that somebody sent stands in what the services put out.
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus, permissionsOf, provision, request } from '@continuo/bus';
import { type AgentSettings, leaseKey, newId, type Role, type SiteSettings } from '@continuo/contracts';
import { hashPassword } from '@continuo/gateway/password';
import {
  type BottleCrmOrganisation,
  keptSecrets,
  type MailCatcher,
  NATS_USERS,
  SERVICES,
  type ServiceName,
  type ServiceProcess,
  serviceEnvironment,
  startMailCatcher,
  startMongo,
  startNats,
  startService,
  testCrm,
  testMongoUrl,
} from '@continuo/servers';
import mongoose from 'mongoose';
import { type TestAgent, testAgent } from './agent.ts';
import { type TestClock, testClock } from './clock.ts';
import { eventually } from './eventually.ts';
import { type Removable, removable } from './faults.ts';
import { expectNoLeaks, keepOut, keepOutOf } from './leaks.ts';
import { tracesReceived } from './otlp-sink.ts';
import { type TestVisitor, testVisitor } from './visitor.ts';

export interface WorldOptions {
  /** Which services run, and how many of each; default one of each. */
  services?: Partial<Record<ServiceName, number>>;
  agents?: number;
  site?: Partial<Omit<SiteSettings, 'id'>>;
  /** Connects the site to an organisation of its own in the real BottleCRM. */
  crm?: boolean;
  /** Where the CRM is reached instead of directly, e.g. a proxy that makes faults. */
  crmAddress?: (real: string) => Promise<string> | string;
  env?: Record<string, string>;
  /** With the keys and passwords of another world, as an installation that is restored somewhere else has them. */
  secretsOf?: Pick<World, 'dir'>;
  /** A mongod of its own, for tests that take it away. */
  ownMongo?: boolean;
  /** Where NATS keeps its data instead of in the world's folder, e.g. on a disk that fills up. */
  natsDir?: string;
  /** The same for a mongod of its own. */
  mongoDir?: string;
}
export interface WorldAgent {
  id: string;
  name: string;
  email: string;
  password: string;
}
export interface World extends AsyncDisposable {
  readonly site: SiteSettings;
  readonly employees: WorldAgent[];
  readonly clock: TestClock;
  /** May do everything at NATS. */
  readonly admin: Bus;
  /** The identity of the operator's tools. */
  readonly operator: Bus;
  readonly nats: Removable;
  /** Only with `ownMongo`. */
  readonly mongo: Removable;
  readonly mail: MailCatcher;
  readonly crm: BottleCrmOrganisation & { baseUrl: string; apiUrl: string };
  readonly database: mongoose.Connection;
  readonly dir: string;
  /** Addresses of the gateways that run now. */
  readonly gateways: () => string[];
  readonly running: (name: ServiceName) => ServiceProcess[];
  /** SIGKILL to one replica. */
  kill(name: ServiceName, replica?: number): Promise<void>;
  /** SIGTERM to one replica. @returns how it ended: 0 when it drained */
  drain(name: ServiceName, replica?: number): Promise<number | string>;
  /** Starts one more replica; a gateway may take the port of one that was killed. @param settings of this one, beside those of all */
  start(name: ServiceName, httpPort?: number, settings?: Record<string, string>): Promise<ServiceProcess>;
  visitor(options?: { language?: string }): TestVisitor;
  /** Logs an employee in, by his place in `employees`, in a browser of his own that goes to this gateway first. */
  agent(index?: number, gateway?: number): Promise<TestAgent>;
  /** For tests that act as an employee over the bus, without a socket: he is there, and never goes by himself. */
  stayPresent(index: number): Promise<void>;
  /** Everything that the services wrote to their logs so far. */
  logs(): Promise<string>;
}

/** Of the demo shop: served when CONTINUO_PHOTOS_DIR names its folder. */
const PHOTOS = ['/photos/anna.svg', '/photos/dmitry.svg', '/photos/marie.svg'];
const NAMES = ['Анна Петрова', 'Дмитрий Ким', 'Marie Hubert', 'James Tan', 'Léa Simon', 'Арам Мкртчян'];

export async function startWorld({
  services = {},
  agents = 2,
  site: siteGiven = {},
  crm: withCrm = false,
  crmAddress,
  env = {},
  secretsOf,
  ownMongo = false,
  natsDir,
  mongoDir,
}: WorldOptions = {}): Promise<World> {
  const stack = new AsyncDisposableStack();
  try {
    const dir = await mkdtemp(join(tmpdir(), 'continuo-world-'));
    stack.defer(() => rm(dir, { recursive: true, force: true }));
    const clockFile = join(dir, 'clock');
    if (secretsOf) await copyFile(join(secretsOf.dir, 'secrets.json'), join(dir, 'secrets.json'));
    const secrets = await keptSecrets(join(dir, 'secrets.json'));
    for (const secret of Object.values({ ...secrets, ...secrets.nats }))
      if (typeof secret === 'string') keepOut(secret);
    const users = NATS_USERS.map((user) => ({
      user,
      password: secrets.nats[user],
      ...(user !== 'admin' && { permissions: permissionsOf(user) }),
    }));
    const natsHome = natsDir ?? join(dir, 'nats');
    const mongoHome = mongoDir ?? join(dir, 'mongo');
    const nats = stack.use(
      await removable((port) => startNats({ dir: natsHome, users, ...(port !== undefined && { port }) })),
    );
    const connect = async (user: 'admin' | 'operator'): Promise<Bus> =>
      remembering(stack.use(await connectBus({ name: user, url: nats.url, user, password: secrets.nats[user] })));
    const admin = await connect('admin');
    await provision(admin);
    const operator = await connect('operator');

    const databaseName = `world_${newId()}`;
    const mongo = ownMongo
      ? stack.use(await removable((port) => startMongo({ dir: mongoHome, ...(port !== undefined && { port }) })))
      : undefined;
    const mongoUrl = mongo?.url ?? (await testMongoUrl());
    const database = await mongoose.createConnection(mongoUrl, { dbName: databaseName }).asPromise();
    stack.defer(async () => {
      await database.dropDatabase();
      await database.close();
    });
    const mail = await startMailCatcher({ dir: join(dir, 'mail') });
    stack.defer(() => mail.stop());

    const processes = new Map<ServiceName, ServiceProcess[]>(SERVICES.map((name) => [name, []]));
    const extra = { CONTINUO_TEST_CLOCK: '1', CONTINUO_TEST_CLOCK_FILE: clockFile, CONTINUO_LOG_LEVEL: 'info' };
    let launched = 0;
    const start = async (name: ServiceName, httpPort = 0, settings = {}): Promise<ServiceProcess> => {
      const own = Object.fromEntries(
        Object.entries(env).filter(
          ([variable]) =>
            !/^CONTINUO_(LIMIT_|PHOTOS_|FILES_|AGENT_|PROXY_|METRICS_PORT$)/.test(variable) || name === 'gateway',
        ),
      );
      launched += 1;
      const service = await startService(name, {
        env: serviceEnvironment(name, {
          natsUrl: nats.url,
          mongoUrl,
          database: databaseName,
          smtpUrl: mail.smtpUrl,
          secrets,
          extra: { ...extra, ...own, ...settings },
        }),
        dir: join(dir, 'services', `${name}-${launched}`),
        httpPort,
      });
      processes.get(name)?.push(service);
      return service;
    };
    const running = (name: ServiceName): ServiceProcess[] => processes.get(name) ?? [];
    const logs = () => logsBelow(join(dir, 'services'));
    stack.defer(async () => {
      const all = [...processes.values()].flat();
      const metrics = (await Promise.all(all.map((one) => metricsOf(one, env)))).join('\n');
      await Promise.all(all.map((one) => one.stop()));
      const servers = {
        'nats-server': await readFile(join(natsHome, 'output.log'), 'utf8'),
        ...(ownMongo && { mongod: await readFile(join(mongoHome, 'output.log'), 'utf8') }),
      };
      expectNoLeaks({ ...(await logs()), ...servers, metrics, traces: tracesReceived() });
    });
    await Promise.all(
      SERVICES.flatMap((name) =>
        Array.from({ length: services[name] ?? (Object.keys(services).length > 0 ? 0 : 1) }, () => start(name)),
      ),
    );

    const gateways = (): string[] => (processes.get('gateway') ?? []).map(({ port }) => `http://127.0.0.1:${port}`);
    const site: SiteSettings = {
      id: newId(),
      name: 'Nordhem',
      origins: ['http://shop.example'],
      language: 'en',
      consoleUrl: gateways()[0] ?? 'http://127.0.0.1:1',
      typingPreview: true,
      mail: { fromAddress: 'desk@nordhem.example', answerDelaySeconds: 120 },
      crm: { windowSeconds: 4 },
      ...siteGiven,
    };
    const employees: WorldAgent[] = Array.from({ length: agents }, (_, index) => ({
      id: newId(),
      name: NAMES[index % NAMES.length] as string,
      email: `agent${index + 1}@nordhem.example`,
      password: `correct horse ${newId()}`,
    }));
    if (running('conversation').length > 0) await seed(operator, site, employees, running('gateway').length > 0);

    const organisation = withCrm
      ? await organisationOf(operator, site, running('crm-sync').length > 0, crmAddress)
      : undefined;
    const people = new AsyncDisposableStack();
    stack.use(people);
    const world = stack.move();
    return {
      site,
      employees,
      admin,
      operator,
      nats,
      get mongo() {
        if (!mongo) throw new Error('this world shares its MongoDB: start it with { ownMongo: true }');
        return mongo;
      },
      mail,
      database,
      dir,
      gateways,
      running,
      start,
      clock: testClock(clockFile, admin),
      get crm() {
        if (!organisation) throw new Error('this world has no CRM: start it with { crm: true }');
        return organisation;
      },
      kill: async (name, replica = 0) => {
        const [killed] = running(name).splice(replica, 1);
        killed?.signal('SIGKILL');
        await killed?.exited;
      },
      drain: async (name, replica = 0) => {
        const [drained] = running(name).splice(replica, 1);
        if (!drained) throw new Error(`no ${name} runs`);
        drained.signal('SIGTERM');
        return drained.exited;
      },
      visitor: (options = {}) =>
        people.use(testVisitor({ gateways, site: site.id, origin: site.origins[0] as string, ...options })),
      agent: async (index = 0, gateway = 0) =>
        people.use(
          await testAgent({
            gateways: () => [...gateways().slice(gateway), ...gateways().slice(0, gateway)],
            email: employees[index]?.email as string,
            password: employees[index]?.password as string,
          }),
        ),
      stayPresent: async (index) => {
        await admin.js.publish(`$KV.presence.${leaseKey(site.id, employees[index]?.id as string, newId())}`, '');
      },
      logs: async () => Object.values(await logs()).join(''),
      [Symbol.asyncDispose]: () => world.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** What the processes wrote that run there, each in a folder of its own. */
export async function logsBelow(dir: string): Promise<Record<string, string>> {
  const folders = await readdir(dir).catch(() => []);
  const read = (folder: string) => readFile(join(dir, folder, 'output.log'), 'utf8');
  return Object.fromEntries(await Promise.all(folders.map(async (folder) => [folder, await read(folder)] as const)));
}

/** What the tests say over the bus themselves is somebody's words too. */
function remembering(bus: Bus): Bus {
  const ask = bus.nc.request.bind(bus.nc);
  bus.nc.request = (subject, payload, options) => {
    if (/^(command|query)\./.test(subject) && typeof payload === 'string') keepOutOf(JSON.parse(payload));
    return ask(subject, payload, options);
  };
  return bus;
}

/** Nothing where nothing is measured. The gateway's stand on a port of their own. */
async function metricsOf({ name, port }: ServiceProcess, env: Record<string, string>): Promise<string> {
  const own = name === 'gateway' ? Number(env['CONTINUO_METRICS_PORT'] ?? 0) : port;
  if (!env['CONTINUO_METRICS'] || own === 0) return '';
  const answer = await fetch(`http://127.0.0.1:${own}/metrics`).catch(() => undefined);
  return answer?.ok ? answer.text() : '';
}

async function seed(operator: Bus, site: SiteSettings, employees: WorldAgent[], withLogins: boolean): Promise<void> {
  const actor = { kind: 'operator', id: 'test' } as const;
  const envelope = () => ({ id: newId(), site: site.id, actor });
  await request(operator, 'save-site', envelope(), { settings: site });
  for (const [index, { id, name, email, password }] of employees.entries()) {
    const role: Role = index === employees.length - 1 && employees.length > 2 ? 'supervisor' : 'agent';
    const settings: AgentSettings = {
      id,
      site: site.id,
      name,
      photo: PHOTOS[index % PHOTOS.length] as string,
      email,
      role,
      capacity: 5,
    };
    // The site just saved travels to the service’s settings by the bus.
    await eventually(async () => {
      const saved = await request(operator, 'save-agent', envelope(), { settings });
      if (!saved.ok) throw new Error(saved.words);
    });
    if (withLogins)
      await request(operator, 'save-login', envelope(), {
        agent: id,
        email,
        passwordHash: await hashPassword(password),
      });
  }
}

async function organisationOf(
  operator: Bus,
  site: SiteSettings,
  connected: boolean,
  crmAddress: WorldOptions['crmAddress'],
): Promise<World['crm']> {
  const server = await testCrm();
  const organisation = await server.newOrganisation(`Nordhem ${site.id}`);
  if (connected) {
    const baseUrl = crmAddress ? await crmAddress(server.baseUrl) : server.baseUrl;
    const saved = await request(
      operator,
      'save-crm-connection',
      { id: newId(), site: site.id, actor: { kind: 'operator', id: 'test' } },
      { connection: { connector: 'bottlecrm', baseUrl, credentials: { token: organisation.token } } },
      { timeoutMs: 30_000 },
    );
    if (!saved.ok) throw new Error(`save-crm-connection: ${saved.words}`);
  }
  return { ...organisation, baseUrl: server.baseUrl, apiUrl: server.apiUrl };
}
