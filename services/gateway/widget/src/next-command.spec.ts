// Files in the outbox: they are named when they are at the gateway, and nothing waits for them meanwhile.
import { expect, test } from '@jest/globals';
import { nextCommand } from './next-command.ts';
import type { Parcel } from './outbox.ts';

const file = { name: 'plan.pdf', type: 'application/pdf', bytes: 12 };
const onItsWay: Parcel = { id: 'a', at: 1, kind: 'upload', file };
const words: Parcel = { id: 'b', at: 2, kind: 'message', text: 'Here it comes' };
const there: Parcel = { id: 'a', at: 1, kind: 'message', text: '', files: ['f1'], file };

test('words overtake a file that is on its way', () => {
  expect(nextCommand([onItsWay, words], { conversation: 'c', language: 'en' })).toMatchObject({ id: 'b' });
  expect(nextCommand([onItsWay], { conversation: 'c', language: 'en' })).toBeUndefined();
});

test('what a survey was answered by waits for its dialogue and goes all at once', () => {
  const said = { message: 3, answers: [{ place: 1, score: 4 }] };
  const parcels: Parcel[] = [{ id: 'a', at: 1, kind: 'survey', said }];
  expect(nextCommand(parcels, { language: 'en' })).toBeUndefined();
  expect(nextCommand(parcels, { conversation: 'c', language: 'en' })).toMatchObject({
    name: 'answer-survey',
    data: { conversation: 'c', ...said },
  });
});

test('an answer by a button says which', () => {
  const pressed = { message: 2, button: 1 };
  expect(nextCommand([{ ...words, pressed } as Parcel], { conversation: 'c', language: 'en' })).toMatchObject({
    name: 'send-message',
    data: { text: 'Here it comes', pressed },
  });
});

test('a file that is there is sent by its id, also as the first word of a dialogue', () => {
  expect(nextCommand([there, words], { conversation: 'c', language: 'en' })).toEqual({
    t: 'command',
    id: 'a',
    name: 'send-message',
    data: { conversation: 'c', text: '', files: ['f1'], from: 'widget' },
  });
  expect(nextCommand([there], { language: 'en' })).toMatchObject({
    name: 'start-conversation',
    data: { text: '', files: ['f1'], language: 'en' },
  });
});
