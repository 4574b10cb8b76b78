import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { MappingError, parseMapping } from './load.ts';
import { mappingsIn, readShipped, SHIPPED } from './shipped.ts';

const good = readFileSync(join(SHIPPED, 'bottlecrm-mapping.yaml'), 'utf8');
const faultsOf = (text: string) => {
  try {
    parseMapping(text, 'my.yaml');
    return [];
  } catch (error) {
    if (error instanceof MappingError) return error.faults;
    throw error;
  }
};
const changed = (from: string, to: string) => {
  if (!good.includes(from)) throw new Error(`“${from}” is not in the file`);
  return good.replace(from, to);
};
const lineOf = (words: string, text: string) => text.slice(0, text.indexOf(words)).split('\n').length;

test('the shipped mappings have no fault, and their files their names', () => {
  expect(mappingsIn(SHIPPED).map(({ id }) => id)).toEqual([...readShipped().keys()]);
});

test.each([
  ['a word that is misspelt', 'findOwn:', 'findMine:', 'findMine', /not known here; known are .*findOwn/],
  ['a word that is not there', 'findOwn:', 'findMine:', 'findOwn', /^is lacking; array is needed/],
  [
    'a word misspelt inside',
    '        at: commented_on',
    '        when: commented_on',
    'records.lead.notes.list.when',
    /known are .*lookWhenEmpty/,
  ],
  [
    'a condition of two minds',
    'path: label, equals: Live chat',
    'path: label, equals: x, contains: y',
    'prepare[0].where[0]',
    /exactly one of equals, contains/,
  ],
  ['a status that is none', 'status: 400', 'status: bad', 'answers[2].status', /Invalid input/],
  ['an unknown way to log in', 'type: bearer', 'type: token', 'auth.type', /bearer|oauth2|Invalid/],
  [
    'what is prepared, where nothing is kept',
    '"{{title}}"',
    '"{{prepared.x}}"',
    'create.request.body.title',
    /“prepared\.x” is not known here/,
  ],
  ['a place for fields that is no path', 'update:\n', 'fieldsIn: "a..b"\nupdate:\n', 'fieldsIn', /is no path/],
  ['a value that is not allowed', 'means: taken', 'means: token', 'answers[2].means', /expected one of .*"taken"/],
  [
    'a value that is not known there',
    '{ limit: "1" }',
    '{ q: "{{visitorKey}}" }',
    'check[1].request.query.q',
    /“visitorKey” is not known here; known are settings\.token/,
  ],
  [
    'a setting that is not there',
    '{{settings.token}}',
    '{{settings.key}}',
    'auth.token',
    /“settings\.key”.*settings\.token/,
  ],
  [
    'a filter that is not there',
    '"{{title}}"',
    '"{{title | shout}}"',
    'create.request.body.title',
    /no filter “shout”; there are: lower/,
  ],
  ['braces that do not match', '"{{title}}"', '"{{title}"', 'create.request.body.title', /do not match/],
  ['a path that is none', 'rows: sources', 'rows: "a..b"', 'check[0].rows', /is no path; write/],
  [
    'an expression that is none',
    'already (uses|exists)',
    '"(("',
    'answers[2].where[0].matches',
    /no regular expression/,
  ],
  ['a number out of range', 'note: 10000', 'note: 100', 'limits.note', />=2000/],
  [
    'an address without a slash',
    'path: /api/contacts/, query: { limit',
    'path: api/contacts/, query: { limit',
    'check[1].request.path',
    /must begin with “\/”/,
  ],
])('%s is told with its place, line and what is allowed', (_what, from, to, at, words) => {
  const text = changed(from, to);
  const fault = faultsOf(text).find((one) => one.at === at);
  expect(fault?.words).toMatch(words);
  expect(fault?.line).toBeGreaterThan(0);
});

test.each([
  ['findOwn:', 'findMine:'],
  ['        at: commented_on', '        when: commented_on'],
  ['{{title}}', '{{titel}}'],
  ['means: taken', 'means: token'],
])('the line of %s is the one where it stands', (from, to) => {
  const text = changed(from, to);
  expect(faultsOf(text).map(({ line }) => line)).toContain(lineOf(to, text));
});

test('the line is the one in the file', () => {
  const text = changed('note: 10000', 'note: 100');
  expect(faultsOf(text)).toMatchObject([{ line: lineOf('note: 100', text) }]);
});

test('all faults are told at once', () => {
  const text = changed('note: 10000', 'note: 100').replace('means: taken', 'means: token');
  expect(faultsOf(text)).toHaveLength(2);
});

test('what is no YAML is told with its line', () => {
  expect(faultsOf('id: x\nname: [1\n')).toMatchObject([{ at: 'YAML', line: expect.any(Number) }]);
});
