import { expect, test } from '@jest/globals';
import { givenWorld } from '../given.ts';
import { openTypingPreview } from './typing-preview.ts';

test('what is typed is shown a few times a second, always the latest, and nothing of it after it was sent', () => {
  const { around, pass } = givenWorld();
  const shown: string[] = [];
  const preview = openTypingPreview((text) => shown.push(text), around.later);
  for (const text of ['H', 'He', 'Hel']) preview.type(text);
  pass(1_000);
  expect(shown).toEqual(['H', 'Hel']);
  for (const text of ['Hell', 'Hello']) preview.type(text);
  preview.stop();
  pass(1_000);
  expect(shown).toEqual(['H', 'Hel', 'Hell']);
});
