// A link to the bytes of one file: signed, and good for an hour or two. Whoever has it may open it; only who may read the dialogue gets one.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isId } from '@continuo/contracts/ids';

/** `show`: on a page, if it is a picture. `save`: always as a file. `preview`: the smaller picture. */
export type Wanted = 'show' | 'save' | 'preview';
const LETTERS: Record<Wanted, string> = { show: 'o', save: 's', preview: 'p' };
const HOUR = 3600 * 1000;

const signature = (key: string, body: string): Buffer =>
  createHmac('sha256', key).update(`file:${body}`).digest().subarray(0, 18);

/** The same link for an hour, so that browsers keep what they have loaded by it. */
export function signFile(key: string, file: string, wanted: Wanted, now: number): string {
  const until = (Math.floor(now / HOUR) + 2) * HOUR;
  const body = `${file}${LETTERS[wanted]}${(until / HOUR).toString(36)}`;
  return `${body}.${signature(key, body).toString('base64url')}`;
}

/** @returns undefined unless it was signed with this key and is still good */
export function verifyFile(
  key: string,
  link: string,
  now: number,
): { file: string; wanted: Wanted; until: number } | undefined {
  const [body = '', given = '', ...more] = link.split('.');
  const file = body.slice(0, 22);
  const wanted = (Object.keys(LETTERS) as Wanted[]).find((name) => LETTERS[name] === body[22]);
  if (!isId(file) || !wanted || !/^[\w-]{24}$/.test(given) || more.length > 0) return undefined;
  const claimed = Buffer.from(given, 'base64url');
  const expected = signature(key, body);
  if (claimed.length !== expected.length || !timingSafeEqual(claimed, expected)) return undefined;
  const until = Number.parseInt(body.slice(23), 36) * HOUR;
  return now < until ? { file, wanted, until } : undefined;
}
