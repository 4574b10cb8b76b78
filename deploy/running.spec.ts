import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  backupSurroundings,
  connectOperator,
  noteRunning,
  operatorSurroundings,
  viewsSurroundings,
} from './running.ts';

const views = { mongoUrl: 'mongodb://127.0.0.1:9/?replicaSet=rs0', database: 'continuo', password: 'of the service' };
const installation = { natsUrl: 'nats://127.0.0.1:9', password: 'of the operator', adminPassword: 'of admin', views };
let dir = '';
let file = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'continuo-running-'));
  file = join(dir, 'running.json');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('whoever makes the views anew finds what runs, with the rights of the service that writes them', async () => {
  await using _noted = await noteRunning(installation, file);
  expect(await viewsSurroundings({ PATH: '/bin' }, file)).toEqual({
    PATH: '/bin',
    CONTINUO_NATS_URL: 'nats://127.0.0.1:9',
    CONTINUO_NATS_USER: 'conversation',
    CONTINUO_NATS_PASSWORD: 'of the service',
    CONTINUO_MONGO_URL: views.mongoUrl,
    CONTINUO_MONGO_DATABASE: 'continuo',
  });
});

test('whoever makes a backup finds what runs, with all rights', async () => {
  await using _noted = await noteRunning(installation, file);
  expect(await backupSurroundings({ PATH: '/bin' }, file)).toEqual({
    PATH: '/bin',
    CONTINUO_NATS_URL: 'nats://127.0.0.1:9',
    CONTINUO_NATS_USER: 'admin',
    CONTINUO_NATS_PASSWORD: 'of admin',
    CONTINUO_MONGO_URL: views.mongoUrl,
    CONTINUO_MONGO_DATABASE: 'continuo',
  });
});

test('what the environment names comes first, also where it names a file', async () => {
  await using _noted = await noteRunning(installation, file);
  for (const name of ['CONTINUO_NATS_URL', 'CONTINUO_MONGO_URL', 'CONTINUO_MONGO_URL_FILE'])
    for (const surroundings of [viewsSurroundings, backupSurroundings])
      expect(await surroundings({ [name]: 'elsewhere' }, file)).toEqual({ [name]: 'elsewhere' });
  for (const name of ['CONTINUO_NATS_URL', 'CONTINUO_NATS_URL_FILE'])
    expect(await operatorSurroundings({ [name]: 'elsewhere' }, file)).toEqual({ [name]: 'elsewhere' });
});

test('of what is filled in nothing is said a second time by a file', async () => {
  await using _noted = await noteRunning(installation, file);
  for (const surroundings of [operatorSurroundings, viewsSurroundings, backupSurroundings])
    expect(await surroundings({ CONTINUO_NATS_PASSWORD_FILE: '/run/secrets/nats' }, file)).not.toHaveProperty(
      'CONTINUO_NATS_PASSWORD_FILE',
    );
});

test('where nothing runs, and where the launcher was killed, it is said what to do', async () => {
  const words = /npm start.*CONTINUO_NATS_URL.*CONTINUO_MONGO_DATABASE/;
  for (const surroundings of [viewsSurroundings, backupSurroundings])
    await expect(surroundings({}, join(dir, 'nothing.json'))).rejects.toThrow(words);
  await expect(connectOperator({ PATH: '/bin' }, join(dir, 'nothing.json'))).rejects.toThrow(
    /^Nothing was found .*npm start.* CONTINUO_NATS_URL, CONTINUO_NATS_USER, CONTINUO_NATS_PASSWORD\.$/,
  );
  await using _noted = await noteRunning(installation, file);
  const left = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...left, owner: { ...left.owner, started: 'long ago' } }));
  await expect(viewsSurroundings({}, file)).rejects.toThrow(words);
});
