// Our text beside what the CRM holds.

import type { Transcript, TranscriptMessage } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { compare } from './compare.ts';

const transcript = (...texts: string[]): Transcript =>
  ({
    items: texts.map((text, index) => ({ kind: 'message', number: index + 1, text }) as TranscriptMessage),
  }) as Transcript;

test('messages that stand in the notes are held, others are missing', () => {
  const notes = [{ text: '14:02 Елена: Согласовали.\n14:04 Анна:\n  Цена  действует' }];
  const { messages, missing } = compare(transcript('Согласовали.', 'Цена действует', 'Спасибо'), notes);
  expect(messages.map(({ held }) => held)).toEqual([true, true, false]);
  expect(missing).toBe(1);
});

test('a long message cut between two notes is held', () => {
  const long = `${'начало '.repeat(40)}середина ${'конец '.repeat(40)}`;
  const notes = [{ text: `part 1: ${long.slice(0, 250)}` }, { text: `part 2: ${long.slice(250)}` }];
  expect(compare(transcript(long), notes).missing).toBe(0);
});

test('an empty CRM misses everything', () => {
  expect(compare(transcript('one', 'two'), []).missing).toBe(2);
});
