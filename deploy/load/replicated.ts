// The same installation on three nats-servers that keep three copies of each stream: one of each service, as beside a single server, so that the two compare.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, provision } from '@continuo/bus';
import { newId, type SiteSettings } from '@continuo/contracts';
import {
  keptSecrets,
  SERVICES,
  serviceEnvironment,
  startMailCatcher,
  startMongo,
  startNatsCluster,
  startService,
} from '@continuo/servers';
import { natsUsers } from '../chaos/installation.ts';
import { LIFTED_LIMITS } from '../lifted-limits.ts';
import { applySettings } from '../settings.ts';
import { type Reach, reach } from './reach.ts';
import { claimShare } from './worker.ts';

const REPLICAS = 3;

export async function startReplicated(): Promise<Reach & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'continuo-replicated-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const secrets = await keptSecrets(join(dir, 'secrets.json'));
  const nats = stack.use(await startNatsCluster({ dir: join(dir, 'nats'), users: natsUsers(secrets) }));
  const mongo = stack.use(await startMongo({ dir: join(dir, 'mongo') }));
  const mail = stack.use(await startMailCatcher({ dir: join(dir, 'mail') }));
  const connect = (user: 'admin' | 'operator') =>
    connectBus({ name: user, url: nats.url, user, password: secrets.nats[user] });
  {
    await using admin = await connect('admin');
    await provision(admin, { replicas: REPLICAS });
  }
  const surroundings = {
    natsUrl: nats.url,
    mongoUrl: mongo.url,
    database: 'replicated',
    smtpUrl: mail.smtpUrl,
    secrets,
  };
  const started = await Promise.all(
    SERVICES.map(async (name) => {
      const env = { ...serviceEnvironment(name, surroundings), ...(name === 'gateway' && LIFTED_LIMITS) };
      const service = await startService(name, { env, dir: join(dir, name) });
      stack.defer(() => service.stop());
      return service;
    }),
  );
  claimShare();
  const gateway = `http://127.0.0.1:${started.find(({ name }) => name === 'gateway')?.port}`;
  const employee = { email: 'anna@nordhem.example', password: newId() };
  const site: SiteSettings = {
    id: newId(),
    name: 'Nordhem',
    origins: ['http://shop.example'],
    language: 'en',
    consoleUrl: gateway,
    typingPreview: true,
    mail: { fromAddress: 'desk@nordhem.example', answerDelaySeconds: 120 },
    crm: { windowSeconds: 4 },
  };
  {
    await using operator = await connect('operator');
    await applySettings(operator, {
      site,
      agents: [{ id: newId(), name: 'Anna', role: 'agent', capacity: 5, ...employee }],
    });
  }
  const place = () => ({ gateway, site: site.id, origin: site.origins[0] as string });
  const owned = stack.move();
  const servers = {
    natsUrl: nats.url,
    natsPassword: secrets.nats.admin,
    replicas: REPLICAS,
    mongoUrl: mongo.url,
  } as const;
  return { ...reach(servers, place, employee), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
