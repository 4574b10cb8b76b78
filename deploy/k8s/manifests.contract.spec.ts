// Every overlay is rendered, fits the API strictly, and holds together: see cross-check.ts. Each rule is also shown to see its fault.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { busConfig, INTERNET } from '@continuo/runtime';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { config as conversation } from '../../services/conversation/src/config.ts';
import { config as crmSync } from '../../services/crm-sync/src/config.ts';
import { config as emailFallback } from '../../services/email-fallback/src/config.ts';
import { config as gateway } from '../../services/gateway/src/config.ts';
import { config as visitorTracking } from '../../services/visitor-tracking/src/config.ts';
import { config as backup, VERBS } from '../backup/backup.ts';
import { config as provision } from '../provision.ts';
import { ROOT } from '../run-node.ts';
import { crossCheck, type Expectations, SERVICES } from './cross-check.ts';
import { config as mongodbInit } from './mongodb-init.ts';
import {
  BESIDE,
  BY_HAND,
  type Manifest,
  OVERLAYS,
  overlays,
  PARKED,
  REBUILD_VIEWS,
  RESTORE,
  render,
} from './render.ts';
import { type Judge, strictJudge } from './schema.ts';
import { NO_MAIL_SERVER, secrets } from './secrets.ts';
import { named, ofKind, workloads } from './workloads.ts';

const expectations = (members: number): Expectations => ({
  configs: {
    gateway,
    conversation,
    'visitor-tracking': visitorTracking,
    'crm-sync': crmSync,
    'email-fallback': emailFallback,
    provision,
    'mongodb-init': mongodbInit,
    backup,
    restore: backup,
    settings: busConfig,
    parked: busConfig,
    'rebuild-views': conversation,
  },
  secrets: secrets({ members, smtp: 'smtps://user:password@mail.example.com:465' }),
  healthRoutes: [
    ...readFileSync(join(ROOT, 'libs/runtime/src/health.ts'), 'utf8').matchAll(/app\.get\('(\/[a-z]+z)'/g),
  ].map(([, route]) => route as string),
});
const MEMBERS: Record<string, number> = { small: 1, ha: 3 };

const rendered: Record<string, Manifest[]> = {};
let judge: Judge;

beforeAll(async () => {
  judge = await strictJudge();
  for (const overlay of [...overlays(), ...BY_HAND]) rendered[overlay] = await render(overlay);
}, 300_000);

const overlay = (name: string): Manifest[] => structuredClone(rendered[name] as Manifest[]);

test('there are two overlays', () => expect(overlays()).toEqual(['ha', 'small']));

describe.each(overlays())('the overlay %s', (name) => {
  test('fits the API strictly', () => {
    const faults = [name, ...BY_HAND]
      .flatMap(overlay)
      .flatMap((manifest) => judge(manifest).map((fault) => `${manifest.kind} ${manifest.metadata.name} ${fault}`));
    expect(faults).toEqual([]);
  });

  test('holds together', () => {
    expect(crossCheck(overlay(name), expectations(MEMBERS[name] ?? 3))).toEqual([]);
  });

  test.each([
    [BESIDE, 'settings', { 'first-site': { 'settings.json': '{}' } }],
    [RESTORE, 'restore', {}],
    [PARKED, 'parked', {}],
    [REBUILD_VIEWS, 'rebuild-views', {}],
  ])('holds together with %s, whose Job runs a program that there is', (folder, job, extra) => {
    const { secrets, ...rest } = expectations(MEMBERS[name] ?? 3);
    const manifests = [...overlay(name), ...overlay(folder)];
    expect(crossCheck(manifests, { ...rest, secrets: { ...secrets, ...extra } })).toEqual([]);
    const { args = [], command = [] } = named(manifests, 'Job', job)?.spec.template.spec.containers[0] ?? {};
    const program = /\b(?:deploy|services)\/\S+\.ts/.exec([...command, ...args].join(' '))?.[0] ?? '';
    expect([program, existsSync(join(ROOT, program))]).toEqual([expect.stringContaining('.ts'), true]);
  });

  test('makes backups onto a volume from which they are restored', () => {
    const [made, restored] = ['backup', 'restore'].map((job) => {
      const found = workloads([...overlay(name), ...overlay(RESTORE)]).find((workload) => workload.name === job);
      const [program, verb, folder] = found?.containers[0]?.args ?? [];
      expect([program, VERBS.includes(verb)]).toEqual(['deploy/backup/backup.ts', true]);
      const mount = found?.containers[0]?.volumeMounts.find((each: { mountPath: string }) =>
        folder.startsWith(each.mountPath),
      );
      const volume = found?.pod.volumes.find((each: { name: string }) => each.name === mount.name);
      return volume?.persistentVolumeClaim.claimName;
    });
    expect([made, restored]).toEqual(['backups', 'backups']);
  });

  test('names every key of every Secret that is made', () => {
    const text = JSON.stringify(overlay(name));
    const unused = Object.entries(expectations(3).secrets).flatMap(([secret, keys]) =>
      Object.keys(keys).filter(
        (key) => secret !== 'continuo-nats' && !text.includes(`"key":"${key}","name":"${secret}"`) && key !== 'key',
      ),
    );
    expect(unused).toEqual([]);
  });
});

test('the overlay ha spreads, guards and scales every service, and keeps three copies', () => {
  const manifests = overlay('ha');
  for (const name of SERVICES) {
    expect(named(manifests, 'PodDisruptionBudget', name)?.spec.maxUnavailable).toBe(1);
    expect(named(manifests, 'HorizontalPodAutoscaler', name)?.spec.minReplicas).toBeGreaterThanOrEqual(2);
    expect(named(manifests, 'Deployment', name)?.spec.template.spec.topologySpreadConstraints).toHaveLength(2);
    expect(named(manifests, 'Deployment', name)?.spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
  }
  for (const name of ['nats', 'mongodb']) {
    expect(named(manifests, 'StatefulSet', name)?.spec.replicas).toBe(3);
    expect(named(manifests, 'PodDisruptionBudget', name)?.spec.maxUnavailable).toBe(1);
  }
  expect(ofKind(manifests, 'ConfigMap').some(({ data }) => data?.CONTINUO_NATS_REPLICAS === '3')).toBe(true);
});

test('an idle socket outlives its heartbeat at the Ingress', () => {
  const { annotations = {} } = named(overlay('ha'), 'Ingress', 'gateway')?.metadata ?? {};
  for (const direction of ['read', 'send'])
    expect(Number(annotations[`nginx.ingress.kubernetes.io/proxy-${direction}-timeout`])).toBeGreaterThan(60);
});

test('docs/operations.md tells how each Secret is changed, and at which ports mails go out', () => {
  const told = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  const rows = told.split('\n').filter((line) => /^\| `continuo-/.test(line));
  for (const [secret, keys] of Object.entries(expectations(3).secrets))
    for (const key of secret === 'continuo-nats' ? ['admin'] : Object.keys(keys))
      expect([secret, key, rows.some((row) => row.includes(`\`${secret}\``) && row.includes(`\`${key}\``))]).toEqual([
        secret,
        key,
        true,
      ]);
  const policy = named(overlay('ha'), 'NetworkPolicy', 'email-fallback-to-mail-server');
  const ports = policy?.spec.egress[0].ports.map(({ port }: { port: number }) => port);
  expect(told).toContain(`at ${ports.slice(0, -1).join(', ')} and ${ports.at(-1)} to any address`);
  expect(told).toContain(`\`${NO_MAIL_SERVER}\``);
  const { CONTINUO_MONGO_PASSWORD: password, CONTINUO_MONGO_KEY: key } = mongodbInit;
  expect(told).toContain(`MongoDB has ${password.minLength} characters or more, its \`key\` ${key.minLength};`);
});

test.each(BY_HAND)(
  'docs/operations.md tells how %s is applied, and clears away what the last time left',
  async (folder) => {
    const told = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    const block = [...told.matchAll(/^```\w*\n(.*?)^```$/gms)].find(([, text]) =>
      new RegExp(`kubectl apply -k k8s/${folder.replace('../', '')}$`, 'm').test(text as string),
    )?.[1];
    const [job] = ofKind(overlay(folder), 'Job');
    const { env = [] } = job?.spec.template.spec.containers[0] ?? {};
    const maps = env.flatMap(({ valueFrom }: Manifest) => valueFrom?.configMapKeyRef?.name ?? []);
    const kinds = maps.length > 0 ? 'job,configmap' : 'job';
    const cleared = `kubectl delete ${kinds} -n continuo ${job?.metadata.name} --ignore-not-found`;
    const steps = [cleared, ...maps.map((map: string) => `kubectl create configmap ${map} `), 'kubectl apply -k'];
    const at = steps.map((step) => block?.lastIndexOf(step) ?? -1);
    expect([at.includes(-1), at]).toEqual([false, at.toSorted((a, b) => a - b)]);
  },
);

/** What docs/operations.md gives to copy, as objects. */
const given = (): Manifest[] =>
  [...readFileSync(join(ROOT, 'docs/operations.md'), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, text]) => parse(text as string) as Manifest,
  );

test('the patch of docs/operations.md lets mails out at a port of one’s own, and all else is as before', async () => {
  const [patch, ...more] = given().filter(({ patches }) => patches);
  expect(more).toEqual([]);
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'continuo-overlay-'));
  try {
    const resources = [relative(folder, join(OVERLAYS, 'ha'))];
    const head = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };
    await writeFile(join(folder, 'kustomization.yaml'), stringify({ ...head, resources, ...patch }));
    const expected = overlay('ha');
    named(expected, 'NetworkPolicy', 'email-fallback-to-mail-server')?.spec.egress[0].ports.push({
      protocol: 'TCP',
      port: 2525,
    });
    expect(await render(relative(OVERLAYS, folder))).toEqual(expected);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the objects of docs/operations.md fit the API strictly', () => {
  const objects = given().filter(({ kind }) => kind);
  expect(objects.map(({ metadata }) => metadata.name)).toEqual(['gateway-to-s3']);
  expect(objects.flatMap(judge)).toEqual([]);
  expect(objects[0]?.spec.egress[0].to).toEqual([{ ipBlock: INTERNET[0] }]);
});

type Break = (manifests: Manifest[]) => void;
const deployment = (manifests: Manifest[], name: string) => named(manifests, 'Deployment', name) as Manifest;
const statefulSet = (manifests: Manifest[], name: string) => named(manifests, 'StatefulSet', name) as Manifest;
const container = (manifests: Manifest[], name: string) => deployment(manifests, name).spec.template.spec.containers[0];
const variable = (manifests: Manifest[], service: string, name: string) =>
  container(manifests, service).env.find((each: Manifest['metadata']) => each.name === name);
const without = (manifests: Manifest[], kind: string, name: string): void =>
  void manifests.splice(manifests.indexOf(named(manifests, kind, name) as Manifest), 1);
const configMap = (manifests: Manifest[], key: string) =>
  ofKind(manifests, 'ConfigMap').find(({ data }) => data?.[key] !== undefined) as Manifest;

test.each<[fault: string, breakIt: Break]>([
  [
    'where no other pod reaches it',
    (m) => {
      configMap(m, 'CONTINUO_HTTP_HOST').data.CONTINUO_HTTP_HOST = '127.0.0.1';
    },
  ],
  ['gateway: configuration: 1 fault', (m) => container(m, 'gateway').env.push({ name: 'CONTINUO_TYPO', value: '1' })],
  [
    'CONTINUO_LINK_KEY',
    (m) => {
      const { env } = container(m, 'crm-sync');
      env.splice(
        env.findIndex(({ name }: Manifest['metadata']) => name === 'CONTINUO_LINK_KEY'),
        1,
      );
    },
  ],
  [
    'count as a stranger’s',
    (m) => {
      (named(m, 'Ingress', 'gateway') as Manifest).spec.rules[0].host = 'chat.company.example';
    },
  ],
  [
    'it listens on 9464',
    (m) => {
      configMap(m, 'CONTINUO_HTTP_PORT').data.CONTINUO_HTTP_PORT = '9464';
    },
  ],
  ['is a secret', (m) => container(m, 'gateway').env.push({ name: 'CONTINUO_TOKEN_KEY', value: 'x'.repeat(32) })],
  [
    'there is no key',
    (m) => {
      variable(m, 'gateway', 'CONTINUO_NATS_PASSWORD').valueFrom.secretKeyRef.key = 'gatewy';
    },
  ],
  [
    'there is no ConfigMap',
    (m) => {
      container(m, 'gateway').envFrom[0].configMapRef.name = 'buss';
    },
  ],
  [
    'there is no volume',
    (m) => {
      container(m, 'gateway').volumeMounts[0].name = 'temp';
    },
  ],
  [
    'Service gateway selects no pod',
    (m) => {
      (named(m, 'Service', 'gateway') as Manifest).spec.selector = { a: 'b' };
    },
  ],
  [
    'has no port',
    (m) => {
      (named(m, 'Service', 'gateway') as Manifest).spec.ports[0].targetPort = 'web';
    },
  ],
  [
    'there is no headless Service',
    (m) => {
      (named(m, 'StatefulSet', 'nats') as Manifest).spec.serviceName = 'nats';
    },
  ],
  [
    'Ingress gateway',
    (m) => {
      (named(m, 'Ingress', 'gateway') as Manifest).spec.rules[0].http.paths[0].backend.service.port.name = 'web';
    },
  ],
  [
    'asks for /healthz',
    (m) => {
      container(m, 'gateway').readinessProbe.httpGet.path = '/healthz';
    },
  ],
  [
    'asks at no port',
    (m) => {
      container(m, 'gateway').livenessProbe.httpGet.port = 'web';
    },
  ],
  [
    'gateway: startupProbe kills what is slow on a busy node',
    (m) => {
      container(m, 'gateway').startupProbe.failureThreshold = 60;
    },
  ],
  [
    'gateway: livenessProbe kills what is slow on a busy node',
    (m) => {
      container(m, 'gateway').livenessProbe.failureThreshold = 3;
    },
  ],
  [
    'nats: startupProbe kills what is slow on a busy node',
    (m) => void delete statefulSet(m, 'nats').spec.template.spec.containers[0].startupProbe.timeoutSeconds,
  ],
  ['there is no startupProbe', (m) => void delete container(m, 'crm-sync').startupProbe],
  [
    'before it may have drained',
    (m) => {
      deployment(m, 'gateway').spec.template.spec.terminationGracePeriodSeconds = 30;
    },
  ],
  ['forgotten', (m) => void delete container(m, 'gateway').lifecycle],
  [
    'fixed replicas',
    (m) => {
      deployment(m, 'gateway').spec.replicas = 2;
    },
  ],
  [
    'there is no gatewai',
    (m) => {
      (named(m, 'HorizontalPodAutoscaler', 'gateway') as Manifest).spec.scaleTargetRef.name = 'gatewai';
    },
  ],
  [
    'there is no metric',
    (m) => {
      (named(m, 'HorizontalPodAutoscaler', 'gateway') as Manifest).spec.metrics[0].pods.metric.name = 'sockets';
    },
  ],
  [
    'it has no consumer',
    (m) => {
      (
        named(m, 'HorizontalPodAutoscaler', 'crm-sync') as Manifest
      ).spec.metrics[0].external.metric.selector.matchLabels.consumer = 'crm';
    },
  ],
  [
    'selects no pod',
    (m) => {
      (named(m, 'PodDisruptionBudget', 'gateway') as Manifest).spec.selector.matchLabels = { a: 'b' };
    },
  ],
  ['may not ask DNS', (m) => without(m, 'NetworkPolicy', 'dns')],
  ['gateway may not reach', (m) => without(m, 'NetworkPolicy', 'services-to-nats-and-mongodb')],
  ['backup may not reach', (m) => without(m, 'NetworkPolicy', 'backup-to-nats-and-mongodb')],
  ['nats does not let backup in', (m) => without(m, 'NetworkPolicy', 'nats-from-backup')],
  ['mongodb does not let backup in', (m) => without(m, 'NetworkPolicy', 'mongodb-from-backup')],
  ['there is no volume claim backups', (m) => without(m, 'PersistentVolumeClaim', 'backups')],
  ['provision may not reach', (m) => without(m, 'NetworkPolicy', 'provision-to-nats-and-mongodb')],
  ['nats does not let gateway in', (m) => void (named(m, 'NetworkPolicy', 'nats') as Manifest).spec.ingress.shift()],
  ['nats does not let nats in', (m) => void (named(m, 'NetworkPolicy', 'nats') as Manifest).spec.ingress.pop()],
  [
    'which is no Service here',
    (m) => {
      configMap(m, 'CONTINUO_NATS_URL').data.CONTINUO_NATS_URL = 'nats://nat:4222';
    },
  ],
  [
    'conversation is reached from outside',
    (m) => void delete (named(m, 'NetworkPolicy', 'outside-to-gateway') as Manifest).spec.podSelector.matchLabels,
  ],
  ['the gateway is not reached', (m) => without(m, 'NetworkPolicy', 'outside-to-gateway')],
  [
    'may reach out, and need not',
    (m) => void delete (named(m, 'NetworkPolicy', 'crm-sync-to-crms') as Manifest).spec.podSelector.matchLabels,
  ],
  ['crm-sync may not reach out', (m) => without(m, 'NetworkPolicy', 'crm-sync-to-crms')],
  ['Prometheus may not reach', (m) => without(m, 'NetworkPolicy', 'prometheus-to-metrics')],
  ['no Service has a port', (m) => without(m, 'Service', 'metrics')],
  ['may run as root', (m) => void delete deployment(m, 'gateway').spec.template.spec.securityContext],
  [
    'may write to its image',
    (m) => {
      container(m, 'gateway').securityContext.readOnlyRootFilesystem = false;
    },
  ],
  [
    'no fixed tag',
    (m) => {
      container(m, 'gateway').image = 'continuo/gateway:latest';
    },
  ],
  ['no limit of memory', (m) => void delete container(m, 'gateway').resources.limits],
  [
    'restricted',
    (m) => {
      (named(m, 'Namespace', 'continuo') as Manifest).metadata.labels = {};
    },
  ],
  [
    'password of crm-sync',
    (m) => void (named(m, 'StatefulSet', 'nats') as Manifest).spec.template.spec.containers[0].env.splice(1, 7),
  ],
  [
    'NATS reads passwords as configuration',
    (m) => {
      const [nats] = statefulSet(m, 'nats').spec.template.spec.containers;
      nats.command = ['nats-server', '-c', '/etc/nats/nats.conf'];
    },
  ],
  ['NATS reads passwords as configuration', (m) => void delete configMap(m, 'nats.conf').data['start.sh']],
  [
    'before its clients have moved',
    (m) => {
      (named(m, 'StatefulSet', 'nats') as Manifest).spec.template.spec.terminationGracePeriodSeconds = 35;
    },
  ],
  [
    'not on the disk',
    (m) => {
      const { data } = configMap(m, 'nats.conf');
      data['nats.conf'] = data['nats.conf'].replace('always', '2m');
    },
  ],
  [
    'where no pages are',
    (m) => {
      (named(m, 'Service', 'gateway') as Manifest).spec.ports[0].targetPort = 'metrics';
    },
  ],
  [
    'livenessProbe asks for /readyz, which is not what it is for',
    (m) => {
      container(m, 'gateway').livenessProbe.httpGet.path = '/readyz';
    },
  ],
  [
    'readinessProbe asks for /livez, which is not what it is for',
    (m) => {
      container(m, 'gateway').readinessProbe.httpGet.path = '/livez';
    },
  ],
  [
    'nats: readinessProbe asks for /healthz',
    (m) => {
      statefulSet(m, 'nats').spec.template.spec.containers[0].readinessProbe.httpGet.path = '/healthz';
    },
  ],
  [
    'mongodb: readinessProbe only asks whether somebody listens',
    (m) => {
      statefulSet(m, 'mongodb').spec.template.spec.containers[0].readinessProbe = { tcpSocket: { port: 'mongodb' } };
    },
  ],
  [
    'mongodb: readinessProbe asks at no port',
    (m) => {
      statefulSet(m, 'mongodb').spec.template.spec.containers[0].ports[0].containerPort = 27018;
    },
  ],
  [
    'gateway: it stops before the endpoints have forgotten it',
    (m) => {
      container(m, 'gateway').lifecycle.preStop.sleep.seconds = 1;
    },
  ],
  [
    'crm-sync may reach 169.254.169.254',
    (m) => {
      for (const { ipBlock } of (named(m, 'NetworkPolicy', 'crm-sync-to-crms') as Manifest).spec.egress[0].to)
        delete ipBlock.except;
    },
  ],
  [
    'crm-sync-to-crms lacks: no 198.18.0.0/15',
    (m) => {
      const [{ ipBlock }] = (named(m, 'NetworkPolicy', 'crm-sync-to-crms') as Manifest).spec.egress[0].to;
      ipBlock.except = ipBlock.except.filter((network: string) => network !== '198.18.0.0/15');
    },
  ],
  [
    'crm-sync-to-crms has too much: ::/0',
    (m) => {
      (named(m, 'NetworkPolicy', 'crm-sync-to-crms') as Manifest).spec.egress[0].to[1].ipBlock = {
        cidr: '::/0',
        except: ['fc00::/7', 'fe80::/10'],
      };
    },
  ],
  [
    'crm-sync-to-crms has too much: no 8.8.8.0/24',
    (m) => {
      const [{ ipBlock }] = (named(m, 'NetworkPolicy', 'crm-sync-to-crms') as Manifest).spec.egress[0].to;
      ipBlock.except.push('8.8.8.0/24');
    },
  ],
  [
    'crm-sync may reach fd00::1',
    (m) => {
      (named(m, 'NetworkPolicy', 'crm-sync-to-crms') as Manifest).spec.egress[0].to[1].ipBlock = { cidr: '::/0' };
    },
  ],
  [
    'the volume of NATS is smaller',
    (m) => {
      statefulSet(m, 'nats').spec.volumeClaimTemplates[0].spec.resources.requests.storage = '10Gi';
    },
  ],
  [
    'NATS stores no more before its volume is said to be filling',
    (m) => {
      const { data } = configMap(m, 'nats.conf');
      data['nats.conf'] = data['nats.conf'].replace('max_file_store: 18GB', 'max_file_store: 16GB');
    },
  ],
  [
    'mongo:8 has no fixed tag',
    (m) => {
      statefulSet(m, 'mongodb').spec.template.spec.containers[0].image = 'mongo:8';
    },
  ],
  [
    'mongo:8.0 has no fixed tag',
    (m) => {
      statefulSet(m, 'mongodb').spec.template.spec.containers[0].image = 'mongo:8.0';
    },
  ],
  [
    'a file of 20 MB does not fit through the Ingress gateway',
    (m) => {
      const { annotations = {} } = (named(m, 'Ingress', 'gateway') as Manifest).metadata;
      annotations['nginx.ingress.kubernetes.io/proxy-body-size'] = '2m';
    },
  ],
  [
    'a file of 200 MB does not fit through the Ingress gateway',
    (m) => container(m, 'gateway').env.push({ name: 'CONTINUO_LIMIT_FILE_MB', value: '200' }),
  ],
  [
    'visitor-tracking may reach mongodb, and need not',
    (m) => {
      const service = container(m, 'visitor-tracking');
      service.env = service.env.filter(({ name }: Manifest['metadata']) => name !== 'CONTINUO_MONGO_URL');
    },
  ],
  [
    'mongodb has 3 servers, and mongodb-init makes a set of 2',
    (m) => {
      const { data } = configMap(m, 'CONTINUO_MONGO_MEMBERS');
      data.CONTINUO_MONGO_MEMBERS = 'mongodb-0.mongodb:27017,mongodb-1.mongodb:27017';
    },
  ],
  [
    'NATS has 3 servers, and routes to 2',
    (m) => {
      const { data } = configMap(m, 'nats.conf');
      data['nats.conf'] = data['nats.conf'].replace(/.*nats-2.*\n/, '');
    },
  ],
  [
    'nats: no node has the label kubernetes.io/hostnam',
    (m) => {
      const { podAntiAffinity } = statefulSet(m, 'nats').spec.template.spec.affinity;
      podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey = 'kubernetes.io/hostnam';
    },
  ],
  [
    'mongodb: two of its servers may stand on one node',
    (m) => void delete statefulSet(m, 'mongodb').spec.template.spec.affinity,
  ],
  [
    'nats: two of its servers may stand on one node',
    (m) => {
      const { podAntiAffinity } = statefulSet(m, 'nats').spec.template.spec.affinity;
      podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels = { a: 'b' };
    },
  ],
  [
    'crm-sync: it is spread together with gateway',
    (m) => {
      deployment(m, 'crm-sync').spec.template.spec.topologySpreadConstraints[0].matchLabelKeys = ['pod-template-hash'];
    },
  ],
  [
    'gateway: no node has the label topology.kubernetes.io/zon',
    (m) => {
      deployment(m, 'gateway').spec.template.spec.topologySpreadConstraints[1].topologyKey =
        'topology.kubernetes.io/zon';
    },
  ],
  [
    'Ingress gateway: it has a certificate for chat.example.org and pages at chat.example.com',
    (m) => {
      (named(m, 'Ingress', 'gateway') as Manifest).spec.tls[0].hosts = ['chat.example.org'];
    },
  ],
  [
    'gateway: its heap of 3840 MiB does not fit into its limit of memory',
    (m) => {
      variable(m, 'gateway', 'NODE_OPTIONS').value = '--max-old-space-size=3840';
    },
  ],
  [
    'mongodb: it logs slow commands, with what visitors wrote',
    (m) => {
      const [mongod] = statefulSet(m, 'mongodb').spec.template.spec.containers;
      mongod.command = mongod.command.filter((word: string) => !word.startsWith('--slowms'));
    },
  ],
  [
    'backup: one may begin beside another',
    (m) => {
      (named(m, 'CronJob', 'backup') as Manifest).spec.concurrencyPolicy = 'Allow';
    },
  ],
  [
    'provision: each of its 20 tries leaves a pod behind',
    (m) => {
      (named(m, 'Job', 'provision') as Manifest).spec.template.spec.restartPolicy = 'Never';
    },
  ],
])('the cross-check sees: %s', (fault, breakIt) => {
  const manifests = overlay('ha');
  breakIt(manifests);
  expect(crossCheck(manifests, expectations(3)).join('\n')).toContain(fault);
});

test.each<[what: string, breakIt: Break]>([
  [
    'an unknown field',
    (m) => {
      deployment(m, 'gateway').spec.replica = 2;
    },
  ],
  [
    'a wrong type',
    (m) => {
      container(m, 'gateway').ports[0].containerPort = '8080';
    },
  ],
  ['a missing field', (m) => void delete deployment(m, 'gateway').spec.selector],
  [
    'a version that is gone',
    (m) => {
      deployment(m, 'gateway').apiVersion = 'apps/v1beta1';
    },
  ],
  [
    'an unknown kind',
    (m) => {
      deployment(m, 'gateway').kind = 'Deploymant';
    },
  ],
  [
    'a field that a ServiceMonitor has not',
    (m) => {
      (named(m, 'ServiceMonitor', 'continuo') as Manifest).spec.ports = [];
    },
  ],
])('the schema check sees %s', (_what, breakIt) => {
  const manifests = overlay('ha');
  breakIt(manifests);
  expect(manifests.flatMap(judge)).not.toEqual([]);
});
