// Drafts of the composer.
import { expect, test } from '@jest/globals';
import { type Drafts, parseDrafts, withDraft } from './drafts.ts';

test('a draft is kept per dialogue and goes when the field is emptied', () => {
  const drafts = withDraft(withDraft({}, 'one', 'Белые есть', 1), 'two', 'Hello', 2);
  expect(drafts).toMatchObject({ one: { text: 'Белые есть' }, two: { text: 'Hello' } });
  expect(withDraft(drafts, 'one', '', 3)).toEqual({ two: { text: 'Hello', at: 2 } });
});

test('of too many drafts the oldest go', () => {
  let drafts: Drafts = {};
  for (let at = 0; at < 120; at++) drafts = withDraft(drafts, `c${at}`, 'text', at);
  expect(Object.keys(drafts)).toHaveLength(100);
  expect(drafts.c119).toBeDefined();
  expect(drafts.c19).toBeUndefined();
});

test('broken drafts are left behind', () => {
  expect(parseDrafts({ one: { text: 'Hello', at: 1 }, two: 'broken' })).toEqual({ one: { text: 'Hello', at: 1 } });
  expect(parseDrafts(null)).toBeUndefined();
});
