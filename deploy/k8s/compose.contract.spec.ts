// docker-compose.yml: everything it starts is judged by the services' own configuration code, waits by health, is locked down and keeps its data.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busConfig, readConfig, telemetryConfig, WATCHDOG_MS } from '@continuo/runtime';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { config as conversation } from '../../services/conversation/src/config.ts';
import { config as crmSync } from '../../services/crm-sync/src/config.ts';
import { config as emailFallback } from '../../services/email-fallback/src/config.ts';
import { config as gateway } from '../../services/gateway/src/config.ts';
import { config as visitorTracking } from '../../services/visitor-tracking/src/config.ts';
import { config as backup } from '../backup/backup.ts';
import { config as provision } from '../provision.ts';
import { ROOT } from '../run-node.ts';
import { composeEnv } from './compose-env.ts';
import { EXACT_IMAGE, NO_SLOW_COMMANDS } from './cross-check.ts';
import { config as mongodbInit } from './mongodb-init.ts';

const configs: Record<string, z.ZodRawShape> = {
  gateway,
  conversation,
  'visitor-tracking': visitorTracking,
  'crm-sync': crmSync,
  'email-fallback': emailFallback,
  provision,
  'mongodb-init': mongodbInit,
  operator: busConfig,
  backup,
};
const ONCE = ['provision', 'mongodb-init', 'nats-data', 'operator', 'backup'];
/** Images of others that want to write beside their data. */
const NOT_LOCKED = ['rabbitmq'];

const service = z.strictObject({
  image: z.string(),
  build: z
    .strictObject({ context: z.literal('.'), args: z.strictObject({ SERVICE: z.string(), NODE_IMAGE: z.string() }) })
    .optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }))
    .optional(),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).min(2),
      interval: z.string(),
      timeout: z.string(),
      retries: z.number(),
      start_period: z.string().optional(),
    })
    .optional(),
  restart: z.enum(['unless-stopped', 'on-failure', 'no']),
  profiles: z.tuple([z.literal('tools')]).optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.tuple([z.literal('ALL')]).optional(),
  cap_add: z.tuple([z.literal('CHOWN')]).optional(),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]).optional(),
  tmpfs: z.array(z.string()).optional(),
  user: z.string().optional(),
  volumes: z.array(z.string()).optional(),
  ports: z.array(z.string().startsWith('127.0.0.1:')).optional(),
  hostname: z.string().optional(),
  stop_grace_period: z.string().optional(),
});
const file = z.strictObject({
  'x-locked': z.unknown(),
  'x-service': z.unknown(),
  'x-environment': z.unknown(),
  'x-build-arguments': z.unknown(),
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const made = composeEnv();
/** As Compose fills in `${NAME:-default}` and `${NAME:?words}`. @throws where a value is needed and not made */
const filled = (value: string): string =>
  value.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_all, name: string, kind: string, rest: string) => {
    if (made[name] !== undefined) return made[name];
    if (kind === '?') throw new Error(`nobody makes ${name}`);
    return rest;
  });
const compose = file.parse(parse(text, { merge: true }));
const each = Object.entries(compose.services);

test.each(Object.keys(configs))('%s gets an environment that it accepts', (name) => {
  const { environment = {} } = compose.services[name] ?? {};
  const values = Object.fromEntries(Object.entries(environment).map(([variable, value]) => [variable, filled(value)]));
  expect(() => readConfig({ ...configs[name], ...telemetryConfig }, values)).not.toThrow();
});

test('the gateway knows the address at which its pages are opened', () => {
  const { environment, ports = [] } = compose.services['gateway'] ?? {};
  const own = filled(environment?.['CONTINUO_PUBLIC_ORIGINS'] ?? '').split(',');
  const [host, port] = filled(ports[0] ?? '').split(':');
  for (const name of [host, 'localhost']) expect(own).toContain(`http://${name}:${port}`);
});

test('every variable that is made is asked for, and the other way round', () => {
  expect([...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))].sort()).toEqual(
    Object.keys(made).sort(),
  );
});

test('every image can be replaced by a variable and has a fixed tag', () => {
  for (const [, { image }] of each) {
    expect(image).toMatch(/^\$\{[A-Z_]+:-/);
    expect(filled(image)).toMatch(EXACT_IMAGE);
  }
});

test('an image of ours that nobody has built is asked of no stranger’s registry', () => {
  const ours = each.map(([, { image }]) => filled(image)).filter((image) => image.includes('continuo'));
  expect(ours.length).toBeGreaterThan(6);
  for (const image of ours) expect(image).toMatch(/^localhost\//);
});

/** What an image is built on, with the defaults of its arguments. */
const basesOf = (dockerfile: string): string[] => {
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gim)].map(([, stage]) => stage);
  const defaults = new Map([...dockerfile.matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]));
  return [...dockerfile.matchAll(/^FROM (\S+)/gim)]
    .map(([, base = '']) => base.replace(/\$\{(\w+)\}/g, (_all, name: string) => defaults.get(name) ?? ''))
    .filter((base) => !stages.includes(base));
};

test('the Dockerfile builds on images with a fixed tag, as Compose does', () => {
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  const bases = basesOf(dockerfile);
  expect(bases.length).toBeGreaterThan(0);
  for (const base of bases) expect(base).toMatch(EXACT_IMAGE);
  for (const [, { build }] of each) if (build) expect(bases).toContain(filled(build.args.NODE_IMAGE));
  expect(basesOf(dockerfile.replaceAll(/^FROM \$\{NODE_IMAGE\}/gm, 'FROM node:latest'))).toContain('node:latest');
  expect('node:latest').not.toMatch(EXACT_IMAGE);
});

test('the tests in containers run on the image that Compose names', () => {
  const tests = readFileSync(join(ROOT, 'deploy/containers/servers.ts'), 'utf8');
  for (const name of ['nats', 'mongodb']) expect(tests).toContain(`'${filled(compose.services[name]?.image ?? '')}'`);
});

test('whoever depends on something waits until it is healthy, or has ended well', () => {
  for (const [name, { depends_on = {}, healthcheck }] of each) {
    if (!ONCE.includes(name)) expect([name, healthcheck]).toEqual([name, expect.anything()]);
    for (const [other, { condition }] of Object.entries(depends_on)) {
      expect(Object.keys(compose.services)).toContain(other);
      expect(condition).toBe(ONCE.includes(other) ? 'service_completed_successfully' : 'service_healthy');
    }
  }
  for (const name of ['gateway', 'conversation', 'visitor-tracking', 'crm-sync', 'email-fallback'])
    expect(Object.keys(compose.services[name]?.depends_on ?? {}).sort()).toEqual(['mongodb-init', 'provision']);
});

test('what is ours, NATS and MongoDB run without root, privileges or a writable image', () => {
  for (const [name, { user, read_only, cap_drop, security_opt }] of each) {
    if (NOT_LOCKED.includes(name)) continue;
    expect([name, read_only, cap_drop, security_opt]).toEqual([name, true, ['ALL'], ['no-new-privileges:true']]);
    // It gives a new volume to NATS and ends; nothing but that is left to its root.
    if (name !== 'nats-data') expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  }
});

test('every host that is named is a service here, and data lies in named volumes', () => {
  for (const [, { environment = {} }] of each)
    for (const [variable, value] of Object.entries(environment)) {
      // Where browsers are: nobody in here connects to it.
      if (variable === 'CONTINUO_PUBLIC_ORIGINS') continue;
      for (const [, host] of filled(value).matchAll(/:\/\/(?:[^@/]*@)?([a-z-]+):\d+/g))
        expect(Object.keys(compose.services)).toContain(host);
    }
  const mounted = each.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] as string));
  expect([...new Set(mounted.filter((source) => !source.startsWith('./')))].sort()).toEqual(
    Object.keys(compose.volumes).sort(),
  );
});

test('MongoDB logs no slow command, as in Kubernetes: what people wrote would stand in it', () => {
  expect(compose.services['mongodb']?.entrypoint?.join(' ')).toContain(NO_SLOW_COMMANDS);
});

test('NATS is started by what puts its passwords in quotes, as in Kubernetes', () => {
  const { entrypoint = [], volumes = [] } = compose.services['nats'] ?? {};
  expect(entrypoint).toEqual(['sh', '/etc/nats/start.sh']);
  for (const file of ['start.sh', 'users.conf'])
    expect(volumes).toContain(`./k8s/components/nats/${file}:/etc/nats/${file}:ro`);
});

test('a backup is made by hand alone, into a volume that belongs to who writes there', () => {
  const { profiles, entrypoint, volumes = [], depends_on = {} } = compose.services['backup'] ?? {};
  expect([profiles, entrypoint]).toEqual([['tools'], ['node', 'deploy/backup/backup.ts']]);
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  expect(dockerfile).toContain(`COPY --from=build --chown=10001:10001 /empty/ ${volumes[0]?.split(':')[1]}/`);
  expect(Object.keys(depends_on).sort()).toEqual(['mongodb-init', 'nats']);
});

test('what docs/operations.md has Compose run is a service here and a program that there is', () => {
  const told = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  const runs = [...told.matchAll(/docker compose run --rm (.*?)([a-z-]+) ((?:deploy|services)\/\S+\.ts)/g)];
  for (const [, options = '', name = '', program = ''] of runs) {
    expect(Object.keys(compose.services)).toContain(name);
    expect([program, existsSync(join(ROOT, program))]).toEqual([program, true]);
    // A file with passwords is its owner's alone, so the program runs as its owner.
    if (options.includes('-v ')) expect(options).toContain('--user "$(id -u):$(id -g)"');
  }
  expect(runs.map(([, , name, program]) => `${name} ${program}`).sort()).toEqual([
    'conversation services/conversation/src/views/rebuild-command.ts',
    'operator deploy/parked.ts',
    'operator deploy/settings.ts',
  ]);
});

test('a service has longer to drain than it needs', () => {
  for (const name of ['gateway', 'conversation', 'visitor-tracking', 'crm-sync', 'email-fallback'])
    expect(Number.parseInt(compose.services[name]?.stop_grace_period ?? '0', 10) * 1000).toBeGreaterThan(WATCHDOG_MS);
});

test('the Dockerfile ends without root, and its services are those that compose builds', () => {
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM'));
  expect(last).toMatch(/\nUSER 10001:10001\n/);
  const built = each.flatMap(([, { build }]) => (build ? [build.args.SERVICE] : []));
  expect(built.sort()).toEqual(
    ['conversation', 'crm-sync', 'email-fallback', 'gateway', 'tools', 'visitor-tracking'].sort(),
  );
});
