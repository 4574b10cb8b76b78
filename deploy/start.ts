// `npm start`: the whole system on this machine. Servers, provision, services, the demo shop, then a real CRM in the background. Stopping keeps all data.
//   npm start -- --port 4100    first of five ports: gateway with console, shop, mails, CRM, RabbitMQ
//   npm start -- --data DIR     where everything is kept (.data/demo)
//   npm start -- --no-crm       without the CRM
//   npm start -- --no-rabbitmq  without RabbitMQ; with RABBITMQ_URL in the environment none is started either
//   npm start -- --metrics      each service measures and serves /metrics, at the five ports after those
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ask, type Bus, connectBus, openSettings, permissionsOf, provision } from '@continuo/bus';
import { type CrmConnectionState, newId } from '@continuo/contracts';
import {
  isFree,
  keptSecrets,
  NATS_USERS,
  type RunningServer,
  SERVICES,
  type Secrets,
  type ServiceName,
  serviceEnvironment,
  startBottleCrm,
  startMailCatcher,
  startMongo,
  startNats,
  startRabbitMq,
  startService,
  takeOver,
} from '@continuo/servers';
import { connectStore, migrate } from '@continuo/store';
import { onlyWarnings } from '@continuo/telemetry';
import { buildBrowserCode } from './build.ts';
import { connectDemoCrm } from './demo-crm.ts';
import { serveShop } from './demo-shop/serve.ts';
import { saveDemoSite } from './demo-site.ts';
import { type Kept, keepRunning } from './keep-running.ts';
import { faultyMappings, operatorSettings } from './operator-settings.ts';
import { offerRabbitMq } from './rabbitmq.ts';
import { noteRunning } from './running.ts';
import { applySettings, readSettings, send } from './settings.ts';
import { type Stage, stages } from './start-stages.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const DATABASE = 'continuo';
/** It is the only one: when it stops there is nobody whom its sockets could come to by and by. */
const GATEWAY = { CONTINUO_PHOTOS_DIR: here('demo-shop/photos'), CONTINUO_DRAIN_SPREAD_MS: '0' };
const USAGE = 'npm start -- [--port 4100] [--data DIR] [--no-crm] [--no-rabbitmq] [--metrics]';
const METRICS_OFFSET = 5;

const values = readArguments();
const first = Number(values.port);
const data = resolve(values.data);
const address = (offset: number): string => `http://127.0.0.1:${first + offset}`;
const rabbitMqUrl = process.env['RABBITMQ_URL'];
const metricsPort = (name: ServiceName): number => first + METRICS_OFFSET + SERVICES.indexOf(name);
const startsRabbitMq = !values['no-rabbitmq'] && rabbitMqUrl === undefined;
const began = Date.now();
const say = (line: string): void =>
  void process.stdout.write(`${`${((Date.now() - began) / 1000).toFixed(1)} s`.padStart(8)}  ${line}\n`);

onlyWarnings();
const running = stages();
let stopping = false;
const stop = async (code: number): Promise<void> => {
  if (stopping) return;
  stopping = true;
  if (code === 0) say('Stopping. All data is kept.');
  await running.stop().catch((error: Error) => say(`Not everything stopped cleanly: ${error.message}`));
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
const fail = (error: unknown): Promise<void> => {
  if (!stopping) process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  return stop(1);
};

try {
  const used = METRICS_OFFSET + (values.metrics ? SERVICES.length : 0);
  if (!Number.isInteger(first) || first < 1024 || first > 65_536 - used)
    throw new Error(
      `--port ${values.port}: a number from 1024 to ${65_536 - used} is expected; ${used} ports from there on are used.`,
    );
  await start();
} catch (error) {
  await fail(error);
}

/** Asked before anything is started, so that a taken port is one sentence and leaves nothing behind. */
async function portsMustBeFree(): Promise<void> {
  const wanted = [
    ...['gateway and console', 'shop', 'mails'],
    ...[values['no-crm'] ? '' : 'CRM', startsRabbitMq ? 'RabbitMQ' : ''],
    ...(values.metrics ? SERVICES.map((name) => `metrics of ${name}`) : []),
  ];
  for (const [offset, what] of wanted.entries())
    if (what !== '' && !(await isFree(first + offset)))
      throw new Error(
        `Port ${first + offset} (${what}) is taken: stop what listens there, or choose others with npm start -- --port ${first + 100}.`,
      );
}

async function start(): Promise<void> {
  await mkdir(data, { recursive: true });
  // What a killed launcher left running still holds its ports; a living one is told of here.
  for (const name of [...SERVICES, 'crm', 'rabbitmq']) await takeOver(name, join(data, name));
  await portsMustBeFree();
  const secrets = await keptSecrets(join(data, 'secrets.json'));
  say('Starting NATS and MongoDB.');
  const users = natsUsers(secrets);
  const [nats, mongo, mail] = await Promise.all([
    keptServer('nats', (place) => startNats({ ...place, users, onProgress: say })),
    keptServer('mongo', (place) => startMongo({ ...place, onProgress: say })),
    startMailCatcher({ dir: join(data, 'mails'), httpPort: first + 2 }).then((server) =>
      running.use('servers', server),
    ),
  ]);
  const connect = (user: 'admin' | 'operator'): Promise<Bus> =>
    connectBus({ name: user, url: nats.url, user, password: secrets.nats[user] });
  await Promise.all([
    provisionAs(await connect('admin')),
    bringUpToDate(mongo.url),
    buildBrowserCode().then((built) => built.length > 0 && say(`Built ${built.join(' and ')}.`)),
  ]);

  const { crmSync, warnings } = operatorSettings(process.env);
  for (const warning of [...warnings, ...(await faultyMappings(crmSync.CONTINUO_CRM_MAPPINGS_DIR))]) say(warning);
  say('Starting the services.');
  const surroundings = { natsUrl: nats.url, mongoUrl: mongo.url, database: DATABASE, smtpUrl: mail.smtpUrl, secrets };
  await Promise.all(
    SERVICES.map((name) => {
      const isGateway = name === 'gateway';
      const env = {
        ...serviceEnvironment(name, surroundings),
        ...(isGateway && GATEWAY),
        ...(name === 'crm-sync' && crmSync),
        ...(values.metrics &&
          (isGateway ? { CONTINUO_METRICS_PORT: `${metricsPort(name)}` } : { CONTINUO_METRICS: '1' })),
      };
      const httpPort = isGateway ? first : values.metrics ? metricsPort(name) : 0;
      return kept(isGateway ? 'doors' : 'services', name, () =>
        startService(name, { env, dir: join(data, name), httpPort }),
      );
    }),
  );

  const settings = await readSettings(here('demo-shop/settings.json'));
  const operator = running.use('doors', await connect('operator'));
  const demo = { ...settings, site: { ...settings.site, origins: [address(1)], consoleUrl: address(0) } };
  const theirs = await saveDemoSite({ said: join(data, 'saved-settings'), wrote: join(data, 'saved-site') }, demo, {
    standing: async () => standingSite(await connect('admin'), demo.site.id),
    apply: (file) => applySettings(operator, file),
    saveSite: (site) => send(operator, site.id, 'save-site', { settings: site }),
  });
  if (theirs) say('The site keeps the settings that were changed; only the addresses of this start are new.');
  running.use(
    'doors',
    await noteRunning({
      natsUrl: nats.url,
      password: secrets.nats.operator,
      adminPassword: secrets.nats.admin,
      views: { mongoUrl: mongo.url, database: DATABASE, password: secrets.nats.conversation },
    }),
  );
  running.use('doors', await serveShop({ port: first + 1, gateway: address(0), site: settings.site.id }));

  const logins = settings.agents.map(
    ({ name, email, password, role }) =>
      `           ${email.padEnd(24)} ${String(password).padEnd(14)} ${name}${role === 'agent' ? '' : ` (${role})`}`,
  );
  const lines = [
    '',
    `  Shop     ${address(1)}    open it and write`,
    `  Console  ${address(0)}/console/    answer there`,
    ...logins,
    `  Mails    ${address(2)}`,
    values['no-crm']
      ? ''
      : `  CRM      ${address(3)}    an API without pages; coming up in the background, the chat works already`,
    ...(values.metrics ? addressesOfMetrics() : ['  Metrics  with npm start -- --metrics']),
    '',
    '  Ctrl-C stops everything and keeps the data.',
    '',
  ];
  say(`Ready.\n${lines.join('\n')}`);
  if (!values['no-crm']) await connectCrm(operator, settings.site.id);
  if (!values['no-rabbitmq'])
    await offerRabbitMq({
      url: rabbitMqUrl,
      begin: () =>
        kept(
          'servers',
          'rabbitmq',
          () =>
            startRabbitMq({
              dir: join(data, 'rabbitmq'),
              port: first + 4,
              onProgress: (line) => say(`RabbitMQ: ${line}`),
            }),
          without,
        ),
      say: (line) => {
        if (!stopping) say(line);
      },
    });
}

/** Each beside /readyz and /livez; the gateway's health is at its own address. */
function addressesOfMetrics(): string[] {
  return SERVICES.map(
    (name, index) =>
      `${index === 0 ? '  Metrics  ' : ' '.repeat(11)}http://127.0.0.1:${metricsPort(name)}/metrics    ${name}`,
  );
}

function natsUsers(secrets: Secrets) {
  return NATS_USERS.map((user) => ({
    user,
    password: secrets.nats[user],
    ...(user !== 'admin' && { permissions: permissionsOf(user) }),
  }));
}

async function bringUpToDate(url: string): Promise<void> {
  await using store = await connectStore({ url, database: DATABASE });
  await migrate(store.connection);
}

async function standingSite(admin: Bus, id: string) {
  await using bus = admin;
  await using settings = await openSettings(bus);
  const site = settings.site(id);
  return site && { site, agents: settings.agents(id) };
}

async function provisionAs(admin: Bus): Promise<void> {
  await provision(admin);
  await admin[Symbol.asyncDispose]();
}

/** Started again with its data at the port it had at first: all the others know it by that. */
function keptServer(
  name: string,
  begin: (place: { dir: string; port?: number }) => Promise<RunningServer>,
): Promise<RunningServer> {
  let port: number | undefined;
  return kept('servers', name, async () => {
    const server = await begin({ dir: join(data, name), ...(port !== undefined && { port }) });
    port = server.port;
    return server;
  });
}

/** Kept until its stage is stopped. @param givenUp said of what the demo does not stand without: that ends it */
async function kept<Process extends Kept>(
  stage: Stage,
  name: string,
  begin: () => Promise<Process>,
  givenUp: (error: Error) => unknown = fail,
): Promise<Process> {
  const keeping = { name, log: join(data, name, 'output.log'), begin, say, givenUp };
  return running.use(stage, await keepRunning<Process>(keeping)).first;
}
/** The rest goes on without it. */
function without({ message }: Error): void {
  say(message);
}

/** The chat does not wait for the CRM: what was said meanwhile arrives in it by itself. A CRM that cannot be had is said once, and the rest goes on. */
async function connectCrm(operator: Bus, site: string): Promise<void> {
  try {
    const crm = await kept(
      'servers',
      'crm',
      () => startBottleCrm({ dir: join(data, 'crm'), port: first + 3, onProgress: (line) => say(`CRM: ${line}`) }),
      without,
    );
    const organisation = await keptOrganisation(join(data, 'crm-organisation.json'), () =>
      crm.newOrganisation('Nordhem'),
    );
    const connection = {
      connector: 'bottlecrm',
      baseUrl: crm.baseUrl,
      credentials: { token: organisation.token },
    };
    const theirs = await connectDemoCrm(join(data, 'saved-crm-connection'), connection, {
      standing: () => standingCrm(operator, site),
      save: (one) => send(operator, site, 'save-crm-connection', { connection: one }),
    });
    say(
      `${theirs === undefined ? 'The CRM is connected.' : `The site keeps the CRM that was connected to it: ${theirs}; the demo’s stands beside it.`} Its API: curl -H "Authorization: Bearer $(node -p "require('${join(data, 'crm-organisation.json')}').token")" ${crm.apiUrl}leads/`,
    );
  } catch (error) {
    if (!stopping)
      say(
        `There is no CRM: ${error instanceof Error ? error.message : String(error)} The chat goes on; transcripts wait and go by themselves at the next start.`,
      );
  }
}

async function standingCrm(operator: Bus, site: string): Promise<CrmConnectionState | undefined> {
  const envelope = { id: newId(), site, actor: { kind: 'operator', id: 'start' } as const };
  const asked = await ask(operator, 'crm-connection', envelope, {});
  if (!asked.ok) throw new Error(asked.words);
  return asked.connection;
}

async function keptOrganisation<T>(file: string, make: () => Promise<T>): Promise<T> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = await make();
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function readArguments(): { port: string; data: string; 'no-crm': boolean; 'no-rabbitmq': boolean; metrics: boolean } {
  try {
    const { values: given } = parseArgs({
      options: {
        port: { type: 'string', default: '4100' },
        data: { type: 'string', default: here('../.data/demo') },
        'no-crm': { type: 'boolean', default: false },
        'no-rabbitmq': { type: 'boolean', default: false },
        metrics: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!given.help) return given;
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exit(1);
  }
}
