import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@continuo/runtime';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { config } from './config.ts';
import { addConnectors, connectorNames, connectorOf } from './connectors/index.ts';
import { SHIPPED } from './connectors/rest-mapping/shipped.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mappings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const KEYS = { CONTINUO_LINK_KEY: 'k'.repeat(32), CONTINUO_CREDENTIALS_KEY: '0'.repeat(64) };
const read = (more: Record<string, string> = { CONTINUO_CRM_MAPPINGS_DIR: folder }) =>
  readConfig(config, { ...KEYS, ...more });
const own = (id: string, change = (text: string) => text) =>
  change(readFileSync(join(SHIPPED, 'espocrm.yaml'), 'utf8').replace('id: espocrm', `id: ${id}`));

test('a mapping file in the folder of the installation is a connector, without any code', () => {
  writeFileSync(join(folder, 'ours.yaml'), own('our-own-crm'));
  writeFileSync(join(folder, 'notes.txt'), 'no mapping');
  addConnectors(read().CONTINUO_CRM_MAPPINGS_DIR);
  expect(connectorOf('our-own-crm')?.describe).toMatchObject({ id: 'our-own-crm', name: 'EspoCRM' });
  expect(connectorNames()).toEqual(expect.arrayContaining(['our-own-crm', 'espocrm', 'bottlecrm']));
});

test('without a folder there are the connectors that come with Continuo', () => {
  expect(read({}).CONTINUO_CRM_MAPPINGS_DIR).toEqual([]);
});

test('faults of all files keep it from starting, told at once with the other faults: file, line, place and what is wrong', () => {
  writeFileSync(
    join(folder, 'a.yaml'),
    own('a-crm', (text) => text.replace('note: 200000', 'note: 1')),
  );
  writeFileSync(
    join(folder, 'b.yaml'),
    own('b-crm', (text) => text.replace('findOwn:', 'findMine:')),
  );
  const start = () => read({ CONTINUO_CRM_MAPPINGS_DIR: folder, CONTINUO_LINK_KEY: 'short' });
  for (const words of [
    /a\.yaml.*\n.*line \d+, limits\.note: /,
    /b\.yaml.*\n(.*\n)*.*line \d{3}, findMine: /,
    /CONTINUO_LINK_KEY/,
  ])
    expect(start).toThrow(words);
});

test('no file takes the name of a connector that a site may be using', () => {
  copyFileSync(join(SHIPPED, 'espocrm.yaml'), join(folder, 'espocrm.yaml'));
  expect(read).toThrow(/“espocrm” is taken already/);
  rmSync(join(folder, 'espocrm.yaml'));
  for (const file of ['a.yaml', 'b.yaml']) writeFileSync(join(folder, file), own('twice'));
  expect(read).toThrow(/“twice” is taken already/);
});

test('a folder that is not there is a fault', () => {
  expect(() => read({ CONTINUO_CRM_MAPPINGS_DIR: join(folder, 'nowhere') })).toThrow(/cannot be read.*ENOENT/);
});
