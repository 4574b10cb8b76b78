import { fold } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { ANNA, answered, event, started, VISITOR } from '../../given.ts';
import type { Parcel } from '../../outbox.ts';
import { chosenOn } from './chosen.ts';

const pressed = (button: number) => ({ message: 2, button });
const parcel = (button: number, more: Partial<Parcel> = {}): Parcel => ({
  ...({ id: 'm'.repeat(22), at: 1, kind: 'message', text: 'Yes', pressed: pressed(button) } as Parcel),
  ...(more as object),
});
const asked = [started('one'), answered(2, 'This one?', ANNA)];
const told = event(3, 'message-sent', {
  author: { kind: 'visitor', id: VISITOR },
  text: 'No',
  channel: 'chat',
  pressed: pressed(2),
});
const look = (events: Parameters<typeof fold>[0], parcels: Parcel[] = []) =>
  chosenOn(2, { known: { transcript: fold(events) } as never, parcels });

test('a card is answered by what is stored and by what still waits on the device; what was refused is no answer', () => {
  expect(look(asked)).toBeUndefined();
  expect(look([...asked, told])).toBe(2);
  expect(look(asked, [parcel(1)])).toBe(1);
  expect(look(asked, [parcel(1, { refusal: 'button-unknown' })])).toBeUndefined();
  expect(chosenOn(1, { known: { transcript: fold([...asked, told]) } as never, parcels: [] })).toBeUndefined();
});
