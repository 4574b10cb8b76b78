// A small `npm run cluster`: the leading nats-server of three is killed and MongoDB hands over while people write, at four gateways and to four owners of one
// desk. (Two of each are in deploy/chaos.)
import { rm } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { lacking } from '../chaos/demands.ts';
import { runChaos } from '../chaos/run.ts';
import { clusterScheduleOf } from './schedule.ts';
import { threeOfEach } from './servers.ts';

const SMALL = { seed: 1, seconds: 6, messages: 100, faults: 2, visitors: 6 };

test('a cluster loses nothing when its leading nats-server is killed and its MongoDB hands over', async () => {
  const { findings, hurts, acknowledged, dir } = await runChaos({
    ...SMALL,
    schedule: clusterScheduleOf(SMALL),
    counts: { gateway: 4, conversation: 4 },
    servers: threeOfEach,
  });
  expect({ broken: findings.filter(({ broken }) => broken.length > 0), kept: dir }).toEqual({ broken: [], kept: dir });
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.every(({ looked }) => looked > 0)).toBe(true);
  expect(lacking({ hurts, acknowledged }, SMALL)).toEqual([]);
  expect(hurts.map(({ how, target }) => `${how} ${target}`)).toEqual(['SIGKILL nats-server', 'step-down mongod']);
  await rm(dir, { recursive: true, force: true });
}, 300_000);
