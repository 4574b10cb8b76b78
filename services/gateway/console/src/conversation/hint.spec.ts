// The sentence that an agent reads before he answers.

import type { TranscriptHead } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { en } from '../locales/en.ts';
import { hintOf, mayClose, type Situation } from './hint.ts';

const anna = { id: 'a', name: 'Анна' };
const dmitri = { id: 'd', name: 'Дмитрий' };
const mine: Situation = { writer: undefined, me: 'a', load: 2, capacity: 5, online: true };
const head = (more: Partial<TranscriptHead>): TranscriptHead =>
  ({ status: 'open', contact: {}, agent: anna, ...more }) as TranscriptHead;
const nobodys = (status: 'waiting' | 'closed'): TranscriptHead => ({ status, contact: {} }) as TranscriptHead;

test('in my own dialogue with a visitor who is there nothing is to be said', () => {
  expect(hintOf(head({}), mine, en)).toBeUndefined();
});

test('a visitor who left gets the answer by e-mail, or in the chat when he left none', () => {
  const gone = { ...mine, online: false };
  expect(hintOf(head({ contact: { email: 'elena@arka.example' } }), gone, en)).toBe(en.dialogue.gone);
  expect(hintOf(head({}), gone, en)).toBe(en.dialogue.goneNoMail);
});

test('a colleague who writes here comes before everything else', () => {
  expect(hintOf(head({}), { ...mine, writer: 'Дмитрий', online: false }, en)).toBe('Дмитрий is writing an answer here');
});

test('a colleague’s dialogue is named as such', () => {
  expect(hintOf(head({ agent: dmitri }), mine, en)).toBe('Дмитрий has this dialogue.');
});

test('with all places taken neither a waiting nor a closed dialogue can come to me', () => {
  const full = { ...mine, load: 5 };
  for (const status of ['waiting', 'closed'] as const)
    expect(hintOf(nobodys(status), full, en)).toBe('You have 5 of 5. The next one comes when a place is free.');
});

test('who has a dialogue may close it, a supervisor any, nobody a closed one', () => {
  expect(mayClose(head({}), { id: 'a', role: 'agent' })).toBe(true);
  expect(mayClose(head({}), { id: 'd', role: 'agent' })).toBe(false);
  expect(mayClose(head({}), { id: 'd', role: 'supervisor' })).toBe(true);
  expect(mayClose(head({ status: 'closed' }), { id: 'a', role: 'agent' })).toBe(false);
});
