import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CrmConnection } from '@continuo/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectDemoCrm } from './demo-crm.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-demo-crm-'));
});
afterEach(() => rm(folder, { recursive: true }));

const demo = (port: number): CrmConnection => ({
  connector: 'bottlecrm',
  baseUrl: `http://127.0.0.1:${port}`,
  credentials: { token: 's3cret' },
});
const webhook = { connector: 'webhook', baseUrl: 'https://crm.example.com/hook', credentials: { secret: 'x' } };

/** What one installation keeps over its starts. */
function installation() {
  const file = join(folder, 'saved');
  let stands: CrmConnection | undefined;
  const site = {
    standing: async () =>
      stands && { connector: stands.connector, name: stands.connector, host: new URL(stands.baseUrl).host },
    save: async (one: CrmConnection) => {
      stands = one;
    },
  };
  return {
    start: (port: number) => connectDemoCrm(file, demo(port), site),
    connect: site.save,
    remove: () => {
      stands = undefined;
    },
    stands: () => stands,
  };
}

test('the demo connects its CRM where none is, and follows it to other ports', async () => {
  const { start, stands, remove } = installation();
  for (const port of [4103, 4103, 5103, 4103]) {
    expect(await start(port)).toBeUndefined();
    expect(stands()).toEqual(demo(port));
  }
  remove();
  await start(4103);
  expect(stands()).toEqual(demo(4103));
});

test('what an administrator has connected stays, at the same ports and at others, and is named', async () => {
  const { start, stands, connect } = installation();
  await start(4103);
  await connect(webhook);
  for (const port of [4103, 5103, 4103]) expect(await start(port)).toBe('webhook (crm.example.com)');
  expect(stands()).toEqual(webhook);
  const other = { ...demo(8000), credentials: { token: 'of another organisation' } };
  await connect(other);
  expect(await start(5103)).toBe('bottlecrm (127.0.0.1:8000)');
  expect(stands()).toEqual(other);
});

test('what was connected before the demo ever had a CRM stays', async () => {
  const { start, stands, connect } = installation();
  await connect(webhook);
  expect(await start(4103)).toBe('webhook (crm.example.com)');
  expect(stands()).toEqual(webhook);
});
