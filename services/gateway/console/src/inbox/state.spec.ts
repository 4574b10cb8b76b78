// The list of dialogues kept by live events and by answers.

import type { ConversationEvent, ConversationSummary } from '@continuo/contracts';
import type { ToAgent } from '@continuo/contracts/frames';
import { expect, test } from '@jest/globals';
import {
  addPage,
  hasGaps,
  type InboxState,
  initialInbox,
  mergeSummaries,
  receiveInInbox,
  summariesOf,
} from './state.ts';

const ID = 'c000000000000000000001';
const visitor = { kind: 'visitor', id: 'v000000000000000000001' } as const;
const anna = { id: 'a000000000000000000001', name: 'Anna' };

const event = (number: number, type: string, data: unknown): ConversationEvent =>
  ({
    type,
    number,
    key: ID,
    site: 's',
    id: `e${number}`,
    cause: `k${number}`,
    time: number * 1000,
    data,
  }) as ConversationEvent;
const started = event(1, 'conversation-started', {
  visitor: visitor.id,
  author: visitor,
  text: 'Is it dimmable?',
  language: 'en',
  channel: 'chat',
});
const said = (number: number, text: string) =>
  event(number, 'message-sent', { author: visitor, text, channel: 'chat' });
const live = (state: InboxState, ...events: ConversationEvent[]): InboxState =>
  events.reduce((next, one) => receiveInInbox(next, { t: 'event', event: one }), state);
const summary = (number: number): ConversationSummary => ({
  conversation: ID,
  number,
  status: 'open',
  visitor: visitor.id,
  contact: {},
  language: 'en',
  agent: anna,
  startedAt: 1000,
  updatedAt: number * 1000,
  unanswered: 1,
  waitingSince: 1000,
});

test('a new dialogue appears with its first event and waits since then', () => {
  const state = live(initialInbox, started, said(2, 'Hello?'));
  expect(summariesOf(state)).toMatchObject([
    { conversation: ID, status: 'waiting', unanswered: 2, waitingSince: 1000, last: { text: 'Hello?' } },
  ]);
});

test('an event of an older dialogue that the list does not know waits for the answer', () => {
  const state = live(initialInbox, said(7, 'Still there?'));
  expect(hasGaps(state)).toBe(true);
  expect(summariesOf(state)).toEqual([]);
  const answered = addPage(state, 'all', { conversations: [summary(6)], more: false });
  expect(hasGaps(answered)).toBe(false);
  expect(summariesOf(answered)).toMatchObject([{ number: 7, last: { text: 'Still there?' }, waitingSince: 1000 }]);
});

test('an answer older than what events told changes nothing', () => {
  const state = live(initialInbox, started, said(2, 'Hello?'));
  expect(summariesOf(mergeSummaries(state, [summary(1)]))).toMatchObject([{ number: 2, status: 'waiting' }]);
});

test('an agent named by a summary is released by name, since a summary does not tell the slot', () => {
  const state = live(
    mergeSummaries(initialInbox, [summary(6)]),
    event(7, 'agent-released', { agent: anna, slot: 'x', why: 'gone' }),
  );
  expect(summariesOf(state)[0]?.agent).toBeUndefined();
  expect(summariesOf(state)[0]?.status).toBe('waiting');
});

test('a backfill of a dialogue that the list does not know is no gap', () => {
  const frame: ToAgent = { t: 'transcript', conversation: ID, events: [said(7, 'Later')], head: 7, more: false };
  expect(hasGaps(receiveInInbox(initialInbox, frame))).toBe(false);
});

test('what a visitor types is shown until he sends it or leaves', () => {
  const typing = receiveInInbox(live(initialInbox, started), {
    t: 'typing',
    conversation: ID,
    by: visitor,
    text: 'and can',
  });
  expect(typing.typing).toEqual({ [ID]: 'and can' });
  expect(live(typing, said(2, 'and can you')).typing).toEqual({});
  const left: ToAgent = { t: 'presence', visitor: visitor.id, online: false };
  expect(receiveInInbox(typing, left).typing).toEqual({});
});

test('a call that is asked for and what becomes of it are told live', () => {
  const asks = event(2, 'callback-requested', {
    visitor: visitor.id,
    author: visitor,
    phone: '+37477123456',
    language: 'en',
  });
  const asked = live(initialInbox, started, asks);
  expect(summariesOf(asked)).toMatchObject([{ tasks: [{ kind: 'callback', number: 2, phone: '+37477123456' }] }]);
  const by = { kind: 'agent', ...anna };
  const done = live(asked, event(3, 'task-done', { task: 2, kind: 'callback', by }));
  expect(summariesOf(done)).toMatchObject([{ tasks: [{ number: 2, done: { at: 3000, by } }] }]);
});
