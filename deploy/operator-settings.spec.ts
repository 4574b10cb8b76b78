import { expect, test } from '@jest/globals';
import { operatorSettings } from './operator-settings.ts';

test('what an operator says of CRMs reaches crm-sync, besides what the demo needs', () => {
  const { crmSync, warnings } = operatorSettings({
    CONTINUO_CRM_MAPPINGS_DIR: '/etc/continuo/mappings',
    CONTINUO_OUTBOUND_ALLOW: '10.1.0.0/16:443',
    CONTINUO_CREDENTIALS_OTHER_KEYS_FILE: '/run/secrets/keys',
    CONTINUO_SERVERS_CACHE: '/var/cache/continuo',
    PATH: '/bin',
  });
  expect(crmSync).toEqual({
    CONTINUO_CRM_MAPPINGS_DIR: '/etc/continuo/mappings',
    CONTINUO_OUTBOUND_ALLOW: '127.0.0.1:*,10.1.0.0/16:443',
    CONTINUO_CREDENTIALS_OTHER_KEYS_FILE: '/run/secrets/keys',
  });
  expect(warnings).toEqual([]);
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

test('a folder is found from where the command was given, and nothing said is nothing set', () => {
  expect(operatorSettings({ CONTINUO_CRM_MAPPINGS_DIR: 'mine' }).crmSync).toEqual({
    CONTINUO_CRM_MAPPINGS_DIR: `${process.cwd()}/mine`,
  });
  expect(operatorSettings({})).toEqual({ crmSync: {}, warnings: [] });
});
