// An installation whose every process can be killed or paused and comes back on its port with its data. The servers are given, so one or three of them may stand
// behind. When it ends its logs are searched for what people wrote: what is hurt logs most.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Bus, connectBus, permissionsOf, provision } from '@continuo/bus';
import { newId, type SiteSettings } from '@continuo/contracts';
import {
  type MailCatcher,
  NATS_USERS,
  type NatsUser,
  SERVICES,
  type Secrets,
  type ServiceName,
  type ServiceProcess,
  serviceEnvironment,
  startMailCatcher,
  startService,
  testCrm,
} from '@continuo/servers';
import { expectNoLeaks, logsBelow } from '@continuo/testing';
import { LIFTED_LIMITS } from '../lifted-limits.ts';
import { applySettings, send } from '../settings.ts';

export interface Employee {
  id: string;
  email: string;
  password: string;
}
/** A company with employees and an organisation in the CRM of its own. */
export interface Company {
  readonly site: SiteSettings;
  readonly employees: Employee[];
  readonly capacity: number;
  readonly crm: { baseUrl: string; token: string };
}
export interface Installation extends AsyncDisposable {
  readonly database: string;
  readonly mail: MailCatcher;
  readonly gateways: () => string[];
  readonly replicas: (name: ServiceName) => Replica[];
  newCompany(wish: { agents: number; capacity: number }): Promise<Company>;
  /** Whatever starts from now on loads this file first. */
  preload(file: string): void;
}
/** One replica of a service, under whatever process it runs now. */
export interface Replica {
  readonly name: ServiceName;
  process: ServiceProcess;
  start(): Promise<void>;
  /** As an update does: another takes its place at a port of its own and is ready, then this one is told to end. @returns how it ended: 0 when it drained */
  replace(): Promise<number | string>;
}
export interface InstallationOptions {
  dir: string;
  secrets: Secrets;
  natsUrl: string;
  natsReplicas?: 1 | 3;
  mongoUrl: string;
  counts: Partial<Record<ServiceName, number>>;
}

export const natsUsers = (secrets: Secrets): NatsUser[] =>
  NATS_USERS.map((user) => ({
    user,
    password: secrets.nats[user],
    ...(user !== 'admin' && { permissions: permissionsOf(user) }),
  }));

const OFTEN_SNAPSHOTS = fileURLToPath(new URL('often-snapshots.mjs', import.meta.url));

export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { dir, secrets, natsUrl, natsReplicas = 1, mongoUrl, counts } = options;
  await using stack = new AsyncDisposableStack();
  const database = `chaos_${newId()}`;
  const mail = stack.use(await startMailCatcher({ dir: join(dir, 'mail') }));
  const connect = (user: 'admin' | 'operator') =>
    connectBus({ name: user, url: natsUrl, user, password: secrets.nats[user] });
  {
    await using admin = await connect('admin');
    await provision(admin, { replicas: natsReplicas });
  }

  const logs = join(dir, 'services');
  stack.defer(async () => expectNoLeaks(await logsBelow(logs)));
  let launched = 0;
  const preloaded = [OFTEN_SNAPSHOTS];
  const launch = (name: ServiceName, httpPort: number): Promise<ServiceProcess> => {
    launched += 1;
    return startService(name, {
      env: serviceEnvironment(name, {
        natsUrl,
        mongoUrl,
        database,
        smtpUrl: mail.smtpUrl,
        secrets,
        extra: {
          ...(name === 'gateway' && LIFTED_LIMITS),
          NODE_OPTIONS: preloaded.map((file) => `--import=${file}`).join(' '),
        },
      }),
      dir: join(logs, `${name}-${launched}`),
      httpPort,
    });
  };
  const starting = SERVICES.flatMap((name) =>
    Array.from({ length: counts[name] ?? 1 }, () => startReplica(name, launch)),
  );
  // The CRM that all tests share may have to start, too.
  const [replicas] = await Promise.all([Promise.all(starting), testCrm()]);
  stack.defer(async () => {
    await Promise.all(replicas.map(({ process }) => process.stop()));
  });
  const of = (name: ServiceName): Replica[] => replicas.filter((replica) => replica.name === name);
  const gateways = (): string[] => of('gateway').map(({ process: { port } }) => `http://127.0.0.1:${port}`);

  const owned = stack.move();
  return {
    database,
    mail,
    gateways,
    replicas: of,
    preload: (file) => void preloaded.push(file),
    async newCompany(wish) {
      await using operator = await connect('operator');
      // Awaited here: the connection goes when this function returns.
      return await newCompany(operator, gateways()[0] as string, wish);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function newCompany(
  operator: Bus,
  consoleUrl: string,
  { agents, capacity }: { agents: number; capacity: number },
): Promise<Company> {
  const id = newId();
  const site: SiteSettings = {
    id,
    name: 'Nordhem',
    origins: ['http://shop.example'],
    language: 'en',
    consoleUrl,
    typingPreview: true,
    mail: { fromAddress: 'desk@nordhem.example', answerDelaySeconds: 3 },
    crm: { windowSeconds: 2 },
  };
  const employees = Array.from({ length: agents }, (_, index) => ({
    id: newId(),
    name: `Agent ${index + 1}`,
    email: `agent${index + 1}@${id}.example`,
    password: newId(),
    role: 'agent' as const,
    capacity,
  }));
  const crm = await testCrm();
  const { token } = await crm.newOrganisation(`Chaos ${id}`);
  const { baseUrl } = crm;
  await applySettings(operator, { site, agents: employees });
  await send(operator, id, 'save-crm-connection', {
    connection: { connector: 'bottlecrm', baseUrl, credentials: { token } },
  });
  return { site, employees, capacity, crm: { baseUrl, token } };
}

async function startReplica(
  name: ServiceName,
  launch: (name: ServiceName, httpPort: number) => Promise<ServiceProcess>,
): Promise<Replica> {
  const replica: Replica = {
    name,
    process: await launch(name, 0),
    /** As a supervisor would: again and again, since what it needs may be away, too. */
    async start() {
      for (let tries = 1; ; tries++) {
        try {
          replica.process = await launch(name, replica.process.port);
          return;
        } catch (error) {
          if (tries === 20) throw error;
          await sleep(500);
        }
      }
    },
    async replace() {
      const old = replica.process;
      replica.process = await launch(name, 0);
      old.signal('SIGTERM');
      return old.exited;
    },
  };
  return replica;
}
