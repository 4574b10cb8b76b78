// Alerts and dashboards ask for nothing that is not measured: every metric and label is in the table, and every alert has its runbook.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, type MetricLine, prometheusName } from '@continuo/telemetry';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from '../run-node.ts';

const FOLDER = join(ROOT, 'k8s/components/monitoring');
/** What Prometheus adds to every series here. */
const ADDED = ['job', 'pod', 'instance', 'le', 'app_kubernetes_io_name'];
const OF_PROMETHEUS = ['up'];

const lines = Object.entries(METRICS) as [string, MetricLine][];
const labelsOf = new Map<string, readonly string[]>(
  lines.flatMap(([name, line]) => {
    const base = prometheusName(name, line);
    const names = line.kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => base + end) : [base];
    return names.map((each): [string, readonly string[]] => [each, line.labels]);
  }),
);

/** @returns what an expression asks for and nobody measures */
function unknown(expression: string): string[] {
  const bare = expression.replace(/"[^"]*"/g, '""');
  const names = [...bare.matchAll(/\b(?:continuo_\w+|up)\b/g)].map(([name]) => name);
  const wrong = names.filter((name) => !labelsOf.has(name) && !OF_PROMETHEUS.includes(name));
  if (names.length === 0) wrong.push(`no metric in: ${expression}`);
  const allowed = new Set([...ADDED, ...names.flatMap((name) => labelsOf.get(name) ?? [])]);
  const asked = [
    ...[...bare.matchAll(/\b(?:by|ignoring|on|without)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(',')),
    ...[...bare.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*""/g)].map(([, label = '']) => label),
  ];
  return [...wrong, ...asked.map((label) => label.trim()).filter((label) => !allowed.has(label))];
}

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
  ['continuo_command_seconds', 'a histogram without its ending'],
  ['rate(continuo_append_events[5m])', 'a counter without its ending'],
])('%s is refused: %s', (expression) => expect(unknown(expression)).not.toEqual([]));
