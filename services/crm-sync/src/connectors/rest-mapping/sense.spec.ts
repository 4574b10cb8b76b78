// Mappings that speak the language well and would all the same attach a dialogue to somebody else, lose a note or ask for one page for ever.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { MappingError, parseMapping } from './load.ts';
import { SHIPPED } from './shipped.ts';

const text = (id: string) => readFileSync(join(SHIPPED, `${id}.yaml`), 'utf8');
const faultsOf = (id: string, from: string, to: string): string[] => {
  const file = text(id);
  if (!file.includes(from)) throw new Error(`“${from}” is not in the file`);
  try {
    parseMapping(file.replace(from, to));
    return [];
  } catch (error) {
    if (error instanceof MappingError) return error.faults.map(({ at, words }) => `${at}: ${words}`);
    throw error;
  }
};

const EMAIL = '[{ path: email, equals: "{{contact.email}}" }]';
test.each([
  [
    'a find that compares nothing',
    'bottlecrm-mapping',
    `where: &sameEmail ${EMAIL}`,
    'where: &sameEmail []',
    'find[2].where',
    /olga@.*xolga@.*exact: true/,
  ],
  [
    'a find that compares by “contains”',
    'bottlecrm-mapping',
    `where: &sameEmail ${EMAIL}`,
    'where: &sameEmail [{ path: email, contains: "{{contact.email}}" }]',
    'find[2].where',
    /equals.*\{\{contact\.email\}\}/,
  ],
  [
    'a find that compares a constant',
    'odoo',
    'where: [{ path: phone, equals: "{{contact.phone}}", digits: true }]',
    'where: [{ path: active, equals: "true" }]',
    'find[2].where',
    /\{\{contact\.phone\}\}/,
  ],
  [
    'an external id that nobody compares',
    'bottlecrm-mapping',
    'equals: "{{contact.externalId}}", ignoreCase: false',
    'is: present',
    'find[0].where',
    /\{\{contact\.externalId\}\}/,
  ],
  [
    'an exact find that does not say whom it looks for',
    'espocrm',
    '"where[0][value]": "{{contact.email}}"',
    '"where[0][value]": "info@example.com"',
    'find[0].request',
    /\{\{contact\.email\}\}/,
  ],
  [
    'a find of ours that names no visitor',
    'espocrm',
    '"where[0][value]": "{{visitorKey}}"',
    '"where[0][value]": "live chat"',
    'findOwn[0].request',
    /\{\{visitorKey\}\}/,
  ],
  [
    'full pages that are asked for without an offset',
    'espocrm',
    ', offset: "{{offset}}"',
    '',
    'records.lead.notes.list.pageSize',
    /\{\{offset\}\}.*same page/,
  ],
  [
    'further pages that are asked for without their mark',
    'hubspot',
    'query: { limit: "500", after: "{{next}}" }',
    'query: { limit: "500" }',
    'records.lead.notes.list.next',
    /\{\{next\}\}.*same page/,
  ],
  [
    'ids that are read without naming them',
    'hubspot',
    '$each: "{{hits}}", $value: { id: "{{each}}" }',
    '$when: "{{now}}", $value: []',
    'records.lead.notes.list.whole.request',
    /\{\{hits\}\}/,
  ],
  [
    'hits that are looked at without naming them',
    'bottlecrm-mapping',
    'request: &hit { path: "/api/leads/{{row.id}}/" }',
    'request: &hit { path: "/api/leads/1/" }',
    'find[4].details.request',
    /row/,
  ],
  [
    'tasks told by a constant',
    'pipedrive',
    'where: [{ path: subject, contains: "{{task.marker}}" }]',
    'where: [{ path: type, equals: call }]',
    'task.find.where',
    /\{\{task\.marker\}\}.*tasks of people/,
  ],
  [
    'deals that are not told at all',
    'pipedrive',
    '    where: [{ path: title, contains: "{{deal.marker}}" }]\n',
    '',
    'deal.find.where',
    /\{\{deal\.marker\}\}/,
  ],
  [
    'done tasks told by a constant',
    'odoo',
    'where: [{ path: body, contains: "{{task.marker}}" }]',
    'where: [{ path: body, contains: done }]',
    'task.done.where',
    /\{\{task\.marker\}\}/,
  ],
  ['a task made without its mark', 'pipedrive', 'subject: "{{task.titled}}"', 'subject: "{{task.subject}}"', '', /^$/],
  [
    'a deal made without its mark',
    'pipedrive',
    'title: "{{deal.titled}}"',
    'title: "{{deal.title}}"',
    'deal.add.request',
    /\{\{deal\.titled\}\}/,
  ],
  [
    'a lead made without its visitor',
    'odoo',
    '- - name: "{{title}}"',
    '- - name: Chat',
    'create.request',
    /\{\{visitorKey\}\}.*a new lead each time/,
  ],
  [
    'a lead whose key may be cut off',
    'odoo',
    '- - name: "{{title}}"',
    '- - name: "{{title | cut:40}}"',
    'create.request',
    /\{\{visitorKey\}\}/,
  ],
  [
    'a lead forced without its visitor',
    'espocrm',
    'headers: { X-Skip-Duplicate-Check: "true" }, body: *lead',
    'body: { x: y }',
    'create.duplicate.force',
    /\{\{visitorKey\}\}/,
  ],
  [
    'a note made without its text',
    'espocrm',
    'parentId: "{{record.id}}", post: "{{note.text}}"',
    'parentId: "{{record.id}}", post: x',
    'records.lead.notes.add.request',
    /\{\{note\.text\}\}/,
  ],
  [
    'a note made nowhere',
    'espocrm',
    'parentId: "{{record.id}}", post',
    'post',
    'records.lead.notes.add.request',
    /\{\{record\.id\}\}/,
  ],
  [
    'a note edited without its text',
    'espocrm',
    'body: { post: "{{note.text}}" }',
    'body: { post: x }',
    'records.lead.notes.edit',
    /\{\{note\.text\}\}/,
  ],
  [
    'a note removed that is not named',
    'espocrm',
    'remove: { method: DELETE, path: "/api/v1/Note/{{note.id}}" }',
    'remove: { method: DELETE, path: "/api/v1/Note/1" }',
    'records.lead.notes.remove',
    /\{\{note\.id\}\}/,
  ],
  [
    'notes listed of anybody',
    'espocrm',
    '"/api/v1/{{record.name}}/{{record.id}}/stream"',
    '/api/v1/stream',
    'records.lead.notes.list.request',
    /\{\{record\.id\}\}/,
  ],
  [
    'a record read that is not named',
    'espocrm',
    'request: &read { path: "/api/v1/{{record.name}}/{{record.id}}" }',
    'request: &read { path: "/api/v1/{{record.name}}" }',
    'records.lead.read.request',
    /\{\{record\.id\}\}/,
  ],
  [
    'a lead changed that is not named',
    'espocrm',
    'path: "/api/v1/Lead/{{record.id}}"',
    'path: /api/v1/Lead',
    'update',
    /\{\{record\.id\}\}/,
  ],
  [
    'a task removed that is not named',
    'espocrm',
    '/api/v1/Task/{{task.id}}',
    '/api/v1/Task/1',
    'task.remove',
    /\{\{task\.id\}\}/,
  ],
  [
    'what leads need, told by nothing',
    'bottlecrm-mapping',
    '    where: [{ path: label, equals: Live chat }]\n',
    '',
    'prepare[0].where',
    /which row/,
  ],
  [
    'a place for fields that is not there',
    'espocrm',
    'fieldsIn: $',
    'fieldsIn: attributes',
    'fieldsIn',
    /body of create/,
  ],
  [
    'a match that no brackets catch',
    'bottlecrm-mapping',
    "'needs the ([\\w:]+) scope'",
    "'needs the [\\w:]+ scope'",
    'answers[0].say',
    /\{\{match\.1\}\}.*brackets/,
  ],
  [
    'a note of HTML with little room',
    'hubspot',
    'note: 65536',
    'note: 9999',
    'limits.note',
    /^limits\.note: must be 10000 or more where text\.note is html: 1000 .* heading and mark, 1000 .* can make 5 of each$/,
  ],
  [
    'a note of Markdown with little room',
    'espocrm',
    'note: 200000',
    'note: 2000',
    'limits.note',
    /10000 or more where text\.note is markdown/,
  ],
  [
    'a note of BB-code with little room',
    'bitrix24',
    'note: 20000',
    'note: 3999',
    'limits.note',
    /4000 or more where text\.note is bbcode/,
  ],
])('%s is refused', (_what, id, from, to, at, words) => {
  const faults = faultsOf(id, from, to);
  // Without a place: in order, because the mark stands elsewhere, too.
  if (at === '') return expect(faults).toEqual([]);
  expect(faults.find((one) => one.startsWith(`${at}: `))).toMatch(words);
});

test.each([
  [
    '`exact: true`, where the CRM compares whole values',
    'odoo',
    '    where: [{ path: email, equals: "{{contact.email}}" }]\n',
    '    exact: true\n',
  ],
  [
    'a comparison before the record is read',
    'bottlecrm-mapping',
    'only: &leadsOnly [{ path: type, equals: lead }]',
    'only: &leadsOnly [{ path: type, equals: lead }, { path: "$", is: present }]',
  ],
  ['the least room for a note of HTML', 'hubspot', 'note: 65536', 'note: 10000'],
  ['the least room for a note of BB-code', 'bitrix24', 'note: 20000', 'note: 4000'],
  ['the least room for a note of plain text', 'bottlecrm-mapping', 'note: 10000', 'note: 2000'],
  ['the visitor’s key in a field of its own alone', 'bottlecrm-mapping', '      title: "{{title}}"\n', ''],
])('%s is in order', (_what, id, from, to) => {
  expect(faultsOf(id, from, to)).toEqual([]);
});
