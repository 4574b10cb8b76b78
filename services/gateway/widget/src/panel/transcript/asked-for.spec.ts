import { fold } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { ANNA, answered, event, started, VISITOR, wrote } from '../../given.ts';
import type { Parcel } from '../../outbox.ts';
import { askedFor } from './asked-for.ts';

const talked = [started('one'), answered(2, 'two', ANNA)];
const sent = event(3, 'transcript-requested', { by: { kind: 'visitor', id: VISITOR }, email: 'a@b.example' });
const parcel = { id: 'm'.repeat(22), at: 1, kind: 'transcript', to: 'c@d.example' } as Parcel;
const look = (events: Parameters<typeof fold>[0], parcels: Parcel[] = []) =>
  askedFor({ known: { transcript: fold(events) } as never, parcels });

test('where the dialogue goes is said from the wish on, until somebody writes again', () => {
  expect(look(talked)).toEqual({ waits: false });
  expect(look(talked, [parcel])).toEqual({ waits: true, goesTo: 'c@d.example' });
  expect(look([...talked, sent])).toEqual({ waits: false, goesTo: 'a@b.example' });
  expect(look([...talked, sent, wrote(4, 'more')])).toEqual({ waits: false });
});

test('what was refused can be asked for in another way', () => {
  const refused = { ...parcel, refusal: 'enough-mails' } as Parcel;
  expect(look([...talked, sent], [refused])).toEqual({
    waits: false,
    refused: { id: parcel.id, to: 'c@d.example', refusal: 'enough-mails' },
  });
});
