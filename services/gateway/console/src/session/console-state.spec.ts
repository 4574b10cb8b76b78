// One frame reaches every screen that hears it.

import type { ConversationEvent } from '@continuo/contracts';
import type { ToAgent } from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import { asked, type ConsoleState, initialConsole, receive } from './console-state.ts';

const ID = 'c000000000000000000001';
const visitor = { kind: 'visitor', id: 'v' } as const;
const event = (number: number, type: string, data: object): ConversationEvent =>
  ({
    type,
    number,
    key: ID,
    site: 's',
    id: `e${number}`,
    cause: `k${number}`,
    time: number,
    data,
  }) as ConversationEvent;
const started = event(1, 'conversation-started', {
  visitor: 'v',
  author: visitor,
  text: 'Hello',
  language: 'en',
  channel: 'chat',
});
const opened: ToAgent = { t: 'transcript', conversation: ID, events: [started], head: 1, more: false };
const all = (state: ConsoleState, ...frames: ToAgent[]): ConsoleState =>
  frames.reduce((next, frame) => receive(next, frame, 1000), state);

test('an event moves the list and the open dialogue, and ends the message it acknowledges', () => {
  const outgoing = { id: 'k2', conversation: ID, text: 'Hi', from: 'console', at: 1 } as const;
  const state = all(asked({ ...initialConsole, outbox: [outgoing] }, ID), opened, {
    t: 'event',
    event: event(2, 'message-sent', { author: { kind: 'agent', id: 'a' }, text: 'Hi', channel: 'chat' }),
  });
  expect(state.inbox.heads[ID]?.last?.text).toBe('Hi');
  expect(state.dialogues[ID]?.transcript?.items).toHaveLength(2);
  expect(state.outbox).toEqual([]);
});

test('a dialogue that is not open is not loaded by its events', () => {
  const state = all(initialConsole, { t: 'event', event: started });
  expect(state.inbox.heads[ID]).toBeDefined();
  expect(state.dialogues[ID]).toBeUndefined();
});

test('a visitor who leaves stops typing everywhere', () => {
  const typing: ToAgent = { t: 'typing', conversation: ID, by: visitor, text: 'and' };
  const state = all(asked(initialConsole, ID), { t: 'event', event: started }, opened, typing);
  expect(state.dialogues[ID]?.visitorTyping?.text).toBe('and');
  const left = all(state, { t: 'presence', visitor: 'v', online: false });
  expect(left.dialogues[ID]?.visitorTyping).toBeUndefined();
  expect(left.inbox.typing).toEqual({});
});
