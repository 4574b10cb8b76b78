import type { Transcript, TranscriptItem } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { ratingAsked } from './rated.ts';

const anna = { kind: 'agent', id: 'a', name: 'Анна' } as const;
const by = { kind: 'visitor', id: 'v' } as const;
const answer: TranscriptItem = {
  kind: 'message',
  number: 2,
  id: 'e',
  cause: 'c',
  author: anna,
  text: 'Да',
  at: 2,
  channel: 'chat',
};
const end = (number: number): TranscriptItem => ({ kind: 'closed', number, at: number, by: anna, reason: 'solved' });
const given = (more: Partial<Transcript>) => ({
  known: { transcript: { status: 'closed', lastOf: { visitor: 1, agent: 2 }, items: [answer, end(3)], ...more } },
  parcels: [] as object[],
});
const asked = (state: object) => ratingAsked(state as Parameters<typeof ratingAsked>[0]);

test('after an end the visitor is asked about whoever answered last', () => {
  expect(asked(given({}))).toEqual({ agent: 'Анна', done: false });
});

test('nobody is asked while the dialogue goes on, or where nobody has answered', () => {
  expect(asked(given({ status: 'open' }))).toBeUndefined();
  expect(asked(given({ lastOf: { visitor: 1, agent: 0 } }))).toBeUndefined();
  expect(asked({ known: {}, parcels: [] })).toBeUndefined();
});

test('once he has said so he is thanked, even before the network has it; after the next end he is asked again', () => {
  const rating = { number: 4, at: 4, score: 5 };
  expect(asked(given({ rating }))?.done).toBe(true);
  expect(asked({ ...given({}), parcels: [{ kind: 'rating', score: 5, comment: '' }] })?.done).toBe(true);
  expect(asked(given({ rating, items: [answer, end(3), { kind: 'rated', by, ...rating }, end(6)] }))?.done).toBe(false);
});
