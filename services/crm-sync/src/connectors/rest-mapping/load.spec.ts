import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { MappingError, parseMapping } from './load.ts';
import { SHIPPED } from './shipped.ts';

const good = readFileSync(join(SHIPPED, 'bottlecrm.yaml'), 'utf8');
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

test('a shipped mapping has no fault', () => expect(faultsOf(good)).toEqual([]));

test.each([
  ['a word that is misspelt', 'findOwn:', 'findMine:', 'the file', /“findMine”; it knows .*findOwn/],
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
