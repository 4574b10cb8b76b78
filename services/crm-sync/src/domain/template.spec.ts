import { CRM_WORDS, crmFact, crmTemplates, siteSettings, templateFault } from '@continuo/contracts';
import { TEXT_LANGUAGES } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadTemplates, withOwn } from '../templates.ts';
import { fill } from './template.ts';

test('a line whose value is not known is left out, and so is an optional part', () => {
  const template = 'Chat · {{site}}[[ · {{page}}]]\nCampaign: {{campaign}}\nLanguage: {{language}}';
  expect(fill(template, { site: 'Shop', language: 'ru' })).toBe('Chat · Shop\nLanguage: ru');
  expect(fill(template, { site: 'Shop', page: 'Lamps', campaign: 'x' })).toBe('Chat · Shop · Lamps\nCampaign: x');
});

test('what a visitor wrote is never read as a template', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      fc.pre(value !== '');
      expect(fill('a {{name}} b', { name: value, site: 'no' })).toBe(`a ${value} b`);
    }),
  );
  expect(fill('{{name}}', { name: '{{email}} [[x]]', email: 'secret' })).toBe('{{email}} [[x]]');
});

test('every language that a site may choose has its file, whole and in order', () => {
  const all = loadTemplates();
  expect(Object.keys(all)).toEqual(TEXT_LANGUAGES);
  const values = Object.fromEntries(
    [...CRM_WORDS, ...crmFact.options, 'part', 'movedTo'].map((name) => [name, `<${name}>`]),
  );
  for (const words of Object.values(all)) {
    expect(fill(words.noteHeading, values).split('\n')[0]).toMatch(/<site>.*<part>/);
    expect(fill(words.leadDescription, values)).toMatch(
      /<dialogueUrl>[\s\S]*<firstPage>[\s\S]*<lastPage>[\s\S]*<campaign>/,
    );
    expect(fill(words.summary, values)).toMatch(/<agents>[\s\S]*<duration>[\s\S]*<rating>/);
  }
});

test('files with faults are all named at once', () => {
  expect(() => loadTemplates(new URL('file:///nowhere/'))).toThrow(/en\.yaml[\s\S]*ar\.yaml/);
});

test('a template that cannot work is refused with what there is instead', () => {
  expect(templateFault('{{campain}}')).toMatch(/does not know \{\{campain\}\}.*\{\{campaign\}\}/);
  expect(templateFault('{{campaign')).toMatch(/\{\{ without its \}\}/);
  expect(templateFault('[[{{campaign}}')).toMatch(/\[\[ without its \]\]/);
  expect(templateFault('[[{{campaign}} · ]]{{source}}')).toBeUndefined();
  expect(crmTemplates.safeParse({ noteHeading: 'Chat {{part}}' }).success).toBe(true);
  expect(crmTemplates.safeParse({ leadTitle: 'Chat {{part}}' }).success).toBe(false);
});

test('settings of a site that cannot work say what to do', () => {
  const faults = (crm: object) =>
    siteSettings.shape.crm
      .safeParse({ windowSeconds: 5, ...crm })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  expect(faults({ lead: { minimumMessages: 0 } })).toEqual([
    expect.stringMatching(/^lead\.minimumMessages: is 1 or more/),
  ]);
  expect(faults({ fields: { utm: '{{utm_campaign}}' } })).toEqual([
    expect.stringMatching(/^fields\.utm: does not know .*\{\{campaign\}\}/),
  ]);
  expect(faults({ fields: { '': '{{campaign}}' } }).join()).toMatch(/name of a field/);
  expect(faults({ tasks: ['callbacks'] }).join()).toMatch(/callback/);
  expect(
    faults({ lead: {}, tasks: [], fields: { website: '{{firstPage}}' }, templates: { leadTitle: '{{site}}' } }),
  ).toEqual([]);
});

test('a site puts its own words in place of ours, and keeps the others', () => {
  const { en } = loadTemplates();
  expect(withOwn(en, { leadTitle: 'Web · {{site}}' })).toEqual({ ...en, leadTitle: 'Web · {{site}}' });
});
