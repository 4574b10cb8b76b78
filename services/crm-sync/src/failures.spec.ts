import { expect, test } from '@jest/globals';
import { CrmError } from './connectors/crm-error.ts';
import { type Link, newLink, progressOf } from './domain/link.ts';
import { failed } from './failures.ts';

const down = new CrmError('server-error', 'It failed.');
const DEAD = { now: 0, random: 0.5, alive: false };
const ENDED = { after: 3, offset: 0 };
const link = newLink('s', 'c', 'crm');
const withNote: Link = {
  ...link,
  parts: [{ part: 1, record: { kind: 'lead', id: '1' }, from: ENDED, end: ENDED, note: 'n', full: false }],
};

test('a record that fails again and again is tried later and later', () => {
  let now = link;
  const waits = Array.from({ length: 6 }, () => {
    const { link: next, retryInMs } = failed(now, progressOf(now), down, DEAD);
    now = next;
    return retryInMs as number;
  });
  expect(waits).toEqual([3_000, 6_000, 12_000, 24_000, 48_000, 96_000]);
});

test('a field that the CRM lacks stands in the failure by its name', () => {
  const lacking = new CrmError('invalid', 'It has no field “budget”.', { field: 'budget' });
  expect(failed(link, progressOf(link), lacking, DEAD).link.failure).toMatchObject({
    failure: 'invalid',
    field: 'budget',
  });
  expect(failed(link, progressOf(link), down, DEAD).link.failure).not.toHaveProperty('field');
});

test('a try that brought something into the CRM before it failed is the first of what comes next', () => {
  const often: Link = { ...link, failure: { failure: 'server-error', words: '', at: 0, attempts: 9 } };
  const { retryInMs } = failed(
    { ...withNote, ...(often.failure && { failure: often.failure }) },
    progressOf(often),
    down,
    DEAD,
  );
  expect(retryInMs).toBe(3_000);
});

test('a record that fails for the twentieth time does not wait for hours while the CRM works for others', () => {
  const often: Link = { ...link, failure: { failure: 'server-error', words: '', at: 0, attempts: 20 } };
  const wait = (alive: boolean) => failed(often, progressOf(often), down, { ...DEAD, alive }).retryInMs;
  expect([wait(false), wait(true)]).toEqual([2 * 3_600_000, 5 * 60_000]);
});

test('that a call was begun is no progress', () => {
  const begun: Link = {
    ...withNote,
    parts: withNote.parts.map((part) => ({ ...part, writing: { after: 9, offset: 0 } })),
    making: 1,
  };
  expect(progressOf(begun)).toBe(progressOf(withNote));
});
