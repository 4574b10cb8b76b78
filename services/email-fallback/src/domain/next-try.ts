// When to offer a mail again that the server did not take “now” (greylisting, a full mailbox), and when to stop.
import type { MailRecord } from './mail-record.ts';

const MINUTE = 60_000;
const FIRST = MINUTE;
const MOST = 60 * MINUTE;
/** RFC 5321 §4.5.4.1: give up after four to five days. */
const GIVE_UP_AFTER = 4 * 24 * 60 * MINUTE;
/** A clock that jumped must not make the first try the last. */
const FEWEST_ATTEMPTS = 10;

/** @returns the time of the next try; undefined: give up */
export function nextTry({ attempts, preparedAt }: MailRecord, now: number): number | undefined {
  if (now - preparedAt > GIVE_UP_AFTER && attempts + 1 >= FEWEST_ATTEMPTS) return undefined;
  return now + Math.min(MOST, FIRST * 2 ** Math.min(attempts, 16));
}
