// The manifests as the cluster would get them.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kubectl } from '@continuo/servers';
import { parseAllDocuments } from 'yaml';
import { ROOT } from '../run-node.ts';

const K8S = join(ROOT, 'k8s');
export const OVERLAYS = join(K8S, 'overlays');
/** What an operator applies beside an overlay, when he needs it: a site and its employees. */
export const BESIDE = '../operator';
/** What he applies in need: of each a Job. */
export const RESTORE = '../restore';
export const PARKED = '../operator/parked';
export const REBUILD_VIEWS = '../operator/rebuild-views';
/** All that is applied by hand. */
export const BY_HAND = [BESIDE, RESTORE, PARKED, REBUILD_VIEWS];

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  // Every kind has fields of its own; the strict schemas judge them.
  // biome-ignore lint/suspicious/noExplicitAny: what stands below is checked before it is read
  [field: string]: any;
}

export const overlays = (): string[] => readdirSync(OVERLAYS).sort();

/** What kustomize makes of one overlay, as text. A deprecated field only warns there; here it is a fault. */
export async function renderText(overlay: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(await kubectl(), ['kustomize', join(OVERLAYS, overlay)], {
    maxBuffer: 64 * 1024 ** 2,
  });
  if (stderr.trim()) throw new Error(`kustomize warns about ${overlay}: ${stderr.trim()}`);
  return stdout;
}

export async function render(overlay: string): Promise<Manifest[]> {
  return parseAllDocuments(await renderText(overlay)).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}
