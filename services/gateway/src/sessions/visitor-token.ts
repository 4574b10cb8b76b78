// Who a visitor is, from one page to the next: an id signed by the gateway, so that nobody can take another's. Nothing is stored.
// The token also carries the visit, which goes on while its visitor was seen within half an hour.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isId } from '@continuo/contracts/ids';

const DAY = 24 * 3600 * 1000;
/** An unused token is good for so long; each welcome renews it. */
const TOKEN_AGE_MS = 400 * DAY;
/** A visit ends when nothing happened for so long. */
export const VISIT_PAUSE_MS = 30 * 60 * 1000;
/** Clocks of two gateways may differ a little. */
const SKEW_MS = 5 * 60 * 1000;

export interface VisitorToken {
  visitor: string;
  site: string;
  visit: string;
  /** Milliseconds since 1970, by the product's clock. */
  issued: number;
}

const signature = (key: string, body: string): Buffer => createHmac('sha256', key).update(`visitor:${body}`).digest();

/** `<visitor>.<site>.<visit>.<issued>.<signature>` */
export function signVisitor(key: string, { visitor, site, visit, issued }: VisitorToken): string {
  const body = `${visitor}.${site}.${visit}.${issued.toString(36)}`;
  return `${body}.${signature(key, body).toString('base64url')}`;
}

/** @returns undefined unless the token was signed with this key, for this site, and is not too old */
export function verifyVisitor(key: string, token: string, site: string, now: number): VisitorToken | undefined {
  const [visitor, ofSite, visit, issuedAt, given, ...more] = token.split('.');
  if (!isId(visitor) || !isId(visit) || ofSite !== site || !issuedAt || !given || more.length > 0) return undefined;
  const expected = signature(key, `${visitor}.${site}.${visit}.${issuedAt}`);
  const claimed = Buffer.from(given, 'base64url');
  if (claimed.length !== expected.length || !timingSafeEqual(claimed, expected)) return undefined;
  const issued = Number.parseInt(issuedAt, 36);
  return issued <= now + SKEW_MS && now - issued <= TOKEN_AGE_MS ? { visitor, site, visit, issued } : undefined;
}
