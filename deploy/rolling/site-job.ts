// The Job of k8s/operator under a name of its own and with a Secret of its own: an installation's own `settings` and `first-site` are left as they are.
import type { Manifest } from '../k8s/render.ts';

export interface SiteJob {
  /** Secret and Job, as they are applied. */
  manifests: Manifest[];
  /** What takes them away again. */
  names: string[];
}

/** @param image of the tools, in place of the one that stands in the Job */
export function siteJob(beside: Manifest[], name: string, settings: object, image?: string): SiteJob {
  const job = structuredClone(beside.find(({ kind }) => kind === 'Job')) as Manifest;
  const { metadata } = job;
  const pod = job.spec.template.spec;
  metadata.name = name;
  for (const { secret } of pod.volumes) if (secret) secret.secretName = name;
  if (image) for (const container of pod.containers) container.image = image;
  const secret: Manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData: { 'settings.json': JSON.stringify(settings) },
  };
  return { manifests: [secret, job], names: [`job/${name}`, `secret/${name}`] };
}
