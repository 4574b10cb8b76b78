// What runs pods, read out of the manifests: labels, containers, environment, with every reference followed.
import type { Manifest } from './render.ts';

export interface Container {
  name: string;
  image: string;
  // biome-ignore lint/suspicious/noExplicitAny: judged by the strict schemas before it is read
  [field: string]: any;
}
export interface Workload {
  kind: string;
  name: string;
  labels: Record<string, string>;
  manifest: Manifest;
  // biome-ignore lint/suspicious/noExplicitAny: judged by the strict schemas before it is read
  pod: any;
  containers: Container[];
}

const WITH_PODS = new Set(['Deployment', 'StatefulSet', 'Job', 'CronJob']);

export function workloads(manifests: Manifest[]): Workload[] {
  return manifests
    .filter(({ kind }) => WITH_PODS.has(kind))
    .map((manifest) => {
      const { template } = manifest.spec.jobTemplate?.spec ?? manifest.spec;
      return {
        kind: manifest.kind,
        name: manifest.metadata.name,
        labels: template.metadata?.labels ?? {},
        manifest,
        pod: template.spec,
        containers: template.spec.containers,
      };
    });
}

export const ofKind = (manifests: Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);

export const named = (manifests: Manifest[], kind: string, name: string): Manifest | undefined =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);

export const selects = (selector: Record<string, string>, labels: Record<string, string>): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Number of a port that is given by number or by a container's name for it; undefined when no container has it. */
export function containerPort(workload: Workload, port: string | number): number | undefined {
  const ports = workload.containers.flatMap(({ ports = [] }) => ports as { name?: string; containerPort: number }[]);
  return ports.find(({ name, containerPort }) => name === port || containerPort === port)?.containerPort;
}

export interface Environment {
  values: Record<string, string>;
  /** Variables that came out of a Secret. */
  secret: Set<string>;
  faults: string[];
}

/** What a container finds in its environment. @param secrets the Secrets that are made outside of the manifests */
export function environment(
  container: Container,
  manifests: Manifest[],
  secrets: Record<string, Record<string, string>>,
): Environment {
  const values: Record<string, string> = {};
  const secret = new Set<string>();
  const faults: string[] = [];
  for (const { configMapRef } of container.envFrom ?? []) {
    const map = named(manifests, 'ConfigMap', configMapRef.name);
    if (!map) faults.push(`${container.name}: there is no ConfigMap ${configMapRef.name}`);
    Object.assign(values, map?.data);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (value !== undefined) {
      values[name] = value;
      secret.delete(name);
    }
    const key = valueFrom?.secretKeyRef;
    if (!key) continue;
    secret.add(name);
    const found = secrets[key.name]?.[key.key];
    if (found === undefined) faults.push(`${container.name}: there is no key ${key.key} in a Secret ${key.name}`);
    else values[name] = found;
  }
  return { values, secret, faults };
}
