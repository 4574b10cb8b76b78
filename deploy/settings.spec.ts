// What an administrator reads when his settings file has faults: each with its place, in plain words.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { readSettings } from './settings.ts';

const demo = JSON.parse(await readFile(fileURLToPath(new URL('demo-shop/settings.json', import.meta.url)), 'utf8'));

async function faultsOf(site: object, more: object = {}): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-settings-'));
  try {
    const file = join(folder, 'settings.json');
    await writeFile(file, JSON.stringify({ ...demo, ...more, site: { ...demo.site, ...site } }));
    await readSettings(file);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('what is lacking, unknown or of another kind is said where it stands, in plain words', async () => {
  expect(await faultsOf({ mail: undefined })).toEqual([
    '  site.mail: is lacking; a group of words with values is needed: fromAddress, answerDelaySeconds',
  ]);
  const site = { mail: { fromAddress: 'nobody', answerDelay: 120 }, typingPreview: 'yes', language: undefined };
  expect((await faultsOf(site)).sort()).toEqual([
    '  site.language: is lacking; a text is needed',
    '  site.mail.answerDelay: is not known here',
    '  site.mail.answerDelaySeconds: is lacking; a number is needed',
    '  site.mail.fromAddress: an e-mail address as olga@example.com is expected',
    '  site.typingPreview: true or false is expected',
  ]);
});

test('how the widget looks: everything that may be said of it', async () => {
  const widget = {
    side: 'left',
    offset: { x: 0, y: 400 },
    zIndex: 7,
    openAfterSeconds: 20,
    words: {
      en: { launcher: 'Ask us', greeting: 'Anna knows every desk.' },
      ru: { launcher: 'Спросите нас', greeting: 'Анна знает каждый стол.' },
    },
  };
  expect(await faultsOf({ accent: '#FFD23f', widget })).toEqual([]);
  expect(await faultsOf({ widget: {} })).toEqual([]);
});

test('how the widget looks: every fault at once, in plain words', async () => {
  const widget = {
    side: 'top',
    offset: { x: -1, y: 20.5 },
    zIndex: 0,
    openAfterSeconds: '5',
    words: {
      xx: { launcher: 'Ask us' },
      en: { launcher: ' ', greeting: 'x'.repeat(301) },
      ru: { launcher: 'Спросите нас о чём угодно сейчас', greeting: 7 },
    },
  };
  const faults = await faultsOf({ accent: 'red', widget });
  expect(faults.sort()).toEqual([
    '  site.accent: a colour as `#0b6b5d` is expected',
    '  site.widget.offset.x: a number of pixels from 0 to 400 is expected',
    '  site.widget.offset.y: a number of pixels from 0 to 400 is expected',
    '  site.widget.openAfterSeconds: a whole number of seconds from 1 to 3600 is expected',
    '  site.widget.side: it stands `left` or `right`',
    '  site.widget.words.en.greeting: a text of 1 to 300 characters is expected',
    '  site.widget.words.en.launcher: a text of 1 to 30 characters is expected',
    '  site.widget.words.ru.greeting: a text of 1 to 300 characters is expected',
    '  site.widget.words.ru.launcher: a text of 1 to 30 characters is expected',
    '  site.widget.words.xx: is not spoken by the widget; it speaks ar, de, en, es, fr, hy, pt, ru, tr, zh',
    '  site.widget.zIndex: a whole number from 1 to 2147483647 is expected',
  ]);
});

test('a CRM stands alone or in a list, where each has an id of its own', async () => {
  const one = { connector: 'webhook', baseUrl: 'https://erp.example.com', credentials: {} };
  for (const crm of [
    one,
    [{ ...one, id: 'erp' }],
    [
      { ...one, id: 'erp' },
      { ...one, id: 'more' },
    ],
  ])
    expect(await faultsOf({}, { crm, removeCrm: ['old'] })).toEqual([]);
  expect(await faultsOf({}, { crm: { ...one, baseUrl: 'erp' } })).toEqual([
    '  crm.baseUrl: an address as https://crm.example.com is expected',
  ]);
  const lacking = '  crm.0.id: is lacking; in a list each connection needs an id of its own, as "hubspot"';
  // Else it would take the place of the site’s first.
  expect(await faultsOf({}, { crm: [one] })).toEqual([lacking]);
  expect(await faultsOf({}, { crm: [one, { ...one, id: 'erp' }, { ...one, id: 'erp' }] })).toEqual([
    lacking,
    '  crm.2.id: “erp” is the id of another connection here already',
  ]);
  expect(await faultsOf({}, { crm: [{ ...one, baseUrl: 'erp' }] })).toEqual([
    lacking,
    '  crm.0.baseUrl: an address as https://crm.example.com is expected',
  ]);
  expect(await faultsOf({}, { crm: [{ ...one, id: 'Old CRM' }] })).toEqual([
    '  crm.0.id: is 1 to 20 small letters, digits and hyphens, as in hubspot',
  ]);
});
