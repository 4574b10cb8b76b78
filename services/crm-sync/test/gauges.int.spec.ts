// What alerts ask for, on a real MongoDB: how the connections stand, what waits, and how long writes took.
import { randomUUID } from 'node:crypto';
import { freePort, testMongoUrl } from '@continuo/servers';
import { connectStore, type Store } from '@continuo/store';
import { startTelemetry, type Telemetry } from '@continuo/telemetry';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Connections } from '../src/connections.ts';
import { newLink } from '../src/domain/link.ts';
import { openGates } from '../src/gate.ts';
import { watchCrms } from '../src/gauges.ts';
import { openLags, percentile } from '../src/lag.ts';
import { openLinks } from '../src/links.ts';

let store: Store;
let telemetry: Telemetry;
let port: number;
beforeAll(async () => {
  port = await freePort();
  telemetry = await startTelemetry({ service: 'crm-sync', metrics: true, metricsPort: port, host: '127.0.0.1' });
  store = await connectStore({ url: await testMongoUrl(), database: `gauges-${randomUUID()}` });
}, 240_000);
afterAll(async () => {
  await telemetry?.shutdown();
  await store?.connection.dropDatabase();
  await store?.[Symbol.asyncDispose]();
});

async function measured(metric: string): Promise<Record<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = [
    ...text.matchAll(new RegExp(`^${metric}\\{connector="bottlecrm"(?:,state="(\\w+)")?\\} (\\S+)`, 'gm')),
  ];
  return Object.fromEntries(lines.map(([, state = 'all', value]) => [state, Number(value)]));
}

test('connections are counted by how they stand, dialogues by who has to act, writes by how long they took', async () => {
  const [gates, links, lags] = [openGates(store), await openLinks(store), await openLags(store)];
  const sites = ['works', 'waiting', 'stopped', 'paused'].map((name) => `${name}-${randomUUID()}`);
  const [, waiting, stopped, paused] = sites as [string, string, string, string];
  const list = async () => sites.map((key) => ({ key, connector: 'bottlecrm', revision: 1 }));
  using _watch = watchCrms(links, { list } as Connections, gates);
  await gates.tell(waiting, 1, { failure: 'unreachable', words: '' });
  for (let i = 0; i < 3; i++) await gates.tell(stopped, 1, { failure: 'refused-access', words: '' });
  await gates.pause(paused, { at: 1, by: 'anna' });
  for (const [index, state] of (['pushed', 'pending', 'failed', 'failed'] as const).entries())
    await links.collection.insertOne({
      ...newLink('site', String(index), 'bottlecrm https://crm'),
      _id: randomUUID(),
      version: 1,
      changedAt: 1,
      state,
    });
  for (let call = 0; call < 3; call++) lags.called('site');
  lags.called('another');
  await lags.add('site', 'bottlecrm', 2_000, 4);

  expect(await measured('continuo_crm_connections')).toEqual({ works: 1, waiting: 1, stopped: 1, paused: 1 });
  expect(await measured('continuo_crm_dialogues')).toEqual({ pending: 1, failed: 2 });
  expect(await measured('continuo_crm_write_lag_seconds_sum')).toEqual({ all: 2 });
  expect(await lags.lastDay('site')).toMatchObject({
    written: 1,
    lag95Ms: 2_000,
    callsPerMessage: 0.75,
    lags: [{ ms: 2_000 }],
  });
});

test('95 of 100 is what all but five did not exceed, to a fifth', () => {
  const slot = (steps: Record<string, number>, worst: number) => ({
    steps,
    worst,
    writes: Object.values(steps).reduce((sum, times) => sum + times, 0),
  });
  expect(percentile([], 0.95)).toBeUndefined();
  // 1.2 to the 38th is a second, to the 60th almost a minute.
  const calm = percentile([slot({ 38: 50 }, 1_000), slot({ 38: 46, 60: 4 }, 56_000)], 0.95);
  expect(calm).toBeGreaterThanOrEqual(1_000);
  expect(calm).toBeLessThan(1_200);
  expect(percentile([slot({ 38: 90, 60: 10 }, 56_000)], 0.95)).toBe(56_000);
});
