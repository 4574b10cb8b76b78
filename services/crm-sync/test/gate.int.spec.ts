// Two replicas before one CRM, on a real MongoDB: what one learns holds for the other, and both draw from one bucket.
import { randomUUID } from 'node:crypto';
import { testMongoUrl } from '@continuo/servers';
import { connectStore, type Store } from '@continuo/store';
import { eventually } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CrmError } from '../src/connectors/crm-error.ts';
import type { GateReport } from '../src/domain/breaker.ts';
import { AT_ONCE, type Entry, type Gates, openGates } from '../src/gate.ts';

const down: GateReport = { failure: 'unreachable', words: 'away' };
const refused: GateReport = { failure: 'refused-access', words: 'token' };
let store: Store;
let storeOfOther: Store;
beforeAll(async () => {
  const place = { url: await testMongoUrl(), database: `gate-${randomUUID()}` };
  store = await connectStore(place);
  storeOfOther = await connectStore(place);
}, 240_000);
afterAll(async () => {
  await store?.connection.dropDatabase();
  await store?.[Symbol.asyncDispose]();
  await storeOfOther?.[Symbol.asyncDispose]();
});

const replicas = (): [Gates, Gates, string] => [openGates(store), openGates(storeOfOther), randomUUID()];
/** How many requests are drawn from the bucket, as MongoDB holds it. */
async function drawn(site: string, perSecond: number): Promise<number> {
  const [gate, ...others] = await store.connection
    .collection<{ _id: string; fullAt: Date; now: Date }>('crm_gates')
    .find({ _id: site })
    .toArray();
  if (!gate || others.length > 0) throw new Error('there is not one gate');
  return ((gate.fullAt.getTime() - gate.now.getTime()) / 1_000) * perSecond;
}
async function enter(gates: Gates, site: string, revision = 1): Promise<Extract<Entry, { open: true }>> {
  const entry = await gates.enter(site, revision);
  if (!entry.open) throw new Error('the gate is closed');
  return entry;
}

test('few dialogues of one site are worked on at once, the others come again soon', async () => {
  const [gates, , site] = replicas();
  const entries = [];
  for (let i = 0; i < AT_ONCE; i++) entries.push(await enter(gates, site));
  expect(await gates.enter(site, 1)).toMatchObject({ open: false });
  expect((await gates.enter('another site', 1)).open).toBe(true);
  await entries[0]?.leave('success');
  expect((await gates.enter(site, 1)).open).toBe(true);
});

test('a CRM that failed one replica is left alone by the other, and one of both looks again', async () => {
  const [one, other, site] = replicas();
  for (let i = 0; i < 3; i++) await (await enter(one, site)).leave(down);
  expect(await other.enter(site, 1)).toMatchObject({ open: false, waitMs: expect.any(Number), because: down });
  await store.connection
    .collection<{ _id: string }>('crm_gates')
    .updateOne({ _id: site }, { $set: { 'breaker.pausedUntil': 0 } });
  const [first, second] = await Promise.all([one.enter(site, 1), other.enter(site, 1)]);
  expect([first.open, second.open].sort()).toEqual([false, true]);
  const probe = first.open ? first : second;
  if (!probe.open) throw new Error('nobody looks');
  expect(await probe.leave('success')).toEqual({ recovered: true });
  const entry = await enter(other, site);
  expect(await entry.leave('success')).toEqual({ recovered: false });
});

test('a call that succeeds is a sign of life for both, told at once, and whoever was held back is waked', async () => {
  const [one, other, site] = replicas();
  const underWay = await enter(other, site);
  for (let i = 0; i < 2; i++) await (await enter(one, site)).leave(down);
  await underWay.pace();
  // Nobody was held back, so nobody is to be waked; and what comes now does not add up with what was.
  expect(await underWay.worked(false)).toEqual({ recovered: false });
  for (let i = 0; i < 2; i++) await (await enter(one, site)).leave(down);
  expect((await one.standing(site, 1)).breaker.failures).toBe(2);
  await one.tell(site, 1, down);
  expect((await one.enter(site, 1)).open).toBe(false);
  await underWay.pace();
  expect(await underWay.worked(false)).toEqual({ recovered: true });
  expect((await one.enter(site, 1)).open).toBe(true);
});

test('runs that all got somewhere before they failed, at one moment, do not hold the others back', async () => {
  const [one, other, site] = replicas();
  const runs = await Promise.all([one, other, one, other, one, other].map((gates) => enter(gates, site)));
  for (const run of runs) {
    await run.pace();
    await run.worked(false);
  }
  await Promise.all(runs.map((run) => run.leave(down)));
  expect((await one.standing(site, 1)).breaker.failures).toBe(1);
});

test('failures that both report at one moment are all counted', async () => {
  const [one, other, site] = replicas();
  await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 ? one : other).tell(site, 1, down)));
  expect((await one.standing(site, 1)).breaker.failures).toBe(10);
});

test('replicas that are the first before a CRM, all at one moment, come in and draw from one bucket', async () => {
  const rate = { perSecond: 0.001, burst: 4 };
  for (let time = 0; time < 20; time++) {
    const [one, other, site] = replicas();
    const gates = [one, other, one, other];
    const [entries] = await Promise.all([
      Promise.all(gates.map((gate) => enter(gate, site))),
      ...gates.map((gate) => gate.pace(site, 1, rate)),
    ]);
    expect(entries).toHaveLength(gates.length);
    expect(await drawn(site, rate.perSecond)).toBeCloseTo(gates.length, 1);
  }
});

test('a refused key stops both, also those under way, until the connection is saved or tried by a person', async () => {
  const [one, other, site] = replicas();
  for (const gates of [one, other, one]) await (await enter(gates, site)).leave(refused);
  expect(await other.enter(site, 1)).toEqual({ open: false, waitMs: undefined, because: refused });
  await expect(other.pace(site, 1)).rejects.toThrow(CrmError);
  await other.pace(site, 2);
  // Whatever waits since the key was refused may go as soon as the new one works.
  expect(await (await enter(other, site, 2)).leave('success')).toEqual({ recovered: true });
  expect(await (await enter(one, site, 2)).leave('success')).toEqual({ recovered: false });
});

test('a late word on an older connection is nobody’s', async () => {
  const [one, other, site] = replicas();
  const old = await enter(one, site, 1);
  for (let i = 0; i < 3; i++) await other.tell(site, 2, down);
  await old.leave('success');
  expect((await other.standing(site, 2)).breaker.failures).toBe(3);
});

test('all replicas together send no more than the CRM allows', async () => {
  const [one, other, site] = replicas();
  const rate = { perSecond: 0.001, burst: 4 };
  const stop = new AbortController();
  let sent = 0;
  const senders = Array.from({ length: 10 }, async (_, i) => {
    await (i % 2 ? one : other).pace(site, 1, rate, stop.signal);
    if (!stop.signal.aborted) sent += 1;
  });
  await eventually(() => expect(sent).toBe(4));
  // Asked after them, this one is told to wait as well.
  const last = one.pace(site, 1, rate, stop.signal).then(() => !stop.signal.aborted);
  await one.pace(randomUUID(), 1, rate);
  expect(sent).toBe(4);
  stop.abort();
  expect(await last).toBe(false);
  await Promise.all(senders);
});

test('another site does not wait for a bucket that is empty', async () => {
  const [gates, , site] = replicas();
  const slow = { perSecond: 0.001, burst: 1 };
  await gates.pace(site, 1, slow);
  const stop = new AbortController();
  let went = false;
  const waits = gates.pace(site, 1, slow, stop.signal).then(() => {
    went = true;
  });
  await gates.pace(randomUUID(), 1, slow);
  expect(went).toBe(false);
  stop.abort();
  await waits;
});

test('a paused site is left alone by both, whatever is saved or tried meanwhile, until somebody resumes', async () => {
  const [one, other, site] = replicas();
  const told: string[] = [];
  const third = openGates(store, Math.random, async (changed) => void told.push(changed));
  await third.pause(site, { at: 7, by: 'anna' });
  await third.pause(site, { at: 9, by: 'later' });
  await one.hurry(site, 1);
  for (const revision of [1, 2]) expect(await other.enter(site, revision)).toEqual({ open: false, waitMs: undefined });
  expect(await one.standing(site, 1)).toMatchObject({ paused: { at: 7, by: 'anna' } });
  await third.resume(site);
  expect((await one.enter(site, 1)).open).toBe(true);
  expect(told).toEqual([site, site, site]);
});

test('hurried, a CRM that failed is tried at once, but a key that was refused twice has one try left', async () => {
  const [one, other, site] = replicas();
  for (let i = 0; i < 4; i++) await one.tell(site, 1, down);
  expect((await other.enter(site, 1)).open).toBe(false);
  await other.hurry(site, 1);
  await (await enter(other, site)).leave('success');
  for (let i = 0; i < 2; i++) await one.tell(site, 1, refused);
  await other.hurry(site, 1);
  await (await enter(other, site)).leave(refused);
  await other.hurry(site, 1);
  expect(await one.enter(site, 1)).toEqual({ open: false, waitMs: undefined, because: refused });
});

test('whoever watches is told when a connection stands otherwise, and of nothing else', async () => {
  const site = randomUUID();
  let told = 0;
  const gates = openGates(store, Math.random, async () => void told++);
  await (await enter(gates, site)).leave('success');
  expect(told).toBe(0);
  await (await enter(gates, site)).leave(refused);
  expect(told).toBe(1);
  await (await enter(gates, site)).leave('success');
  expect(told).toBe(2);
});
