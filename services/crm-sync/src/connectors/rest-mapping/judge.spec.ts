import { expect, test } from '@jest/globals';
import { read, readTime, render, renderBody, renderText, renderWhole, writeTime } from './expression.ts';
import { faultOf, holds, judge } from './judge.ts';
import { mappingSchema } from './schema.ts';

const rules = (answers: unknown) => ({ answers: mappingSchema.shape.answers.parse(answers) });

test('an answer that says 200 and fails is a failure where a rule says so', () => {
  const odoo = rules([{ where: [{ path: 'error.data.name', matches: 'AccessDenied$' }], means: 'refused-access' }]);
  const denied = { error: { data: { name: 'odoo.exceptions.AccessDenied' } } };
  expect(judge(odoo, { status: 200, data: denied })?.means).toBe('refused-access');
  expect(judge(odoo, { status: 200, data: { result: 8 } })).toBeUndefined();
});

test('the first rule that fits holds, and its words may say what it caught', () => {
  const mapping = rules([
    {
      status: 403,
      where: [{ path: 'detail', matches: 'needs (\\w+)' }],
      means: 'refused-access',
      say: 'lacks {{match.1}}',
    },
    { status: [403, 503], means: 'rate-limited', retryAfterSeconds: 60 },
  ]);
  expect(judge(mapping, { status: 403, data: { detail: 'needs leads' } })).toMatchObject({ words: 'lacks leads' });
  expect(judge(mapping, { status: 503, data: '' })).toMatchObject({ means: 'rate-limited', retryAfterMs: 60_000 });
  expect(judge(mapping, { status: 500, data: '' })).toBeUndefined();
});

test('in a page of HTML every path is absent: a rule that asks for nothing else takes a maintenance page for its own, unless one before it knows it', () => {
  const page = { status: 200, data: '<html>Back soon</html>', headers: { 'content-type': 'text/html; charset=utf-8' } };
  const absent = { where: [{ path: 'result', is: 'absent' }], means: 'gone' };
  expect(judge(rules([absent]), page)?.means).toBe('gone');
  const known = rules([{ where: [{ header: 'Content-Type', contains: 'html' }], means: 'server-error' }, absent]);
  expect(judge(known, page)?.means).toBe('server-error');
  expect(judge(known, { status: 200, data: { result: 8 } })).toBeUndefined();
  expect(judge(known, { status: 200, data: { error: 8 } })?.means).toBe('gone');
});

test('“gone” is of the record, of the note, or a wrong address', () => {
  expect(['record', 'note', 'nothing'].map((about) => faultOf('gone', about as 'record'))).toEqual([
    'record-gone',
    'note-gone',
    'invalid',
  ]);
});

test('an unknown value equals nothing', () => {
  const email = { path: 'email', equals: '{{contact.email}}', ignoreCase: true, digits: false };
  expect(holds({ email: 'A@B.c' }, [email], { contact: { email: 'a@b.C' } })).toBe(true);
  expect(holds({ email: '' }, [email], { contact: {} })).toBe(false);
  expect(holds({}, [email], { contact: {} })).toBe(false);
});

test('paths read objects, lists and all of a list, and nothing that an object inherits', () => {
  const answer = { a: { b: [{ c: 1 }, { c: 2 }] } };
  expect(read(answer, 'a.b[1].c')).toBe(2);
  expect(read(answer, 'a.b[].c')).toEqual([1, 2]);
  expect(read(answer, 'a.x.y')).toBeUndefined();
  expect(read(answer, 'constructor.name')).toBeUndefined();
  expect(read([{ id: 1 }], '[0].id')).toBe(1);
});

test('a template of one value keeps its type; what is unknown is left out', () => {
  const scope = { n: 7, contact: { email: 'a@b.c' }, list: [1] };
  expect(render('{{n}}', scope)).toBe(7);
  expect(render('{{contact.phone ?? n}}', scope)).toBe(7);
  expect(renderBody({ id: '{{n}}', phone: '{{contact.phone}}', rest: ['x', '{{list}}'] }, scope, 'iso')).toEqual({
    id: 7,
    rest: ['x', [1]],
  });
  expect(
    renderBody({ e: { $when: '{{contact.phone}}', $value: [1] }, f: { $when: '{{n}}', $value: [2] } }, scope, 'iso'),
  ).toEqual({ f: [2] });
  expect(renderWhole('{{settings.web}}/x', { settings: {} })).toBeUndefined();
});

test('a value is data: it is neither read as a template nor breaks out of an address', () => {
  const scope = { contact: { email: '{{settings.token}}/../?a=b' }, settings: { token: 'secret' } };
  expect(renderText('/x/{{contact.email}}', scope, encodeURIComponent)).toBe(
    '/x/%7B%7Bsettings.token%7D%7D%2F..%2F%3Fa%3Db',
  );
  expect(render('{{contact.email}}', scope)).toBe('{{settings.token}}/../?a=b');
});

test('what makes CRMs fail is taken out', () => {
  expect(render('{{x}}', { x: 'a\u0000b\ud83d' })).toBe('ab\ufffd');
});

test.each(['iso', 'unix', 'unix-ms', 'utc'] as const)('a time is written and read as %s', (format) => {
  const at = Date.UTC(2026, 10, 24, 21, 49, 17);
  expect(readTime(writeTime(at, format), format)).toBe(at);
});
