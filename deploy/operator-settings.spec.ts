import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { faultyMappings, operatorSettings } from './operator-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'continuo-operator-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileWith = (text: string): string => {
  const file = join(folder, 'value');
  writeFileSync(file, `${text}\n`);
  return file;
};

test('what an operator says of CRMs reaches crm-sync, besides what the demo needs', () => {
  const { crmSync, warnings } = operatorSettings({
    CONTINUO_CRM_MAPPINGS_DIR: '/etc/continuo/mappings',
    CONTINUO_OUTBOUND_ALLOW: '10.1.0.0/16:443',
    CONTINUO_CREDENTIALS_OTHER_KEYS_FILE: fileWith('k1,k2'),
    CONTINUO_SERVERS_CACHE: '/var/cache/continuo',
    PATH: '/bin',
  });
  expect(crmSync).toEqual({
    CONTINUO_CRM_MAPPINGS_DIR: '/etc/continuo/mappings',
    CONTINUO_OUTBOUND_ALLOW: '127.0.0.1:*,10.1.0.0/16:443',
    CONTINUO_CREDENTIALS_OTHER_KEYS: 'k1,k2',
  });
  expect(warnings).toEqual([]);
});

test('what else the operator opens may stand in a file as well: the demo’s CRM stays open beside it; in both it is a fault', () => {
  const env = { CONTINUO_OUTBOUND_ALLOW_FILE: fileWith('10.1.0.0/16:443') };
  expect(operatorSettings(env).crmSync).toEqual({ CONTINUO_OUTBOUND_ALLOW: '127.0.0.1:*,10.1.0.0/16:443' });
  expect(() => operatorSettings({ ...env, CONTINUO_OUTBOUND_ALLOW: '' })).toThrow(/are both set/);
});

test('what is not taken is said in a sentence each, without its value', () => {
  const { crmSync, warnings } = operatorSettings({ CONTINUO_LINK_KEY: 's3cret', CONTINUO_CRM_MAPPING_DIR: '/x' });
  expect(crmSync).toEqual({});
  expect(warnings).toEqual([
    expect.stringMatching(/^CONTINUO_LINK_KEY is not taken: .*CONTINUO_CRM_MAPPINGS_DIR/),
    expect.stringMatching(/^CONTINUO_CRM_MAPPING_DIR is not taken: /),
  ]);
  expect(warnings.join()).not.toContain('s3cret');
});

test('a mapping with faults is one line, with the first of them and the command that tells all', async () => {
  const mappings = mkdtempSync(join(folder, 'mappings-'));
  writeFileSync(join(mappings, 'two.yaml'), 'id: two\n');
  writeFileSync(join(mappings, 'tab.yaml'), 'id: tab\n\tname: x\n');
  const told = await faultyMappings(mappings);
  expect(told).toEqual([
    expect.stringMatching(
      /^tab\.yaml is not a mapping that works: line 2, YAML: begins with a tab.*\. What uses it waits, all/,
    ),
    expect.stringMatching(
      /^two\.yaml is not .*: line \d+, \w+: is lacking.*; and \d+ more\. .* crm-mapping -- validate .*two\.yaml$/,
    ),
  ]);
  expect(told.join('')).not.toContain('\n');
  expect(await faultyMappings(undefined)).toEqual([]);
  expect(await faultyMappings(join(mappings, 'nowhere'))).toEqual([]);
});

test('a folder is found from where the command was given, and nothing said is nothing set', () => {
  expect(operatorSettings({ CONTINUO_CRM_MAPPINGS_DIR: 'mine' }).crmSync).toEqual({
    CONTINUO_CRM_MAPPINGS_DIR: `${process.cwd()}/mine`,
  });
  expect(operatorSettings({})).toEqual({ crmSync: {}, warnings: [] });
});
