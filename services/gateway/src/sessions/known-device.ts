// Browsers from which an account has been logged in to. Each keeps a signed cookie that says so, for this account alone: strangers who guess at the account
// from wherever they like use up an allowance that such a browser does not need. It logs nobody in, and nothing is stored.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A browser is known for so long after its last login. */
export const KNOWN_MS = 180 * 24 * 3600 * 1000;
const KNOWN = /^([\w-]{22})\.([0-9a-z]{1,11})\.([\w-]{43})$/;

const signature = (key: string, account: string, device: string, issued: string): Buffer =>
  createHmac('sha256', key).update(`device:${device}.${issued}.${account}`).digest();

/** `<device>.<issued>.<signature>`: a new one for each login, so that it tells nothing about the browser. */
export function signDevice(key: string, account: string, now: number): string {
  const device = randomBytes(16).toString('base64url');
  const issued = now.toString(36);
  return `${device}.${issued}.${signature(key, account, device, issued).toString('base64url')}`;
}

/** @returns what the browser is known by, or undefined unless it was given out for this account and is not too old */
export function knownDevice(key: string, cookie: string | undefined, account: string, now: number): string | undefined {
  const [, device, issued, given] = KNOWN.exec(cookie ?? '') ?? [];
  if (!device || !issued || !given) return undefined;
  if (!timingSafeEqual(Buffer.from(given, 'base64url'), signature(key, account, device, issued))) return undefined;
  return now - Number.parseInt(issued, 36) <= KNOWN_MS ? device : undefined;
}
