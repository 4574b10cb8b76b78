// Do objects fit the API's strict schemas? An unknown kind or version is a fault, and so is an unknown field.
import { kubernetesSchemas } from '@continuo/servers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import type { Manifest } from './render.ts';

/** @returns what is wrong with an object, in words; empty when nothing is */
export type Judge = (manifest: Manifest) => string[];

interface Definition {
  properties?: { apiVersion?: { enum?: string[] }; kind?: { enum?: string[] } };
}

export async function strictJudge(): Promise<Judge> {
  const { $defs } = await kubernetesSchemas();
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'kubernetes', $defs });
  const known = new Map<string, string>();
  for (const [name, { properties }] of Object.entries($defs) as [string, Definition][])
    for (const apiVersion of properties?.apiVersion?.enum ?? [])
      for (const kind of properties?.kind?.enum ?? []) known.set(`${apiVersion} ${kind}`, name);
  return (manifest) => {
    const key = `${manifest.apiVersion} ${manifest.kind}`;
    const own = CUSTOM[key];
    if (own)
      return own.safeParse(manifest).error?.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`) ?? [];
    const definition = known.get(key);
    if (!definition) return [`${key} is not in the API`];
    const validate = ajv.getSchema(`kubernetes#/$defs/${definition}`);
    if (!validate) throw new Error(`there is no schema for ${definition}`);
    if (validate(manifest)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath}: ${message}${'additionalProperty' in params ? ` (${params.additionalProperty})` : ''}`,
    );
  };
}

const metadata = z.strictObject({
  name: z.string(),
  namespace: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
});
const duration = z.string().regex(/^\d+[smhd]$/);

/** What we use of the Prometheus operator's kinds; the real definitions judge them in `npm run k8s:apply`. */
const CUSTOM: Record<string, z.ZodType> = {
  'monitoring.coreos.com/v1 ServiceMonitor': z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata,
    spec: z.strictObject({
      selector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
      podTargetLabels: z.array(z.string()),
      endpoints: z.array(z.strictObject({ port: z.string(), path: z.string(), interval: duration })).min(1),
    }),
  }),
  'monitoring.coreos.com/v1 PrometheusRule': z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata,
    spec: z.strictObject({
      groups: z.array(
        z.strictObject({
          name: z.string(),
          rules: z.array(
            z.strictObject({
              alert: z.string().regex(/^Continuo[A-Za-z]+$/),
              expr: z.string().min(1),
              for: duration,
              labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
              annotations: z.strictObject({ summary: z.string().min(1), runbook: z.string().min(1) }),
            }),
          ),
        }),
      ),
    }),
  }),
};
