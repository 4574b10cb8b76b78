import { beforeAll, expect, test } from '@jest/globals';
import { BESIDE, type Manifest, render } from '../k8s/render.ts';
import { workloads } from '../k8s/workloads.ts';
import { settingsFile } from '../settings.ts';
import { siteJob, trialSettings } from './site-job.ts';

let beside: Manifest[];
beforeAll(async () => {
  beside = await render(BESIDE);
}, 60_000);

const ORIGIN = 'https://shop.example';
/** The Secret as kubectl gives it back. */
const asStored = (secret: Manifest | undefined): string =>
  JSON.stringify({
    data: { 'settings.json': Buffer.from(secret?.['stringData']['settings.json']).toString('base64') },
  });

test('a trial of an update has a Job and a Secret of its own, and the Job is taken away by name', () => {
  const { manifests, job } = siteJob(beside, { site: {} }, 'registry.example.com/tools:9.9.9');
  expect(manifests.map(({ kind, metadata: { name } }) => [kind, name])).toEqual([
    ['Secret', 'rolling-update'],
    ['Job', 'rolling-update'],
  ]);
  expect(job).toBe('job/rolling-update');
  expect(JSON.stringify(manifests)).not.toContain('first-site');
  const [workload] = workloads(manifests);
  expect(workload?.containers[0]?.image).toBe('registry.example.com/tools:9.9.9');
  expect(workload?.pod.volumes[0].secret.secretName).toBe('rolling-update');
});

test('without an image of its own it has the one of k8s/operator, which stays as it is', () => {
  const before = structuredClone(beside);
  const [job] = workloads(siteJob(beside, {}).manifests);
  expect(job?.containers[0]?.image).toBe(workloads(beside)[0]?.containers[0]?.image);
  expect(beside).toEqual(before);
});

test('the next trial has the site and the employee of the one before, at the address and with the capacity of now', () => {
  const { isNew, ...first } = trialSettings('', 'http://10.0.0.1:80', ORIGIN, 5);
  expect(isNew).toBe(true);
  expect(settingsFile.parse(first)).toEqual(first);
  const [secret] = siteJob(beside, first).manifests;
  const second = trialSettings(asStored(secret), 'http://10.0.0.2:80', ORIGIN, 3);
  expect(second).toEqual({
    isNew: false,
    site: { ...first.site, consoleUrl: 'http://10.0.0.2:80' },
    agents: [{ ...first.agents[0], capacity: 3 }],
  });
  expect(trialSettings('', 'http://10.0.0.1:80', ORIGIN, 5).site.id).not.toBe(first.site.id);
});
