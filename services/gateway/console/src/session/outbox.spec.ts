// Messages between Enter and their event.

import type { ToAgent } from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import { again, due, frameOf, type Outgoing, parseOutbox, settle, withFile } from './outbox.ts';

const message = (id: string, conversation = 'one'): Outgoing => ({
  id,
  conversation,
  text: `text of ${id}`,
  from: 'console',
  at: 1,
});

test('a card goes with its words, also when it is sent again', () => {
  const card = { title: 'Oak desk', buttons: [{ label: 'Keep it' }] };
  const refused = { ...message('a'), card, refused: { refusal: 'busy', words: '' } };
  expect(frameOf(again([refused], 'a', 'b')[0] as Outgoing)).toMatchObject({
    id: 'b',
    data: { text: 'text of a', card },
  });
});

test('of a survey only its name goes: the server has its words', () => {
  const survey = { id: 'after', title: 'Your order', questions: [{ kind: 'text' as const, question: 'What else?' }] };
  expect(frameOf({ ...message('a'), survey })).toMatchObject({ data: { text: 'text of a', survey: 'after' } });
});

test('of each conversation only the first message is under way', () => {
  const outbox = [message('a'), message('b'), message('c', 'two')];
  expect(due(outbox).map(({ id }) => id)).toEqual(['a', 'c']);
});

test('a message leaves with its event, live or from a backfill', () => {
  const outbox = [message('a'), message('b')];
  const live = settle(outbox, { t: 'event', event: { cause: 'a' } } as ToAgent);
  expect(live.map(({ id }) => id)).toEqual(['b']);
  const backfill = settle(live, { t: 'transcript', events: [{ cause: 'b' }] } as ToAgent);
  expect(backfill).toEqual([]);
});

test('a refused message stays with its reason, and the next one goes', () => {
  const outbox = settle([message('a'), message('b')], {
    t: 'refused',
    id: 'a',
    refusal: 'agent-at-capacity',
    words: 'You have 5 of 5.',
  });
  expect(outbox[0]?.refused?.words).toBe('You have 5 of 5.');
  expect(due(outbox).map(({ id }) => id)).toEqual(['b']);
});

test('a busy conversation and a service that does not answer are no refusals', () => {
  const outbox = [message('a')];
  const unavailable: ToAgent = { t: 'refused', id: 'a', refusal: 'unavailable', words: '', retryAfterMs: 2000 };
  expect(settle(outbox, unavailable)).toBe(outbox);
  expect(settle(outbox, { t: 'refused', id: 'a', refusal: 'busy', words: '' })).toBe(outbox);
});

test('sent again, a refused message has a new id and no reason', () => {
  const refused = [{ ...message('a'), refused: { refusal: 'agent-at-capacity', words: '' } }];
  expect(again(refused, 'a', 'n')).toEqual([{ ...message('a'), id: 'n' }]);
});

test('what is kept survives a reload, what is broken does not', () => {
  expect(parseOutbox(JSON.parse(JSON.stringify([message('a'), { id: 1 }])))).toEqual([message('a')]);
  expect(parseOutbox('nonsense')).toBeUndefined();
});

test('words do not wait for a file that is on its way; once there it is named by what the server calls it', () => {
  const file = { name: 'plan.pdf', bytes: 12, content: 'c', way: true };
  const outbox = [{ ...message('a'), text: '', file }, message('b')];
  expect(due(outbox).map(({ id }) => id)).toEqual(['b']);
  const there = withFile(outbox, 'a', { file: 'f1' });
  expect(due(there).map(({ id }) => id)).toEqual(['a']);
  expect(frameOf(there[0] as Outgoing)).toMatchObject({ data: { text: '', files: ['f1'] } });
});

test('a file that is not taken says why; one that the server has lost is brought anew', () => {
  const file = { name: 'plan.pdf', bytes: 12, content: 'c', way: true };
  const refused = withFile([{ ...message('a'), file }], 'a', { refusal: 'file-type' });
  expect(refused[0]).toMatchObject({ refused: { refusal: 'file-type' } });
  expect(due(refused)).toEqual([]);
  const lost = [{ ...message('a'), file: { ...file, way: false }, refused: { refusal: 'file-unknown', words: '' } }];
  expect(again(lost, 'a', 'z')[0]).toMatchObject({ id: 'z', file: { way: true, content: 'c' } });
});
