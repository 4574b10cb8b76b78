// Who a visitor is by the word of the site: a JSON Web Token (HS256) that the site's server signs with the site's key. The key is derived
// from the gateway's own, so nothing is stored; what a token must say is in docs/widget.md.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Contact, contact } from '@continuo/contracts';
import { z } from 'zod';

/** A token that leaks out of a page is worthless a day later. */
const LONGEST_LIFE_MS = 24 * 3600 * 1000;
const SKEW_MS = 5 * 60 * 1000;

const header = z.object({ alg: z.literal('HS256') });
const claims = z.object({
  sub: contact.shape.externalId.unwrap(),
  exp: z.number(),
  name: contact.shape.name,
  email: contact.shape.email,
  phone_number: contact.shape.phone,
});

/** What the site's server signs with. */
export const siteKey = (tokenKey: string, site: string): string =>
  createHmac('sha256', tokenKey).update(`identify:${site}`).digest('hex');

/** @returns undefined unless the token was signed with this key and holds now */
export function verifyIdentity(key: string, token: string, now: number): Contact | undefined {
  const [head = '', body = '', given = '', ...more] = token.split('.');
  const expected = createHmac('sha256', key).update(`${head}.${body}`).digest();
  const claimed = Buffer.from(given, 'base64url');
  if (more.length > 0 || claimed.length !== expected.length || !timingSafeEqual(claimed, expected)) return undefined;
  const said = claims.safeParse(parsed(body));
  if (!header.safeParse(parsed(head)).success || !said.success) return undefined;
  const { sub, exp, name, email, phone_number: phone } = said.data;
  const left = exp * 1000 - now;
  if (left < -SKEW_MS || left > LONGEST_LIFE_MS + SKEW_MS) return undefined;
  return {
    externalId: sub,
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
  };
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
