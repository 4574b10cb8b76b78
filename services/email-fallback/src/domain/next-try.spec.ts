// How long a mail server may put a mail off.
import { expect, test } from '@jest/globals';
import type { MailRecord } from './mail-record.ts';
import { nextTry } from './next-try.ts';

const HOUR = 3_600_000;
const tried = (attempts: number): MailRecord => ({ attempts, preparedAt: 0 }) as MailRecord;

test('a mail that is put off is offered again after a minute, then less and less often, at least hourly', () => {
  expect([0, 1, 2, 6, 30].map((attempts) => (nextTry(tried(attempts), 0) ?? 0) / 60_000)).toEqual([1, 2, 4, 60, 60]);
});
test('after four days of it the mail is given up', () => {
  expect(nextTry(tried(90), 95 * HOUR)).toBeDefined();
  expect(nextTry(tried(90), 97 * HOUR)).toBeUndefined();
});
test('a clock that jumps does not make the first try the last', () => {
  expect(nextTry(tried(0), 1_000 * HOUR)).toBeDefined();
});
