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
  ['a word that is not there', 'findOwn:', 'findMine:', 'findOwn', /^is lacking; a list is needed/],
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
  [
    'a status that is none',
    'status: 400',
    'status: bad',
    'answers[2].status',
    /^a status as 404, or a list of them, is expected$/,
  ],
  [
    'an unknown way to log in',
    'type: bearer',
    'type: token',
    'auth.type',
    /^one of none, header, .*bearer, .*oauth2-client-credentials, log-in is expected$/,
  ],
  [
    'what is prepared, where nothing is kept',
    '"{{title}}"',
    '"{{prepared.x}}"',
    'create.request.body.title',
    /“prepared\.x” is not known here/,
  ],
  [
    'a request where the request itself stands',
    'update:\n',
    'update:\n  request: { path: /x }\n',
    'update.request',
    /^is not known here; known are method, path, .*\. Nothing is read from this answer, so they stand here themselves$/,
  ],
  ['a place for fields that is no path', 'update:\n', 'fieldsIn: "a..b"\nupdate:\n', 'fieldsIn', /is no path/],
  [
    'a value that is not allowed',
    'means: taken',
    'means: token',
    'answers[2].means',
    /^one of refused-access, .*taken.* is expected$/,
  ],
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
  ['a number out of range', 'note: 10000', 'note: 100', 'limits.note', /^must be 2000 or more$/],
  ['a path of a wrong kind', 'rows: sources', 'rows: 7', 'check[0].rows', /^a path, or a list of paths, is expected$/],
  ['a list that is empty', 'check:\n', 'check: []\nchecks:\n', 'check', /^needs one at least$/],
  ['a number that is none', 'note: 10000', 'note: many', 'limits.note', /^a number is expected$/],
  ['a text that is none', 'name: BottleCRM', 'name: [x]', 'name', /^a text is expected$/],
  [
    'a name of a setting with a space',
    '  webUrl:',
    '  web url:',
    'settings.web url',
    /^is no name; letters and digits/,
  ],
  [
    'an address without a slash',
    'path: /api/contacts/, query: { limit',
    'path: api/contacts/, query: { limit',
    'check[1].request.path',
    /must begin with “\/”/,
  ],
  ...['https://evil.example.com/me', '//evil.example.com/me', '/\\\\evil.example.com/me', '{{settings.token}}/me'].map(
    (path): [string, string, string, string, RegExp] => [
      `a path that leads elsewhere: ${path}`,
      'path: /api/contacts/, query: { limit',
      `path: "${path}", query: { limit`,
      'check[1].request.path',
      /must begin with “\/”, and no other slash after it:.*the key/,
    ],
  ),
  [
    'a header whose name ends its line',
    'path: /api/contacts/, query: { limit',
    'path: /api/contacts/, headers: { "X-A\\r\\nX-B": "1" }, query: { limit',
    'check[1].request.headers.X-A\r\nX-B',
    /^is no name of a header/,
  ],
  [
    'a header whose value begins another',
    'path: /api/contacts/, query: { limit',
    'path: /api/contacts/, headers: { X-A: "1\\r\\nX-B: 2" }, query: { limit',
    'check[1].request.headers.X-A',
    /line break/,
  ],
  [
    'a header of the key that is none',
    'auth: { type: bearer, token: "{{settings.token}}" }',
    'auth: { type: header, name: "X Key", value: "{{settings.token}}" }',
    'auth.name',
    /^is no name of a header/,
  ],
  [
    'a page that is a program',
    '    open: "{{settings.webUrl}}/leads/{{record.id}}"',
    '    open: "javascript:alert(1)"',
    'records.lead.open',
    /must begin with https:\/\//,
  ],
  [
    'a place for tokens that is none',
    'auth: { type: bearer, token: "{{settings.token}}" }',
    'auth: { type: oauth2-client-credentials, tokenUrl: "ftp://x/y", clientId: "a", clientSecret: "b" }',
    'auth.tokenUrl',
    /must begin with https:\/\//,
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

test('a tab is told once, in plain words', () => {
  expect(faultsOf('id: x\nsettings:\n\ttoken:\n\t\tlabel: y\nauth: { type: none }\nfind:\n\t- by: email\n')).toEqual([
    { at: 'YAML', line: 3, words: 'begins with a tab, as lines 4, 7; YAML is indented by spaces alone' },
  ]);
});

test('faults stand in the order of the file', () => {
  const text = changed('means: taken', 'means: token').replace('label: Live chat }', 'labels: Live chat }');
  const wrong = text
    .replace('note: 10000', 'note: 100')
    .replace('id: bottlecrm-mapping', 'id: Bottle')
    .replace('findOwn:', 'findMine:');
  const lines = faultsOf(wrong).map(({ line }) => line as number);
  expect(lines.length).toBeGreaterThan(4);
  expect(lines).toEqual(lines.toSorted((a, b) => a - b));
});

test('no fault speaks in the words of the library', () => {
  const values = ['-7.5', '[]', '{ strange: 1 }', '""'];
  const wrong = [...good.matchAll(/^( *)(\w+): (?=\S)(?![&*]).*$/gm)]
    .filter((_, index) => index % 3 === 0)
    .map(([line], index) =>
      good.replace(line, `${line.slice(0, line.indexOf(':') + 2)}${values[index % values.length]}`),
    );
  const words = new Set(
    wrong
      .flatMap(faultsOf)
      .filter(({ at }) => at !== 'YAML')
      .map((fault) => fault.words),
  );
  expect(words.size).toBeGreaterThan(10);
  expect(
    [...words].filter((one) =>
      /invalid (input|option|string|key|disc)|received|>=|too (small|big)|expected (string|array|object|int)/i.test(
        one,
      ),
    ),
  ).toEqual([]);
});
