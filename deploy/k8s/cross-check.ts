// What the API accepts and is still wrong: references that lead nowhere, values that the services' own code refuses, connections that the policies forbid.
import { IDENTITIES } from '@continuo/bus';
import { consumers, streams } from '@continuo/contracts';
import { INTERNET, readConfig, telemetryConfig, WATCHDOG_MS } from '@continuo/runtime';
import { METRICS, prometheusName } from '@continuo/telemetry';
import type { z } from 'zod';
import { passwordVariable } from './nats-users.ts';
import { placementFaults } from './placement.ts';
import { mayEnter, mayLeave } from './reach.ts';
import type { Manifest } from './render.ts';
import { containerPort, environment, named, ofKind, selects, type Workload, workloads } from './workloads.ts';

export interface Expectations {
  /** What each program reads, by the name of its workload. */
  configs: Record<string, z.ZodRawShape>;
  /** The Secrets that `deploy/k8s/secrets.ts` makes. */
  secrets: Record<string, Record<string, string>>;
  /** Routes by which a service tells its health. */
  healthRoutes: string[];
}

export const SERVICES = ['gateway', 'conversation', 'visitor-tracking', 'crm-sync', 'email-fallback'];
/** A tag that nobody moves on to the next release. */
export const EXACT_IMAGE = /:v?\d+\.\d+\.\d+(-[\w.-]+)?(@sha256:[0-9a-f]{64})?$/;
/** What each probe is for. An endpoint that asks for more would take away, or start anew, what another pod could do no better. */
const PROBES: Record<string, Record<string, string>> = {
  service: { startupProbe: '/livez', readinessProbe: '/readyz', livenessProbe: '/livez' },
  // Of NATS: `/healthz` looks at every stream, as long as it takes to recover them; the others at this server, and at whether JetStream runs at all.
  nats: {
    startupProbe: '/healthz',
    readinessProbe: '/healthz?js-server-only=true',
    livenessProbe: '/healthz?js-enabled-only=true',
  },
};
/** A file's form around it, and a limit that is not met by the file that is just allowed: the service's own words are better than the proxy's. */
const BODY_MARGIN = 1.1;
/** So long a proxy or a node may go on sending to a pod that ends. */
const ENDPOINTS_MS = 5_000;
/** On two cores with a load of 100, a service that starts in three seconds was seen to need two minutes, and to be silent for half a one. */
const PATIENCE_S = { startupProbe: 300, livenessProbe: 60 };
const ANSWERS_WITHIN_S = 3;
/** Of a slow command mongod logs all that stands in it, so none is slow. */
export const NO_SLOW_COMMANDS = '--slowms=2147483647';
/** Beside its heap a process has code, stacks and buffers: this share of its limit is for the heap. */
const HEAP_SHARE = 0.8;
/** So many pods of tries that failed may stay to be looked at. */
const PODS_LEFT = 5;
/** Where data lies, and the port at which it is asked for. */
const SERVERS = { nats: 4222, mongodb: 27017 };
const REACH_OUT = { 'crm-sync': 443, 'email-fallback': 587 } as Record<string, number>;

/** Of the networks that `outboundPolicy` refuses, one address each. The mail server is named by the operator and may stand anywhere. */
const OUTBOUND_NEVER: Record<string, string[]> = {
  'crm-sync': [
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.0.1',
    'fd00::1',
    'fe80::1',
  ],
};

/** @returns every fault in a sentence; empty when all fits together */
export function crossCheck(manifests: Manifest[], expectations: Expectations): string[] {
  const all = workloads(manifests);
  const missing = SERVICES.filter((name) => !all.some((workload) => workload.name === name));
  return [
    ...missing.map((name) => `there is no workload ${name}`),
    ...all.flatMap((workload) => [
      ...podFaults(workload, manifests),
      ...environmentFaults(workload, manifests, expectations),
      ...healthFaults(workload, expectations.healthRoutes),
    ]),
    ...serviceFaults(manifests, all),
    ...targetFaults(manifests, all),
    ...placementFaults(manifests, all),
    ...reachFaults(manifests, all, expectations),
    ...namespaceFaults(manifests),
    ...natsFaults(manifests, all),
  ];
}

function podFaults({ name, kind, manifest, pod, containers }: Workload, manifests: Manifest[]): string[] {
  const faults: string[] = [];
  const must = (good: unknown, fault: string): void => void (good || faults.push(`${name}: ${fault}`));
  must(pod.securityContext?.runAsNonRoot === true, 'may run as root');
  must(pod.securityContext?.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile');
  must(pod.automountServiceAccountToken === false, 'holds a token for the API that it does not need');
  must(named(manifests, 'ServiceAccount', pod.serviceAccountName), `has no ServiceAccount ${pod.serviceAccountName}`);
  for (const container of [...containers, ...((pod.initContainers ?? []) as Workload['containers'])]) {
    const { image, resources, securityContext: own } = container;
    must(EXACT_IMAGE.test(image), `${image} has no fixed tag: x.y.z says what runs, also tomorrow`);
    must(own?.allowPrivilegeEscalation === false, `${container.name} may gain privileges`);
    must(own?.readOnlyRootFilesystem === true, `${container.name} may write to its image`);
    must(own?.capabilities?.drop?.includes('ALL'), `${container.name} keeps capabilities`);
    must(resources?.requests?.cpu && resources.requests.memory, `${container.name} asks for no cpu or memory`);
    must(resources?.limits?.memory, `${container.name} has no limit of memory`);
    const heap = heapOf(container.env);
    must(
      heap === undefined || heap * 1024 ** 2 <= HEAP_SHARE * bytesOf(resources?.limits?.memory ?? ''),
      `its heap of ${heap} MiB does not fit into its limit of memory`,
    );
    must(
      name !== 'mongodb' || container.name !== 'mongodb' || container.command?.includes(NO_SLOW_COMMANDS),
      'it logs slow commands, with what visitors wrote',
    );
    for (const { name: volume } of container.volumeMounts ?? []) {
      const claims = kind === 'StatefulSet' ? (named(manifests, kind, name)?.spec.volumeClaimTemplates ?? []) : [];
      const there = [...(pod.volumes ?? []), ...claims.map(({ metadata }: Manifest) => metadata)];
      must(
        there.some((each: { name: string }) => each.name === volume),
        `there is no volume ${volume}`,
      );
    }
  }
  const { concurrencyPolicy, jobTemplate, backoffLimit } = manifest.spec;
  must(!jobTemplate || concurrencyPolicy === 'Forbid', 'one may begin beside another');
  must(
    pod.restartPolicy !== 'Never' || !(backoffLimit > PODS_LEFT),
    `each of its ${backoffLimit} tries leaves a pod behind`,
  );
  for (const { configMap, persistentVolumeClaim: claim } of pod.volumes ?? []) {
    if (configMap) must(named(manifests, 'ConfigMap', configMap.name), `there is no ConfigMap ${configMap.name}`);
    if (claim)
      must(named(manifests, 'PersistentVolumeClaim', claim.claimName), `there is no volume claim ${claim.claimName}`);
  }
  return faults;
}

/** The heap that Node is given, in MiB; undefined when it chooses by itself. */
function heapOf(variables: { name: string; value?: string }[] = []): number | undefined {
  const options = variables.find(({ name }) => name === 'NODE_OPTIONS')?.value ?? '';
  const given = /--max-old-space-size=(\d+)/.exec(options)?.[1];
  return given === undefined ? undefined : Number(given);
}

function environmentFaults(workload: Workload, manifests: Manifest[], expected: Expectations): string[] {
  const { name, containers, pod } = workload;
  const faults: string[] = [];
  for (const { secret } of pod.volumes ?? [])
    for (const { key } of secret?.items ?? [])
      if (expected.secrets[secret.secretName]?.[key] === undefined)
        faults.push(`${name}: there is no key ${key} in a Secret ${secret.secretName}`);
  for (const container of containers) {
    const { values, secret, faults: dangling } = environment(container, manifests, expected.secrets);
    faults.push(...dangling.map((fault) => `${name}: ${fault}`));
    const shape = expected.configs[name];
    if (!shape) continue;
    try {
      readConfig({ ...shape, ...telemetryConfig }, values);
    } catch (error) {
      faults.push(`${name}: ${(error as Error).message}`);
    }
    for (const [variable, port] of [
      ['CONTINUO_HTTP_PORT', 'http'],
      ['CONTINUO_METRICS_PORT', 'metrics'],
    ] as const)
      if (SERVICES.includes(name) && Number(values[variable]) !== containerPort(workload, port))
        faults.push(`${name}: it listens on ${values[variable]}, which is not the port ${port}`);
    if (SERVICES.includes(name) && values.CONTINUO_HTTP_HOST !== '0.0.0.0')
      faults.push(`${name}: it listens on ${values.CONTINUO_HTTP_HOST}, where no other pod reaches it`);
    for (const { metadata } of ingressesTo(manifests, name)) {
      const most = bytesOf(
        metadata.annotations?.['nginx.ingress.kubernetes.io/proxy-body-size']?.toUpperCase() ?? '1M',
      );
      const file = limitOfFiles(shape, values);
      if (!(file * 1e6 * BODY_MARGIN <= most))
        faults.push(`${name}: a file of ${file} MB does not fit through the Ingress ${metadata.name}`);
    }
    for (const host of hostsOf(manifests, name))
      if (!values.CONTINUO_PUBLIC_ORIGINS?.split(',').includes(`https://${host}`))
        faults.push(`${name}: pages at ${host} count as a stranger’s, since CONTINUO_PUBLIC_ORIGINS lacks it`);
    for (const [variable, type] of Object.entries(shape) as [string, z.ZodType][])
      if (type.description?.includes('(secret)') && values[variable] !== undefined && !secret.has(variable))
        faults.push(`${name}: ${variable} is a secret and stands in the manifests`);
  }
  return faults;
}

const leadsTo = ({ http }: Manifest, service: string): boolean =>
  http.paths.some(({ backend }: Manifest) => backend.service.name === service);
const ingressesTo = (manifests: Manifest[], service: string): Manifest[] =>
  ofKind(manifests, 'Ingress').filter(({ spec }) => spec.rules.some((rule: Manifest) => leadsTo(rule, service)));
/** Where an Ingress lets browsers reach a service. */
const hostsOf = (manifests: Manifest[], service: string): string[] =>
  ofKind(manifests, 'Ingress')
    .flatMap(({ spec }) => spec.rules)
    .filter((rule) => leadsTo(rule, service))
    .map(({ host }) => host);

/** The largest file that a service takes, in millions of bytes; 0 when it takes none. */
function limitOfFiles(shape: z.ZodRawShape, values: Record<string, string>): number {
  const limit = shape['CONTINUO_LIMIT_FILE_MB'] as z.ZodType<number> | undefined;
  return limit?.parse(values['CONTINUO_LIMIT_FILE_MB']) ?? 0;
}

function healthFaults(workload: Workload, routes: string[]): string[] {
  const { name, kind, pod, containers } = workload;
  if (kind === 'Job' || kind === 'CronJob') return [];
  const faults: string[] = [];
  for (const container of containers) {
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const { httpGet, tcpSocket, exec } = container[probe] ?? {};
      const port = (httpGet ?? tcpSocket)?.port ?? askedBy(exec?.command);
      if (port === undefined) faults.push(`${name}: there is no ${probe}`);
      else if (containerPort(workload, port) === undefined) faults.push(`${name}: ${probe} asks at no port ${port}`);
      if (SERVICES.includes(name) && httpGet && !routes.includes(httpGet.path))
        faults.push(`${name}: ${probe} asks for ${httpGet.path}, which the services do not serve`);
      if (name === 'mongodb' && probe === 'readinessProbe' && tcpSocket)
        faults.push(`${name}: ${probe} only asks whether somebody listens`);
      const right = PROBES[SERVICES.includes(name) ? 'service' : name]?.[probe];
      if (right && httpGet?.path !== right)
        faults.push(`${name}: ${probe} asks for ${httpGet?.path}, which is not what it is for: ${right}`);
    }
    for (const [probe, least] of Object.entries(PATIENCE_S)) {
      const { periodSeconds = 10, failureThreshold = 3, timeoutSeconds = 1 } = container[probe] ?? {};
      if (periodSeconds * failureThreshold < least || timeoutSeconds < ANSWERS_WITHIN_S)
        faults.push(`${name}: ${probe} kills what is slow on a busy node, and costs that node another start`);
    }
    if (!SERVICES.includes(name)) continue;
    const before = (container.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1000;
    if (before < ENDPOINTS_MS) faults.push(`${name}: it stops before the endpoints have forgotten it`);
    if (pod.terminationGracePeriodSeconds * 1000 <= before + WATCHDOG_MS)
      faults.push(`${name}: it is killed after ${pod.terminationGracePeriodSeconds} s, before it may have drained`);
  }
  return faults;
}

/** The port that a command of a probe connects to by itself. */
function askedBy(command: string[] = []): number | undefined {
  const port = /\/dev\/tcp\/127\.0\.0\.1\/(\d+)/.exec(command.join(' '))?.[1];
  return port === undefined ? undefined : Number(port);
}

function serviceFaults(manifests: Manifest[], all: Workload[]): string[] {
  const services = ofKind(manifests, 'Service').flatMap(({ metadata: { name }, spec }) => {
    const behind = all.filter(({ labels }) => selects(spec.selector, labels));
    if (behind.length === 0) return [`Service ${name} selects no pod`];
    return behind.flatMap((workload) =>
      (spec.ports as { targetPort: string | number }[])
        .filter(({ targetPort }) => containerPort(workload, targetPort) === undefined)
        .map(({ targetPort }) => `Service ${name}: ${workload.name} has no port ${targetPort}`),
    );
  });
  const sets = ofKind(manifests, 'StatefulSet')
    .filter(({ spec }) => named(manifests, 'Service', spec.serviceName)?.spec.clusterIP !== 'None')
    .map(({ metadata, spec }) => `${metadata.name}: there is no headless Service ${spec.serviceName}`);
  const ingresses = ofKind(manifests, 'Ingress').flatMap(({ metadata, spec }) =>
    spec.rules
      .flatMap(({ http }: Manifest) => http.paths)
      .filter(({ backend: { service } }: Manifest) => {
        const ports: { name: string; port: number }[] = named(manifests, 'Service', service.name)?.spec.ports ?? [];
        return !ports.some(({ name, port }) => name === service.port.name || port === service.port.number);
      })
      .map(
        ({ backend }: Manifest) => `Ingress ${metadata.name}: there is no such port at Service ${backend.service.name}`,
      ),
  );
  const certificates = ofKind(manifests, 'Ingress').flatMap(({ metadata, spec }) => {
    const listed = (hosts: string[]): string => [...new Set(hosts)].sort().join(', ');
    const covered = listed((spec.tls ?? []).flatMap(({ hosts }: Manifest) => hosts));
    const served = listed(spec.rules.map(({ host }: Manifest) => host));
    return covered === served
      ? []
      : [`Ingress ${metadata.name}: it has a certificate for ${covered} and pages at ${served}`];
  });
  const wrongDoors = ofKind(manifests, 'Ingress').flatMap(({ metadata, spec }) =>
    spec.rules
      .flatMap(({ http }: Manifest) => http.paths)
      .flatMap(({ backend: { service } }: Manifest) => {
        const { selector = {}, ports = [] } = named(manifests, 'Service', service.name)?.spec ?? {};
        const target = (ports as { name: string; port: number; targetPort: string | number }[]).find(
          ({ name, port }) => name === service.port.name || port === service.port.number,
        )?.targetPort;
        return all
          .filter(({ labels }) => target !== undefined && selects(selector, labels))
          .filter((workload) => containerPort(workload, target ?? '') !== containerPort(workload, 'http'))
          .map(({ name }) => `Ingress ${metadata.name}: it leads to port ${target} of ${name}, where no pages are`);
      }),
  );
  const monitors = ofKind(manifests, 'ServiceMonitor').flatMap(({ metadata, spec }) =>
    spec.endpoints
      .filter(
        ({ port }: { port: string }) =>
          !ofKind(manifests, 'Service').some(
            (service) =>
              selects(spec.selector.matchLabels, service.metadata.labels ?? {}) &&
              service.spec.ports.some((each: { name: string }) => each.name === port),
          ),
      )
      .map(({ port }: { port: string }) => `ServiceMonitor ${metadata.name}: no Service has a port ${port}`),
  );
  return [...services, ...sets, ...ingresses, ...certificates, ...wrongDoors, ...monitors];
}

function targetFaults(manifests: Manifest[], all: Workload[]): string[] {
  const budgets = ofKind(manifests, 'PodDisruptionBudget')
    .filter(({ spec }) => !all.some(({ labels }) => selects(spec.selector.matchLabels, labels)))
    .map(({ metadata }) => `PodDisruptionBudget ${metadata.name} selects no pod`);
  const scalers = ofKind(manifests, 'HorizontalPodAutoscaler').flatMap(({ metadata, spec }) => {
    const target = named(manifests, spec.scaleTargetRef.kind, spec.scaleTargetRef.name);
    if (!target) return [`HorizontalPodAutoscaler ${metadata.name}: there is no ${spec.scaleTargetRef.name}`];
    const faults: string[] = [];
    if (target.spec.replicas !== undefined) faults.push(`${metadata.name} has fixed replicas beside its autoscaler`);
    if (!spec.metrics.some(({ resource }: Manifest) => resource?.name === 'cpu'))
      faults.push(`HorizontalPodAutoscaler ${metadata.name} has no CPU to fall back on`);
    for (const { pods, external } of spec.metrics) {
      const metric = (pods ?? external)?.metric;
      if (metric && !metricNames().has(metric.name))
        faults.push(`HorizontalPodAutoscaler ${metadata.name}: there is no metric ${metric.name}`);
      const consumer = metric?.selector?.matchLabels?.consumer;
      if (consumer && (consumers as Record<string, { service: string }>)[consumer]?.service !== metadata.name)
        faults.push(`HorizontalPodAutoscaler ${metadata.name}: it has no consumer ${consumer}`);
    }
    return faults;
  });
  return [...budgets, ...scalers];
}

const metricNames = (): Set<string> =>
  new Set(Object.entries(METRICS).map(([name, line]) => prometheusName(name, line)));

function reachFaults(manifests: Manifest[], all: Workload[], expected: Expectations): string[] {
  const faults: string[] = [];
  const pairs = all.flatMap((from) => [...dependencies(from, manifests, expected)].map((url) => ({ from, url })));
  for (const { from, url } of pairs) {
    const [host = '', port] = url.split(':');
    const service = host
      .split('.')
      .map((part) => named(manifests, 'Service', part))
      .find(Boolean);
    const to = service && all.find(({ labels }) => selects(service.spec.selector, labels));
    if (!service || !to) {
      faults.push(`${from.name} depends on ${url}, which is no Service here`);
      continue;
    }
    const target = service.spec.ports.find((each: { port: number }) => each.port === Number(port))?.targetPort;
    const number = target === undefined ? undefined : containerPort(to, target);
    if (number === undefined) faults.push(`${from.name} depends on ${url}, where no port ${port} is`);
    else if (!mayLeave(manifests, from.labels, { pod: to.labels }, number))
      faults.push(`${from.name} may not reach ${url}`);
    else if (!mayEnter(manifests, to.labels, { pod: from.labels }, number))
      faults.push(`${to.name} does not let ${from.name} in at ${number}`);
  }
  for (const from of all)
    for (const [server, port] of Object.entries(SERVERS)) {
      const to = all.find(({ name }) => name === server);
      if (!to || to === from || pairs.some((pair) => pair.from === from && pair.url.endsWith(`:${port}`))) continue;
      if (
        mayLeave(manifests, from.labels, { pod: to.labels }, port) &&
        mayEnter(manifests, to.labels, { pod: from.labels }, port)
      )
        faults.push(`${from.name} may reach ${server}, and need not`);
    }
  for (const { name, labels } of all) {
    for (const protocol of ['UDP', 'TCP'])
      if (!mayLeave(manifests, labels, { namespace: 'kube-system' }, 53, protocol))
        faults.push(`${name} may not ask DNS over ${protocol}`);
    const out = REACH_OUT[name];
    if (out && !mayLeave(manifests, labels, 'outside', out)) faults.push(`${name} may not reach out at ${out}`);
    if (out)
      for (const address of OUTBOUND_NEVER[name] ?? [])
        if (mayLeave(manifests, labels, { address }, out)) faults.push(`${name} may reach ${address}, which is inside`);
    if (OUTBOUND_NEVER[name])
      for (const policy of ofKind(manifests, 'NetworkPolicy'))
        if (selects(policy.spec.podSelector.matchLabels ?? {}, labels)) faults.push(...internetFaults(policy));
    if (!out && [25, 80, 443, 587].some((port) => mayLeave(manifests, labels, 'outside', port)))
      faults.push(`${name} may reach out, and need not`);
    if (
      name !== 'gateway' &&
      [8080, 9464, 4222, 8222, 27017].some((port) => mayEnter(manifests, labels, 'outside', port))
    )
      faults.push(`${name} is reached from outside`);
    if (name === 'gateway' && !mayEnter(manifests, labels, 'outside', 8080))
      faults.push('the gateway is not reached from outside');
    if (name === 'gateway' && mayEnter(manifests, labels, 'outside', 9464))
      faults.push('the metrics of the gateway are reached from outside');
    if (
      SERVICES.includes(name) &&
      ofKind(manifests, 'ServiceMonitor').length > 0 &&
      !mayEnter(manifests, labels, { namespace: 'monitoring' }, 9464)
    )
      faults.push(`Prometheus may not reach the metrics of ${name}`);
  }
  return faults;
}

/** A policy lets out to the same networks as the service does itself, which looks at each address before it connects. */
function internetFaults({ metadata, spec }: Manifest): string[] {
  type Blocks = readonly { cidr: string; except?: readonly string[] }[];
  const blocks: Blocks = (spec.egress ?? [])
    .flatMap(({ to = [] }: Manifest) => to)
    .flatMap(({ ipBlock }: Manifest) => ipBlock ?? []);
  if (blocks.length === 0) return [];
  const told = (all: Blocks) => all.flatMap(({ cidr, except = [] }) => [cidr, ...except.map((one) => `no ${one}`)]);
  const [has, wants] = [told(blocks), told(INTERNET)];
  return [
    ...wants.filter((one) => !has.includes(one)).map((one) => `${metadata.name} lacks: ${one}`),
    ...has.filter((one) => !wants.includes(one)).map((one) => `${metadata.name} has too much: ${one}`),
  ];
}

/** Each `host:port` that a workload must reach: out of its environment, and its peers. */
function dependencies({ containers }: Workload, manifests: Manifest[], { secrets }: Expectations): Set<string> {
  const found = new Set<string>();
  for (const container of containers) {
    const { values } = environment(container, manifests, secrets);
    const listed = [values.CONTINUO_NATS_URL, values.CONTINUO_MONGO_URL, values.CONTINUO_MONGO_MEMBERS];
    for (const text of listed)
      for (const [address] of (text ?? '').replace(/\/\/[^@/]*@/, '//').matchAll(/[\w.-]+:\d+/g)) found.add(address);
    if (container.name !== 'nats') continue;
    const conf: string =
      ofKind(manifests, 'ConfigMap').find(({ data }) => data?.['nats.conf'])?.data['nats.conf'] ?? '';
    for (const [, address] of conf.matchAll(/nats:\/\/([\w.-]+:\d+)/g)) found.add(address as string);
  }
  return found;
}

function namespaceFaults(manifests: Manifest[]): string[] {
  const namespace = ofKind(manifests, 'Namespace')[0];
  const faults: string[] = [];
  if (namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted')
    faults.push('the namespace does not enforce Pod Security "restricted"');
  for (const { kind, metadata } of manifests)
    if (kind !== 'Namespace' && metadata.namespace !== namespace?.metadata.name)
      faults.push(`${kind} ${metadata.name} stands in another namespace`);
  if (ofKind(manifests, 'Secret').length > 0) faults.push('a Secret stands in the manifests');
  return faults;
}

/** The server knows every identity and finds its password; it gives its clients their time before it is killed. */
function natsFaults(manifests: Manifest[], pods: Workload[]): string[] {
  const nats = pods.find(({ name }) => name === 'nats');
  if (!nats) return [];
  const faults: string[] = [];
  const map = ofKind(manifests, 'ConfigMap').find(({ data }) => data?.['nats.conf']);
  const conf: string = map?.data['nats.conf'] ?? '';
  const users: string = map?.data['users.conf'] ?? '';
  const given = (nats.containers[0]?.env ?? []) as { name: string; valueFrom?: { secretKeyRef?: { key: string } } }[];
  for (const user of [...IDENTITIES, 'admin']) {
    const variable = passwordVariable(user);
    if (!users.includes(`user: ${user}, password: $${variable}`)) faults.push(`NATS does not know ${user}`);
    if (given.find(({ name }) => name === variable)?.valueFrom?.secretKeyRef?.key !== user)
      faults.push(`NATS does not find the password of ${user}`);
  }
  const [, script = ''] = (nats.containers[0]?.['command'] ?? []) as string[];
  if (!script.startsWith('/etc/nats/') || !map?.data[script.slice('/etc/nats/'.length)])
    faults.push('NATS reads passwords as configuration: nothing puts them in quotes');
  const seconds = (setting: string) => Number(new RegExp(`${setting}: (\\d+)s`).exec(conf)?.[1] ?? Number.NaN);
  const lame = seconds('lame_duck_duration') + seconds('lame_duck_grace_period');
  if (!(nats.pod.terminationGracePeriodSeconds > lame)) faults.push('NATS is killed before its clients have moved');
  const most = bytesOf(/max_file_store: (\S+)/.exec(conf)?.[1] ?? '');
  const disk = bytesOf(
    named(manifests, 'StatefulSet', 'nats')?.spec.volumeClaimTemplates[0]?.spec.resources.requests.storage ?? '',
  );
  const all = Object.values(streams).reduce((sum, { maxBytes }) => sum + Math.max(0, maxBytes), 0);
  if (!(most < disk)) faults.push('the volume of NATS is smaller than what NATS may store: its disk can be full');
  const alarm = alarmOfVolumes(manifests);
  if (alarm !== undefined && !(alarm * disk < most))
    faults.push('NATS stores no more before its volume is said to be filling');
  if (!(all < most)) faults.push('NATS may store less than the streams hold together');
  if (!/sync_interval: always/.test(conf)) faults.push('NATS acknowledges what is not on the disk');
  return faults;
}

/** The share of a volume above which somebody is told; undefined where nobody is. */
function alarmOfVolumes(manifests: Manifest[]): number | undefined {
  const rules: { alert: string; expr: string }[] = ofKind(manifests, 'PrometheusRule').flatMap(({ spec }) =>
    spec.groups.flatMap((group: { rules: unknown[] }) => group.rules),
  );
  const rule = rules.find(({ alert }) => alert === 'ContinuoVolumeFilling');
  return rule && Number(/> ([\d.]+)\s*$/.exec(rule.expr)?.[1]);
}

/** As Kubernetes writes sizes (Gi), and as NATS does (GB, by which it means the same). */
function bytesOf(size: string): number {
  const [, number, unit = ''] = /^(\d+)([KMGT]?)(?:i|B)?$/.exec(size) ?? [];
  return number === undefined ? Number.NaN : Number(number) * 1024 ** ' KMGT'.indexOf(unit || ' ');
}
