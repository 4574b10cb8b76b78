// Signatures as in the Standard Webhooks specification: HMAC-SHA256 over id, time and body. While a key is changed both keys sign, so that the receiver
// may take over the new one whenever it likes.
import { createHmac } from 'node:crypto';
import { z } from 'zod';

const PREFIX = 'whsec_';
const SHORTEST_KEY = 24;
const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');

export const secret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'whsec_ and then Base64: echo whsec_$(openssl rand -base64 32)')
  .refine((text) => keyOf(text).length >= SHORTEST_KEY, `at least ${SHORTEST_KEY} bytes behind whsec_`);

/** @param seconds since 1970 */
export function signedHeaders(
  secrets: readonly string[],
  id: string,
  body: string,
  seconds: number,
): Record<string, string> {
  const signatures = secrets.map(
    (one) => `v1,${createHmac('sha256', keyOf(one)).update(`${id}.${seconds}.${body}`).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}
