import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '@continuo/runtime';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { config } from './config.ts';
import { addConnectors, connectorNames, connectorOf, lackingConnector } from './connectors/index.ts';
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
  addConnectors(read().CONTINUO_CRM_MAPPINGS_DIR.connectors);
  expect(connectorOf('our-own-crm')?.describe).toMatchObject({ id: 'our-own-crm', name: 'EspoCRM' });
  expect(connectorNames()).toEqual(expect.arrayContaining(['our-own-crm', 'espocrm', 'bottlecrm']));
});

test('without a folder there are the connectors that come with Continuo', () => {
  expect(read({}).CONTINUO_CRM_MAPPINGS_DIR).toEqual({ connectors: [], refused: [] });
});

test('a file with faults is refused for itself: its connector says what to mend, in words and with the line, and all others work', () => {
  writeFileSync(
    join(folder, 'a.yaml'),
    own('a-crm', (text) => text.replace('note: 200000', 'note: 1')),
  );
  writeFileSync(join(folder, 'b.yaml'), own('b-crm'));
  writeFileSync(join(folder, 'c.yaml'), 'id: c-crm\n\tname: "C"\n');
  writeFileSync(join(folder, 'd.yaml'), '{{');
  const { connectors, refused } = read().CONTINUO_CRM_MAPPINGS_DIR;
  expect(refused.map(({ file, id }) => [file, id])).toEqual([
    ['a.yaml', 'a-crm'],
    ['c.yaml', 'c-crm'],
    ['d.yaml', undefined],
  ]);
  const byId = Object.fromEntries(connectors.map((one) => [one.describe.id, one]));
  expect(Object.keys(byId).sort()).toEqual(['a-crm', 'b-crm', 'c-crm']);
  expect(byId['b-crm']).not.toHaveProperty('refused');
  const words = byId['a-crm']?.refused ?? '';
  expect(words).toMatch(/^The mapping “a-crm” is not used, and everything waits here\. Let the operator mend it/);
  expect(words).toMatch(/a\.yaml.*\n.*line \d+, limits\.note: must be 2000 or more/);
  expect(() => byId['a-crm']?.open({} as never)).toThrow(words);
});

test.each([
  [
    'aliases that stand for thousands of words',
    (good: string) => {
      const of = (name: string) => `[${Array(10).fill(`*${name}`).join(',')}]`;
      return `${good}\nx: &a [1]\ny: &b ${of('a')}\nz: &c ${of('b')}\nzz: ${of('c')}\n`;
    },
    /YAML: its aliases stand for more than/,
  ],
  ['an alias of nothing', (good: string) => `${good}\nx: *nowhere\n`, /YAML: .*anchor.*nowhere/],
  ['a merge of what is no map', (good: string) => `${good}\n<<: 3\n`, /YAML: Merge sources must be maps/],
  [
    'an alias that holds itself',
    (good: string) => good.replace('body: &lead\n', 'body: &lead\n      self: *lead\n'),
    /too deep/,
  ],
  ['brackets that never end', (good: string) => `${good}\nx: ${'['.repeat(20_000)}`, /too deep/],
  ['very many words', (good: string) => `${good}\n# ${'x'.repeat(300_000)}`, /is larger than 200,000 characters/],
])(
  'a file with %s is named and refused for itself, whatever the library throws, and all others work',
  (_what, change, words) => {
    writeFileSync(join(folder, 'bad.yaml'), own('bad-crm', change));
    writeFileSync(join(folder, 'good.yaml'), own('good-crm'));
    const { connectors, refused } = read().CONTINUO_CRM_MAPPINGS_DIR;
    expect(refused).toEqual([{ file: 'bad.yaml', id: 'bad-crm', words: expect.stringMatching(words) }]);
    expect(refused[0]?.words).toMatch(/^bad\.yaml /);
    expect(connectors.map(({ describe, refused: why }) => [describe.id, why === undefined])).toEqual([
      ['good-crm', true],
      ['bad-crm', false],
    ]);
  },
);

test('what is named like a mapping file and is none is named, too', () => {
  mkdirSync(join(folder, 'bad.yaml'));
  writeFileSync(join(folder, 'good.yaml'), own('good-crm'));
  const { connectors, refused } = read().CONTINUO_CRM_MAPPINGS_DIR;
  expect(refused).toEqual([{ file: 'bad.yaml', id: undefined, words: 'bad.yaml is not a file.' }]);
  expect(connectors).toHaveLength(1);
});

test('faults of files do not hide a fault of the configuration, and are none', () => {
  writeFileSync(join(folder, 'a.yaml'), 'id: a-crm\n');
  const start = () => read({ CONTINUO_CRM_MAPPINGS_DIR: folder, CONTINUO_LINK_KEY: 'short' });
  expect(start).toThrow(/^configuration: 1 fault\n {2}CONTINUO_LINK_KEY: /);
});

test('no file takes the name of a connector that a site may be using, and of two with one name none is taken', () => {
  copyFileSync(join(SHIPPED, 'espocrm.yaml'), join(folder, 'espocrm.yaml'));
  const shipped = read().CONTINUO_CRM_MAPPINGS_DIR;
  expect(shipped.connectors).toEqual([]);
  expect(shipped.refused).toMatchObject([
    { id: undefined, words: expect.stringMatching(/“espocrm” is a connector of/) },
  ]);
  rmSync(join(folder, 'espocrm.yaml'));
  for (const file of ['a.yaml', 'b.yaml']) writeFileSync(join(folder, file), own('twice'));
  const { connectors, refused } = read().CONTINUO_CRM_MAPPINGS_DIR;
  expect(refused.map(({ file }) => file)).toEqual(['a.yaml', 'b.yaml']);
  for (const { refused: words } of connectors)
    expect(words).toMatch(/“twice” stands in a\.yaml and b\.yaml: give each/);
  expect(connectors.length).toBeGreaterThan(0);
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

test('a connection whose mapping is gone is told that it is gone, not that it has faults', () => {
  expect(lackingConnector('gone-crm').refused).toMatch(
    /^There is no mapping “gone-crm” \(any more\), and everything waits here\. Let the operator put its file back/,
  );
});

test('a folder that is not there is a fault', () => {
  expect(() => read({ CONTINUO_CRM_MAPPINGS_DIR: join(folder, 'nowhere') })).toThrow(/cannot be read.*ENOENT/);
});
