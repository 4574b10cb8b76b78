// The link that stands in a CRM record: it names a conversation and proves that Continuo made it. It navigates, it never logs anybody in.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isId } from '@continuo/contracts/ids';

const signature = (key: string, body: string): Buffer =>
  createHmac('sha256', key).update(`open:${body}`).digest().subarray(0, 18);

/** Token for `<consoleUrl>/open/<token>`; it does not expire, since a dialogue of any age is resumed. */
export function signLink(key: string, { site, conversation }: { site: string; conversation: string }): string {
  const body = `${site}${conversation}`;
  return `${body}${signature(key, body).toString('base64url')}`;
}

/** @returns what the link names, or undefined when it was not made with this key */
export function verifyLink(key: string, token: string): { site: string; conversation: string } | undefined {
  const site = token.slice(0, 22);
  const conversation = token.slice(22, 44);
  if (!isId(site) || !isId(conversation)) return undefined;
  const given = Buffer.from(token.slice(44), 'base64url');
  const expected = signature(key, site + conversation);
  return given.length === expected.length && timingSafeEqual(given, expected) ? { site, conversation } : undefined;
}
