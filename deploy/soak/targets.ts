// Where the dialogues of a soak go: sites whose CRM is the real BottleCRM, by the connector in code or by the mapping file alone, or a real RabbitMQ.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { putSite } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { type Restartable, restartable, startRabbitMq, testCrm } from '@continuo/servers';
import type { World } from '@continuo/testing';
import { send } from '../settings.ts';
import type { Evidence } from './check.ts';
import type { SpoilingProxy } from './proxy.ts';

export const TARGETS = ['bottlecrm', 'bottlecrm-mapping', 'amqp'] as const;
export type TargetName = (typeof TARGETS)[number];

export interface Target {
  readonly name: TargetName;
  /** Its dialogues are spread over them in turn. */
  readonly sites: readonly string[];
  /** Of its requests, at the proxy. */
  readonly authorizations: readonly string[];
  readonly evidence: Evidence['targets'][number];
}

/** Each site has a gate and a bucket of its own; all of them stand before one CRM, which must not be swamped by more than it can answer. */
const DIALOGUES_OF_A_SITE = 250;
const CONSUMER = fileURLToPath(new URL('consume.ts', import.meta.url));

export const sitesFor = (dialogues: number): number => Math.ceil(dialogues / DIALOGUES_OF_A_SITE);

async function addSite(world: World): Promise<string> {
  const site = newId();
  await putSite(world.admin, { ...world.site, id: site, crm: { windowSeconds: 1 } });
  return site;
}

/** Each site has an organisation of its own. */
export async function crmTarget(
  world: World,
  proxy: SpoilingProxy,
  name: Exclude<TargetName, 'amqp'>,
  sites: number,
): Promise<Target> {
  const crm = await testCrm();
  const organisations: { site: string; baseUrl: string; token: string }[] = [];
  for (let index = 0; index < sites; index++) {
    const site = await addSite(world);
    const { token } = await crm.newOrganisation(`Soak ${site}`);
    await send(world.operator, site, 'save-crm-connection', {
      connection: { connector: name, baseUrl: proxy.url, credentials: { token } },
    });
    organisations.push({ site, baseUrl: crm.baseUrl, token });
  }
  return {
    name,
    sites: organisations.map(({ site }) => site),
    authorizations: organisations.map(({ token }) => `Bearer ${token}`),
    evidence: { name, organisations },
  };
}

export const startBroker = (dir: string): Promise<Restartable> =>
  restartable((port) => startRabbitMq({ dir: join(dir, 'rabbitmq'), ...(port !== undefined && { port }) }));

/** The company's queue stands before the connection is saved, as docs/amqp.md asks for. */
export async function brokerTarget(world: World, broker: Restartable, dir: string): Promise<Target & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const site = await addSite(world);
  const consumed = join(dir, 'consumed.jsonl');
  writeFileSync(consumed, '');
  const exchange = `soak.${site}`;
  const child = spawn(process.execPath, [CONSUMER, broker.current.url, exchange, `company.${site}`, consumed], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  stack.defer(async () => {
    child.kill('SIGTERM');
    await gone;
  });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', () => resolve());
    child.once('exit', () => reject(new Error('the consumer ended before it read')));
  });
  const { port } = broker.current;
  await send(world.operator, site, 'save-crm-connection', {
    connection: {
      connector: 'amqp',
      baseUrl: `amqp://127.0.0.1:${port}`,
      credentials: { username: 'guest', password: 'guest', exchange },
    },
  });
  const owned = stack.move();
  return {
    name: 'amqp',
    sites: [site],
    authorizations: [],
    evidence: { name: 'amqp', consumed },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
