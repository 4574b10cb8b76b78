import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

test('every mapping is read at start, those that come with Continuo too: files that change later, by a newer release, change nothing', () => {
  const code = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { readConfig } from '@continuo/runtime';
    import { config } from ${JSON.stringify(new URL('./config.ts', import.meta.url).href)};
    import { connectorNames, connectorOf } from ${JSON.stringify(new URL('./connectors/index.ts', import.meta.url).href)};
    readConfig(config, ${JSON.stringify(KEYS)});
    fs.readFileSync = fs.readdirSync = () => { throw new Error('read after the start'); };
    syncBuiltinESMExports();
    console.log(connectorNames().map((name) => connectorOf(name).describe.id).join());`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
  expect({ stderr, stdout: stdout.trim().split(',').sort() }).toEqual({
    stderr: '',
    stdout: [
      'amqp',
      'bitrix24',
      'bottlecrm',
      'bottlecrm-mapping',
      'espocrm',
      'hubspot',
      'odoo',
      'pipedrive',
      'webhook',
    ],
  });
});

test('a folder that is not there is a fault', () => {
  expect(() => read({ CONTINUO_CRM_MAPPINGS_DIR: join(folder, 'nowhere') })).toThrow(/cannot be read.*ENOENT/);
});
