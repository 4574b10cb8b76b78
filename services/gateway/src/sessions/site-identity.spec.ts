import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { siteKey, verifyIdentity } from './site-identity.ts';

const KEY = siteKey('k'.repeat(32), 's'.repeat(22));
const NOW = 1_700_000_000_000;
const LEA = { sub: '4711', email: 'lea@visitor.example', name: 'Lea', exp: NOW / 1000 + 3600 };
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
function sign(claims: unknown, { key = KEY, header = { alg: 'HS256', typ: 'JWT' } as object } = {}): string {
  const body = `${part(header)}.${part(claims)}`;
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}
const verified = (token: string) => verifyIdentity(KEY, token, NOW);

test('a token that the site signed says who the visitor is', () => {
  expect(verified(sign(LEA))).toEqual({ externalId: '4711', name: 'Lea', email: 'lea@visitor.example' });
  expect(verified(sign({ sub: '4711', exp: LEA.exp, phone_number: '+37410123456', iss: 'shop' }))).toEqual({
    externalId: '4711',
    phone: '+37410123456',
  });
});

test.each([
  ['another site’s key', sign(LEA, { key: siteKey('k'.repeat(32), 't'.repeat(22)) })],
  ['the gateway’s own key', sign(LEA, { key: 'k'.repeat(32) })],
  ['no algorithm', sign(LEA, { header: { alg: 'none' } })],
  ['no signature', sign(LEA).replace(/[^.]*$/, '')],
  ['other claims under the signature', sign(LEA).replace(/\.[^.]+\./, `.${part({ ...LEA, sub: '1' })}.`)],
  ['one part too many', `${sign(LEA)}.x`],
  ['no end', sign({ ...LEA, exp: undefined })],
  ['an end that is past', sign({ ...LEA, exp: NOW / 1000 - 3600 })],
  ['an end too far', sign({ ...LEA, exp: NOW / 1000 + 3 * 24 * 3600 })],
  ['nobody', sign({ ...LEA, sub: '' })],
  ['an e-mail that is none', sign({ ...LEA, email: 'lea' })],
  ['no claims', sign(null)],
  ['no token', ''],
])('a token with %s proves nothing', (_what, token) => {
  expect(verified(token)).toBeUndefined();
});

test('each site has a key of its own that tells nothing of the gateway’s', () => {
  expect(KEY).toMatch(/^[0-9a-f]{64}$/);
  expect(siteKey('k'.repeat(32), 't'.repeat(22))).not.toBe(KEY);
});
