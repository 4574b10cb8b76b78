// The Job of k8s/operator under a name of its own and with a Secret of its own: an installation's own `settings` and `first-site` are left as they are. The Secret
// stays: nothing erases a site, and a password that stands is never changed by settings, so the next trial finds in it the same site and the same employee.
import { randomBytes } from 'node:crypto';
import { newId } from '@continuo/contracts';
import { z } from 'zod';
import type { Manifest } from '../k8s/render.ts';

export const NAME = 'rolling-update';
const KEY = 'settings.json';

export interface SiteJob {
  /** Secret and Job, as they are applied. */
  manifests: Manifest[];
  /** What takes the Job away again. */
  job: string;
}

/** What a trial left for the next one. */
const kept = z.object({
  site: z.object({ id: z.string() }),
  agents: z.tuple([z.object({ id: z.string(), email: z.string(), password: z.string() })]),
});

/**
 * A site that nobody else uses, and the one employee who answers there.
 * @param secret of the trial before, as JSON, where there is one
 */
export function trialSettings(secret: string, consoleUrl: string, origin: string, capacity: number) {
  const before = secret.trim() === '' ? undefined : (JSON.parse(secret) as { data?: Record<string, string> });
  const id = newId();
  const { site, agents } = before
    ? kept.parse(JSON.parse(Buffer.from(before.data?.[KEY] ?? '', 'base64').toString('utf8')))
    : {
        site: { id },
        agents: [
          { id: newId(), email: `anna-${id}@example.com`, password: randomBytes(12).toString('base64url') },
        ] as const,
      };
  const [{ id: agent, email, password }] = agents;
  return {
    isNew: !before,
    site: {
      id: site.id,
      name: 'Rolling update',
      language: 'en',
      origins: [origin],
      consoleUrl,
      typingPreview: false,
      mail: { fromAddress: 'desk@example.com', answerDelaySeconds: 3_600 },
      crm: { windowSeconds: 4 },
    },
    agents: [{ id: agent, name: 'Anna', role: 'agent', capacity, email, password }] as const,
  };
}

/** @param image of the tools, in place of the one that stands in the Job */
export function siteJob(beside: Manifest[], settings: object, image?: string): SiteJob {
  const job = structuredClone(beside.find(({ kind }) => kind === 'Job')) as Manifest;
  const { metadata } = job;
  const pod = job.spec.template.spec;
  metadata.name = NAME;
  for (const { secret } of pod.volumes) if (secret) secret.secretName = NAME;
  if (image) for (const container of pod.containers) container.image = image;
  const secret: Manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: NAME },
    stringData: { [KEY]: JSON.stringify(settings) },
  };
  return { manifests: [secret, job], job: `job/${NAME}` };
}
