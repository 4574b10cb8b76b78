// Where pods stand, and whether servers that are one set know each other: what a typing mistake leaves unsaid, since the scheduler only finds nothing to do.
import type { Manifest } from './render.ts';
import { named, ofKind, selects, type Workload } from './workloads.ts';

/** Labels of nodes by which pods are kept apart. */
const APART = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'];

interface Term {
  topologyKey: string;
  labelSelector?: { matchLabels?: Record<string, string> };
  matchLabelKeys?: string[];
}

export function placementFaults(manifests: Manifest[], all: Workload[]): string[] {
  return [...all.flatMap((workload) => apartFaults(workload, all)), ...setFaults(manifests)];
}

/** A set of servers stands on as many nodes; what is spread is counted by itself. */
function apartFaults({ kind, name, labels, pod }: Workload, all: Workload[]): string[] {
  const faults: string[] = [];
  const required: Term[] = pod.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const spread: Term[] = pod.topologySpreadConstraints ?? [];
  for (const { topologyKey } of [...required, ...spread])
    if (!APART.includes(topologyKey)) faults.push(`${name}: no node has the label ${topologyKey}`);
  if (kind === 'StatefulSet' && !required.some((term) => term.topologyKey === APART[0] && counts(term, labels, labels)))
    faults.push(`${name}: two of its servers may stand on one node`);
  for (const term of spread) {
    if (!counts(term, labels, labels)) faults.push(`${name}: its spread counts other pods than its own`);
    for (const other of all)
      if (other.name !== name && counts(term, labels, other.labels))
        faults.push(`${name}: it is spread together with ${other.name}`);
  }
  return faults;
}

/** `pod-template-hash` tells one state of a deployment from the next, not one deployment from another. */
function counts({ labelSelector, matchLabelKeys = [] }: Term, own: Record<string, string>, other: typeof own): boolean {
  const keys = matchLabelKeys.filter((key) => key !== 'pod-template-hash');
  return selects(labelSelector?.matchLabels ?? {}, other) && keys.every((key) => own[key] && own[key] === other[key]);
}

/** Each server of a set is named where its set is made. */
function setFaults(manifests: Manifest[]): string[] {
  const faults: string[] = [];
  const count = (name: string): number => named(manifests, 'StatefulSet', name)?.spec.replicas ?? 0;
  const given = (key: string): string =>
    ofKind(manifests, 'ConfigMap').find(({ data }) => data?.[key])?.data[key] ?? '';
  const hosts = (text: string, set: string, service: string): Set<string> =>
    new Set(
      [...text.matchAll(new RegExp(`\\b${set}-(\\d+)\\.${service}:`, 'g'))].map(([, ordinal]) => ordinal as string),
    );
  const members = hosts(given('CONTINUO_MONGO_MEMBERS'), 'mongodb', 'mongodb').size;
  if (members !== count('mongodb'))
    faults.push(`mongodb has ${count('mongodb')} servers, and mongodb-init makes a set of ${members}`);
  const routes = hosts(given('nats.conf'), 'nats', 'nats-peers').size;
  if (routes !== (count('nats') > 1 ? count('nats') : 0))
    faults.push(`NATS has ${count('nats')} servers, and routes to ${routes}`);
  return faults;
}
