import type { Transcript } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { NOTHING_KNOWN } from '../../dialogue.ts';
import type { Parcel } from '../../outbox.ts';
import { outcomeOf } from './outcome.ts';

const answers = [{ kind: 'scale' as const, place: 1, question: 'Easy?', score: 4 }];
const by = { kind: 'visitor', id: 'v' } as const;
const item = { kind: 'survey-answered' as const, number: 4, at: 1, data: { by, message: 3, title: 'x', answers } };
const parcel: Parcel = { id: 'p', at: 1, kind: 'survey', said: { message: 3, answers: [{ place: 1, score: 4 }] } };
const knowing = (items: unknown[]) => ({ ...NOTHING_KNOWN, transcript: { items } as unknown as Transcript });

test('a survey is answered by what is stored and by what waits on the device, each on its own message', () => {
  expect(outcomeOf(3, { known: NOTHING_KNOWN, parcels: [] })).toEqual({});
  expect(outcomeOf(3, { known: knowing([item]), parcels: [] })).toEqual({ stored: answers });
  expect(outcomeOf(3, { known: knowing([]), parcels: [parcel] })).toEqual({ parcel });
  expect(outcomeOf(5, { known: knowing([item]), parcels: [parcel] })).toEqual({});
});
