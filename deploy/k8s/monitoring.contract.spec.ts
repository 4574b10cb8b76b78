// Alerts and dashboards ask for nothing that is not measured: every metric and label is in the table, and every alert has its runbook.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { consumers } from '@continuo/contracts';
import { WATCHDOG_MS } from '@continuo/runtime';
import { METRICS, METRICS_PATH, type MetricLine, prometheusName } from '@continuo/telemetry';
import { expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT } from '../run-node.ts';
import { SERVICES } from './cross-check.ts';

const FOLDER = join(ROOT, 'k8s/components/monitoring');
/** What Prometheus adds to every series here. */
const ADDED = ['job', 'pod', 'instance', 'le', 'app_kubernetes_io_name'];
/** Not measured by us: by Prometheus itself, by the kubelet of volumes, and by kube-state-metrics of Jobs. */
const OF_OTHERS: Record<string, string[]> = {
  up: ['namespace'],
  kubelet_volume_stats_used_bytes: ['namespace', 'persistentvolumeclaim'],
  kubelet_volume_stats_capacity_bytes: ['namespace', 'persistentvolumeclaim'],
  kube_job_failed: ['namespace', 'job_name', 'condition'],
  kube_job_created: ['namespace', 'job_name'],
  kube_cronjob_created: ['namespace', 'cronjob'],
  kube_cronjob_status_last_successful_time: ['namespace', 'cronjob'],
};

const lines = Object.entries(METRICS) as [string, MetricLine][];
const labelsOf = new Map<string, readonly string[]>(
  lines.flatMap(([name, line]) => {
    const base = prometheusName(name, line);
    const names = line.kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => base + end) : [base];
    return names.map((each): [string, readonly string[]] => [each, line.labels]);
  }),
);

/** Of the names that are ours beside the table of metrics, and of what others record. */
const VALUES: Record<string, readonly string[]> = {
  app_kubernetes_io_name: SERVICES,
  consumer: Object.keys(consumers),
  condition: ['true', 'false', 'unknown'],
};
/** Their values are held to the manifests by tests of their own below. */
const HELD_ELSEWHERE = ['namespace', 'job', 'job_name', 'cronjob', 'persistentvolumeclaim'];
const valuesOf = new Map(
  lines.flatMap(([name, line]) =>
    ['', '_total', '_bucket', '_count', '_sum'].map((end) => [prometheusName(name, line) + end, line.values] as const),
  ),
);

/** @returns values that a selector asks for, or leaves out, and that nobody records: no series would ever have them */
function unknownValues(expression: string): string[] {
  const selectors = [...expression.matchAll(/\b(\w+)\{([^}]*)\}/g)];
  return selectors.flatMap(([, metric = '', inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)]
      .filter(([, label = '']) => !HELD_ELSEWHERE.includes(label))
      .flatMap(([, label = '', how = '', text = '']) => {
        const known = valuesOf.get(metric)?.[label] ?? VALUES[label] ?? [];
        const asked = how.includes('~') ? text.split('|') : [text];
        const is = (one: string, value: string) =>
          how.includes('~') ? new RegExp(`^(?:${one})$`).test(value) : one === value;
        return asked
          .filter((one) => !known.some((value) => is(one, value)))
          .map((one) => `${metric}{${label}="${one}"}`);
      }),
  );
}

/** @returns what an expression asks for and nobody measures */
function unknown(expression: string): string[] {
  const bare = expression.replace(/"[^"]*"/g, '""');
  const names = [...bare.matchAll(/\b(?:continuo_\w+|kube(?:let)?_\w+|up)\b/g)].map(([name]) => name);
  const wrong = names.filter((name) => !labelsOf.has(name) && !(name in OF_OTHERS));
  if (names.length === 0) wrong.push(`no metric in: ${expression}`);
  const allowed = new Set([...ADDED, ...names.flatMap((name) => labelsOf.get(name) ?? OF_OTHERS[name] ?? [])]);
  const asked = [
    ...[...bare.matchAll(/\b(?:by|ignoring|on|without)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(',')),
    ...[...bare.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*""/g)].map(([, label = '']) => label),
  ];
  const labels = asked.map((label) => label.trim()).filter((label) => !allowed.has(label));
  return [...wrong, ...labels, ...unknownValues(expression)];
}

/** @returns labels that what an expression finds surely has: of each side of its `or` */
function carried(expression: string): string[] {
  const sides = expression.split(/\bor\b/).map((side) => {
    const absent = /^\s*absent\(\w+\{([^}]*)\}\)\s*$/.exec(side);
    if (absent) return [...(absent[1] as string).matchAll(/(\w+)="/g)].map(([, label]) => label as string);
    return (/\bby\s*\(([^)]*)\)/.exec(side)?.[1] ?? '').split(',').map((label) => label.trim());
  });
  const everywhere = (sides[0] ?? []).filter((label) => sides.every((side) => side.includes(label)));
  return /histogram_quantile/.test(expression) ? everywhere.filter((label) => label !== 'le') : everywhere;
}

/** @returns labels that a rule's words name and its expression does not carry */
const wordless = ({ expr, annotations }: Pick<Rule, 'expr' | 'annotations'>): string[] =>
  [...annotations.summary.matchAll(/\$labels\.(\w+)/g)]
    .map(([, label]) => label as string)
    .filter((label) => !carried(expr).includes(label));

/** @returns counters of whose first one an expression says nothing, since `increase` needs two readings */
const firstUnseen = (expression: string): string[] =>
  [...expression.matchAll(/increase\((\w+(?:\{[^}]*\})?)\[(\w+)\]\)\) > 0/g)]
    .filter(([, series, within]) => !expression.includes(`(${series} unless ${series} offset ${within}) > 0`))
    .map(([, series]) => series as string);

/** @returns what is amiss between the monitor and the alerts that read what it scrapes */
function monitorFaults({ spec }: Monitor, { metadata }: Service): string[] {
  const faults: string[] = [];
  const expressions = rules.map(({ expr }) => expr).join('\n');
  const asked = new Set([...expressions.matchAll(/\bapp_kubernetes_io_\w+/g)].map(([label]) => label));
  const given = (spec.podTargetLabels ?? []).map((label) => label.replaceAll(/\W/g, '_'));
  faults.push(...[...asked].filter((label) => !given.includes(label)).map((label) => `no series gets ${label}`));
  for (const { path, interval } of spec.endpoints) {
    if (path !== METRICS_PATH) faults.push(`nothing is served at ${path}`);
    const drain = /continuo_drain_seconds\[5m\]\)\) > (\d+)/.exec(expressions)?.[1];
    if (!(Number(drain) + Number.parseInt(interval, 10) <= WATCHDOG_MS / 1000))
      faults.push('a drain may end by force before it is seen to be slow');
  }
  for (const [, job] of expressions.matchAll(/\bjob="([^"]+)"/g))
    if (job !== metadata.name) faults.push(`no series has the job ${job}`);
  return faults;
}
interface Monitor {
  spec: { podTargetLabels?: string[]; endpoints: { path: string; interval: string }[] };
}
interface Service {
  metadata: { name: string };
}
const [scraped, monitor] = parseAllDocuments(readFileSync(join(FOLDER, 'service-monitor.yaml'), 'utf8')).map(
  (document) => document.toJS(),
) as [Service, Monitor];

interface Rule {
  alert: string;
  expr: string;
  annotations: { runbook: string; summary: string };
}
const rules: Rule[] = parse(readFileSync(join(FOLDER, 'alerts.yaml'), 'utf8')).spec.groups.flatMap(
  ({ rules: of }: { rules: Rule[] }) => of,
);
const dashboards = readdirSync(join(FOLDER, 'dashboards')).map((file) =>
  JSON.parse(readFileSync(join(FOLDER, 'dashboards', file), 'utf8')),
);
const panels: { title: string; targets: { expr: string }[] }[] = dashboards.flatMap(({ panels: of }) => of);

test.each(rules.map(({ alert, expr }) => [alert, expr]))('%s asks for what is measured', (_alert, expr) => {
  expect(unknown(expr as string)).toEqual([]);
});

test.each(rules.map((rule) => [rule.alert, rule] as const))(
  '%s names in its words only labels that it has',
  (_alert, rule) => {
    expect(wordless(rule)).toEqual([]);
  },
);

test.each(rules.map(({ alert, expr }) => [alert, expr]))('%s sees the first one of what it counts', (_alert, expr) => {
  expect(firstUnseen(expr as string)).toEqual([]);
});

test('what is scraped is what the alerts read, and often enough', () => {
  expect(monitorFaults(monitor, scraped)).toEqual([]);
});

test.each<[fault: string, breakIt: (monitor: Monitor, service: Service) => void]>([
  [
    'nothing is served at /metricz',
    ({ spec }) => {
      for (const endpoint of spec.endpoints) endpoint.path = '/metricz';
    },
  ],
  [
    'no series gets app_kubernetes_io_name',
    ({ spec }) => {
      spec.podTargetLabels = ['app.kubernetes.io/part-of'];
    },
  ],
  [
    'before it is seen to be slow',
    ({ spec }) => {
      for (const endpoint of spec.endpoints) endpoint.interval = '30s';
    },
  ],
  [
    'no series has the job metrics',
    (_monitor, service) => {
      service.metadata.name = 'continuo-metrics';
    },
  ],
])('it is seen when %s', (fault, breakIt) => {
  const [brokenMonitor, brokenService] = structuredClone([monitor, scraped] as const);
  breakIt(brokenMonitor, brokenService);
  expect(monitorFaults(brokenMonitor, brokenService).join()).toContain(fault);
});

test('a label that is not carried, a side of an “or” without it, and a first one that nobody sees are refused', () => {
  const annotations = { runbook: '', summary: 'Stream {{ $labels.stream }}.' };
  expect(wordless({ expr: 'max(continuo_desk_waiting) > 5', annotations })).toEqual(['stream']);
  expect(wordless({ expr: 'sum by (stream) (a) > 0 or absent(up{job="metrics"})', annotations })).toEqual(['stream']);
  // What a comparison is absent from has no labels.
  expect(wordless({ expr: 'absent(up{stream="a"} == 1)', annotations })).toEqual(['stream']);
  expect(firstUnseen('sum by (stream) (increase(continuo_append_conflicts_total[5m])) > 0')).toHaveLength(1);
});

test('what is watched of the backup is the CronJob that makes it, and it has the time that it may take', () => {
  const backup = parseAllDocuments(readFileSync(join(ROOT, 'k8s/components/backup/backup.yaml'), 'utf8'))[0]?.toJS();
  const { namespace } = parse(readFileSync(join(ROOT, 'k8s/overlays/ha/kustomization.yaml'), 'utf8'));
  const [, minute, hour] = /^(\d+) (\d+) \* \* \*$/.exec(backup.spec.schedule) ?? [];
  expect([minute, hour]).not.toContain(undefined);
  const overdue = rules.find(({ alert }) => alert === 'ContinuoBackupOverdue')?.expr ?? '';
  for (const [, hours] of overdue.matchAll(/> (\d+) \* 3600/g))
    expect(Number(hours)).toBeGreaterThan(24 + backup.spec.jobTemplate.spec.activeDeadlineSeconds / 3600);
  const watched = rules.filter(({ alert }) => alert.startsWith('ContinuoBackup')).map(({ expr }) => expr);
  const named = watched.join().matchAll(/namespace="([^"]+)", (?:cronjob="|job_name=~")([^"]+)"/g);
  for (const [, where, what] of named)
    expect([where, new RegExp(`^(?:${what})$`).test('backup') || what]).toEqual([
      namespace,
      what === 'backup' || `${backup.metadata.name}-[0-9]+`,
    ]);
});

/** @returns what others measure, too, and an expression asks for in the whole cluster */
const everywhere = (expression: string, namespace: string): string[] =>
  [...expression.matchAll(/\b(\w+)(\{[^}]*\})?/g)]
    .filter(([, name = '', selector = '']) => name in OF_OTHERS && !selector.includes(`namespace="${namespace}"`))
    .map(([series]) => series);

test('what others have, too, is asked for in our namespace alone', () => {
  const { namespace } = parse(readFileSync(join(ROOT, 'k8s/overlays/ha/kustomization.yaml'), 'utf8'));
  const asked = [...rules.map(({ expr }) => expr), ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))];
  expect(asked.flatMap((expression) => everywhere(expression, namespace))).toEqual([]);
});

test('the volumes that are watched are those of the manifests', () => {
  const objects = ['nats/nats.yaml', 'mongodb/mongodb.yaml', 'backup/backup.yaml'].flatMap((file) =>
    parseAllDocuments(readFileSync(join(ROOT, 'k8s/components', file), 'utf8')).map((document) => document.toJS()),
  );
  const claims = objects.flatMap(({ kind, metadata, spec }) =>
    kind === 'PersistentVolumeClaim'
      ? [metadata.name]
      : (spec.volumeClaimTemplates ?? []).map((claim: Service) => `${claim.metadata.name}-${metadata.name}-2`),
  );
  expect(claims).toHaveLength(3);
  const watched = rules.flatMap(({ expr }) => [...expr.matchAll(/persistentvolumeclaim=~"([^"]+)"/g)]);
  expect(watched).toHaveLength(2);
  for (const [, pattern] of watched)
    expect(claims.filter((claim) => !new RegExp(`^(?:${pattern})$`).test(claim))).toEqual([]);
});

test('the dashboards keep their name when they change', () => {
  const { configMapGenerator } = parse(readFileSync(join(FOLDER, 'kustomization.yaml'), 'utf8'));
  for (const { options } of configMapGenerator) expect(options.disableNameSuffixHash).toBe(true);
});

test.each(panels.map(({ title, targets }) => [title, targets] as const))(
  'the panel “%s” shows what is measured',
  (_title, targets) => {
    expect(targets.flatMap(({ expr }) => unknown(expr))).toEqual([]);
  },
);

test('every metric stands in a panel', () => {
  const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
  expect(lines.map(([name, line]) => prometheusName(name, line)).filter((name) => !shown.includes(name))).toEqual([]);
});

test('every metric is asked for where services run: what is never seen to change may be missing, or always the same', () => {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.int.spec.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const specs = listed.trim().split('\n');
  const asked = specs.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
  expect(lines.map(([name, line]) => prometheusName(name, line)).filter((name) => !asked.includes(name))).toEqual([]);
});

test('every alert has its runbook, and every runbook its alert', () => {
  const sections = [...readFileSync(join(ROOT, 'docs/operations.md'), 'utf8').matchAll(/^### (Continuo\w+)$/gm)];
  expect(sections.map(([, name]) => name).sort()).toEqual(rules.map(({ alert }) => alert).sort());
  for (const { alert, annotations } of rules)
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
});

test.each([
  ['continuo_socket_opened', 'a metric that is not there'],
  ['sum by (site) (continuo_socket_open)', 'a label that is not there'],
  ['continuo_socket_open{side="agent"}', 'a label in a selector'],
  ['continuo_append_failures_total{reason="fulll"}', 'a value that is never recorded'],
  ['continuo_crm_call_seconds_count{outcome!="okay"}', 'a value that nobody would miss'],
  ['continuo_crm_connections{state=~"stoped|paused"}', 'a value among others'],
  ['continuo_consumer_parked_total{consumer=~"crmsync.*"}', 'a consumer that is not there'],
  ['up{app_kubernetes_io_name="gatewy", namespace="continuo"}', 'a service that is not there'],
  ['kube_job_failed{namespace="continuo", condition="yes"}', 'a value that others do not record'],
  ['continuo_command_seconds_count{name="send-mesage"}', 'a value of which no list is known'],
  ['continuo_command_seconds', 'a histogram without its ending'],
  ['rate(continuo_append_events[5m])', 'a counter without its ending'],
])('%s is refused: %s', (expression) => expect(unknown(expression)).not.toEqual([]));
