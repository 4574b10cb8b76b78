import { beforeAll, expect, test } from '@jest/globals';
import { BESIDE, type Manifest, render } from '../k8s/render.ts';
import { workloads } from '../k8s/workloads.ts';
import { siteJob } from './site-job.ts';

let beside: Manifest[];
beforeAll(async () => {
  beside = await render(BESIDE);
}, 60_000);

test('a trial of an update has a Job and a Secret of its own, and both are taken away by name', () => {
  const { manifests, names } = siteJob(beside, 'rolling-a1', { site: {} }, 'registry.example.com/tools:9.9.9');
  expect(manifests.map(({ kind, metadata: { name } }) => [kind, name])).toEqual([
    ['Secret', 'rolling-a1'],
    ['Job', 'rolling-a1'],
  ]);
  expect(names).toEqual(['job/rolling-a1', 'secret/rolling-a1']);
  expect(JSON.stringify(manifests)).not.toContain('first-site');
  const [job] = workloads(manifests);
  expect(job?.containers[0]?.image).toBe('registry.example.com/tools:9.9.9');
  expect(job?.pod.volumes[0].secret.secretName).toBe('rolling-a1');
});

test('without an image of its own it has the one of k8s/operator, which stays as it is', () => {
  const before = structuredClone(beside);
  const [job] = workloads(siteJob(beside, 'rolling-a1', {}).manifests);
  expect(job?.containers[0]?.image).toBe(workloads(beside)[0]?.containers[0]?.image);
  expect(beside).toEqual(before);
});
