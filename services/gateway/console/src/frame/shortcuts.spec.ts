// Keys of the console.
import { expect, test } from '@jest/globals';
import { type Key, type KeyPlace, shortcutOf } from './shortcuts.ts';

const place: KeyPlace = { inField: false, singleKeys: true, afterG: false };
const press = (code: string, more: Partial<Key> = {}, where: Partial<KeyPlace> = {}) =>
  shortcutOf({ code, key: '', alt: false, ctrl: false, shift: false, ...more }, { ...place, ...where });

test('letters work by their place, whatever the layout writes', () => {
  expect(press('KeyJ', { key: 'о' })).toEqual({ do: 'next' });
  expect(press('KeyE', { key: 'у' })).toEqual({ do: 'end' });
});

test('single keys are text in a field, and can be turned off', () => {
  expect(press('KeyJ', {}, { inField: true })).toBeUndefined();
  expect(press('KeyJ', {}, { singleKeys: false })).toBeUndefined();
});

test('Escape and Alt with a number work everywhere', () => {
  expect(press('Escape', { key: 'Escape' }, { inField: true })).toEqual({ do: 'out' });
  expect(press('Digit3', { alt: true }, { inField: true, singleKeys: false })).toEqual({ do: 'state', state: 'away' });
});

test('G and a second letter go to a page, the second alone means something else', () => {
  expect(press('KeyG')).toEqual({ do: 'await' });
  expect(press('KeyC', {}, { afterG: true })).toEqual({ do: 'go', page: 'crm' });
  expect(press('KeyC')).toEqual({ do: 'open-crm' });
});

test('the browser keeps its own keys', () => {
  expect(press('KeyC', { ctrl: true })).toBeUndefined();
  expect(press('KeyJ', { shift: true })).toBeUndefined();
});

test('numbers open my dialogues', () => {
  expect(press('Digit1')).toEqual({ do: 'mine', place: 0 });
  expect(press('Digit6')).toBeUndefined();
});
