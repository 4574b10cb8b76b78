// What a visitor asks for besides an answer, and what becomes of it when nobody answers: calls, tasks, missed chats.
import { type ConversationEvent, type DataOf, newId, type OnStream, type SiteSettings } from '@continuo/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeskCommand } from '../desk/decide.ts';
import { decide as decideDesk } from '../desk/decide.ts';
import { type DeskState, emptyDesk, evolve as evolveDesk } from '../desk/state.ts';
import { type DecideContext, decide } from './decide.ts';
import { decideMissed } from './missed.ts';
import { type ConversationState, evolve, unknownConversation } from './state.ts';

const conversation = newId();
const visitor = newId();
const anna = { id: newId(), name: 'Анна Петрова' };
const author = { kind: 'visitor' as const, id: visitor };
const byAnna = { kind: 'agent' as const, ...anna };
const AT = Date.parse('2026-11-27T12:00+04:00');
const HOUR = 3_600_000;
const day = [{ from: '09:00', until: '18:00' }];
const site = {
  callback: true,
  hours: { timeZone: 'Asia/Yerevan', week: { mon: day, tue: day, wed: day, thu: day, fri: day } },
} as unknown as SiteSettings;

const context = (more: Partial<DecideContext> = {}): DecideContext => ({
  id: newId(),
  actor: { kind: 'visitor', id: visitor },
  hasSlot: false,
  availability: 'offline',
  site,
  now: AT,
  ...more,
});
const asAnna = (): DecideContext => context({ actor: { kind: 'agent', id: anna.id, role: 'agent' }, agent: anna });

type Said = { [K in OnStream<'CONVERSATION'>]: [K, DataOf<K>, string?] }[OnStream<'CONVERSATION'>];
function after(state: ConversationState, ...said: Said[]): ConversationState {
  return said.reduce((before, [type, data, cause = newId()]) => {
    const number = (before.head?.number ?? 0) + 1;
    const about = { id: newId(), v: 1, time: AT + number * 1000, actor: { kind: 'system', id: 'test' }, cause };
    return evolve(before, {
      type,
      data,
      number,
      seq: number,
      site: newId(),
      key: conversation,
      ...about,
    } as ConversationEvent);
  }, state);
}
const begun: Said = ['conversation-started', { visitor, author, text: 'Hello', language: 'en', channel: 'chat' }];
const wrote: Said = ['message-sent', { author, text: 'Anybody?', channel: 'chat' }];
const answered: Said = ['message-sent', { author: byAnna, text: 'Yes', channel: 'chat' }];
const mailed: Said = ['message-sent', { author, text: 'By mail', channel: 'mail' }];
const left: Said = ['offline-message-left', { visitor, author, text: 'Write', email: 'a@b.example', language: 'en' }];
const ended = (by: typeof author | typeof byAnna): Said => ['conversation-closed', { by, reason: 'left' }];
const asked: Said = ['callback-requested', { visitor, author, phone: '+37477123456', language: 'en' }];
const missed: Said = ['conversation-missed', { since: 1, cause: 'nobody-online' }];

describe('request-transcript', () => {
  const ask = (state: ConversationState, email = 'Elena@arka.example', ctx = context()) =>
    decide('request-transcript', state, { conversation, email }, ctx);
  const talked = after(unknownConversation, begun, answered);
  const sent = (email: string): Said => ['transcript-requested', { by: author, email }];
  test('goes where its visitor says, once he has been answered', () => {
    expect(ask(talked, ' elena@arka.example ')).toEqual({
      kind: 'event',
      type: 'transcript-requested',
      data: { by: author, email: 'elena@arka.example' },
    });
    expect(ask(after(unknownConversation, begun))).toMatchObject({ refusal: 'not-answered' });
    expect(ask(talked, 'elena')).toMatchObject({ refusal: 'invalid-email' });
    expect(ask(talked, 'a@b.example,c@d.example')).toMatchObject({ refusal: 'invalid-email' });
    const stranger = context({ actor: { kind: 'visitor', id: newId() } });
    expect(ask(talked, 'a@b.example', stranger)).toMatchObject({ refusal: 'conversation-unknown' });
    expect(ask(talked, 'a@b.example', asAnna())).toMatchObject({ refusal: 'not-a-participant' });
  });
  test('asked again while nothing was said it is the same mail; five a day are enough', () => {
    const asked = after(talked, sent('a@b.example'));
    expect(ask(asked, 'a@b.example')).toEqual({ kind: 'nothing', number: 3 });
    expect(ask(asked, 'c@b.example')).toMatchObject({ type: 'transcript-requested' });
    expect(ask(after(asked, wrote), 'a@b.example')).toMatchObject({ type: 'transcript-requested' });
    const often = after(asked, ...['b', 'c', 'd', 'e'].map((name): Said => sent(`${name}@b.example`)));
    expect(ask(often, 'f@b.example')).toMatchObject({ refusal: 'enough-mails' });
    const tomorrow = context({ now: AT + 25 * HOUR });
    expect(ask(often, 'f@b.example', tomorrow)).toMatchObject({ type: 'transcript-requested' });
  });
});

describe('request-callback', () => {
  const ask = (more: object = {}, ctx = context(), state = unknownConversation) =>
    decide('request-callback', state, { phone: '+37477123456', language: 'en', ...more }, ctx);
  test('asks with a number that can be called, and what about', () => {
    expect(ask({ topic: ' Delivery\u0000 ', page: { url: 'https://shop.example/' } })).toEqual({
      kind: 'event',
      type: 'callback-requested',
      data: {
        visitor,
        author,
        phone: '+37477123456',
        topic: 'Delivery',
        language: 'en',
        page: { url: 'https://shop.example/' },
      },
    });
    expect(ask({ phone: '' })).toMatchObject({ refusal: 'invalid-phone' });
  });
  test('a window lies ahead and within one opening of the site; where no hours are set, any sensible one will do', () => {
    const window = { from: AT + HOUR, until: AT + 3 * HOUR };
    expect(ask({ window })).toMatchObject({ data: { window } });
    for (const [from, until] of [
      [AT - 3 * HOUR, AT - HOUR],
      [AT + 5 * HOUR, AT + 7 * HOUR],
      [AT + 24 * HOUR, AT + 25 * HOUR],
      [AT + HOUR, AT + HOUR],
      [AT + HOUR, AT + 72 * HOUR],
    ])
      expect(ask({ window: { from, until } })).toMatchObject({ refusal: 'outside-hours' });
    const anytime = context({ site: { callback: true } as SiteSettings });
    expect(ask({ window: { from: AT + 24 * HOUR, until: AT + 25 * HOUR } }, anytime)).toMatchObject({ kind: 'event' });
    expect(ask({ window: { from: AT + 900 * HOUR, until: AT + 901 * HOUR } }, anytime)).toMatchObject({
      refusal: 'outside-hours',
    });
  });
  test('asked twice under one id it is asked once; nobody asks for another, and not where nobody calls', () => {
    const id = newId();
    const state = after(unknownConversation, begun, [...asked.slice(0, 2), id] as unknown as Said);
    expect(ask({ conversation }, context({ id }), state)).toEqual({ kind: 'nothing', number: 2 });
    expect(ask({ conversation }, context({ actor: { kind: 'visitor', id: newId() } }), state)).toMatchObject({
      refusal: 'conversation-unknown',
    });
    expect(ask({ conversation })).toMatchObject({ refusal: 'conversation-unknown' });
    expect(ask({}, asAnna())).toMatchObject({ refusal: 'not-allowed' });
    expect(ask({}, context({ site: {} as SiteSettings }))).toMatchObject({ refusal: 'not-offered' });
  });
  test('an ended dialogue is open again', () => {
    const state = after(unknownConversation, begun, answered, ended(byAnna));
    expect(ask({ conversation }, context(), state)).toMatchObject({ data: { reopens: 'widget' } });
  });
});

describe('finish-task', () => {
  const finish = (state: ConversationState, task: number, ctx = asAnna()) =>
    decide('finish-task', state, { conversation, task }, ctx);
  test('an employee says that he has done it; once is enough', () => {
    const state = after(unknownConversation, begun, asked);
    const decision = finish(state, 2);
    expect(decision).toEqual({ kind: 'event', type: 'task-done', data: { task: 2, kind: 'callback', by: byAnna } });
    const done = after(state, ['task-done', { task: 2, kind: 'callback', by: byAnna }]);
    expect(done.head?.tasks?.[0]?.done?.by).toEqual(byAnna);
    expect(finish(done, 2)).toMatchObject({ kind: 'nothing' });
    expect(finish(state, 1)).toMatchObject({ refusal: 'task-unknown' });
    expect(finish(state, 2, context())).toMatchObject({ refusal: 'conversation-unknown' });
  });
  test('an answer is the end of a missed chat, and no call', () => {
    const { head } = after(unknownConversation, begun, missed, asked, answered);
    expect(head?.tasks?.map(({ kind, done }) => [kind, done?.by.id])).toEqual([
      ['missed-chat', anna.id],
      ['callback', undefined],
    ]);
  });
  test('a message that was left waits for an answer, or for somebody who says that he has seen to it', () => {
    const state = after(unknownConversation, left, asked);
    expect(state.head?.tasks).toMatchObject([
      { kind: 'offline-message', number: 1 },
      { kind: 'callback', number: 2 },
    ]);
    expect(finish(state, 1)).toMatchObject({ data: { task: 1, kind: 'offline-message', by: byAnna } });
    const { head } = after(state, answered);
    expect(head?.tasks?.map(({ done }) => done?.by.id)).toEqual([anna.id, undefined]);
  });
});

const desk = (...commands: DeskCommand[]): DeskState =>
  commands.reduce((state, command) => {
    const cause = newId();
    const decision = decideDesk(state, command, { id: cause, now: 1, newSlot: newId });
    if (decision.kind !== 'event') return state;
    return evolveDesk(state, { ...decision, number: state.number + 1, time: 1, cause } as never);
  }, emptyDesk);
const there = (state: 'online' | 'away'): DeskCommand => ({ name: 'set-state', agent: anna.id, state, capacity: 1 });
const look = (state: ConversationState, seconds: number, at: DeskState = emptyDesk, slot?: { agent: string }) =>
  decideMissed(state, { now: AT + seconds * 1000, afterSeconds: 60, desk: at, slot });

describe('a chat is missed', () => {
  const waiting = after(unknownConversation, begun, wrote);
  test('when nobody answered in time, with the reason as the desk has it', () => {
    expect(look(waiting, 60)).toMatchObject({ kind: 'nothing' });
    expect(look(waiting, 61)).toEqual({
      kind: 'event',
      type: 'conversation-missed',
      data: { since: 1, cause: 'nobody-online' },
    });
    expect(look(waiting, 61, desk(there('away')))).toMatchObject({ data: { cause: 'nobody-online' } });
    expect(look(waiting, 61, desk(there('online'), { name: 'queue', conversation: 'x' }))).toMatchObject({
      data: { cause: 'all-at-capacity' },
    });
    expect(look(waiting, 61, desk(there('online')), { agent: anna.id })).toMatchObject({
      data: { cause: 'not-accepted' },
    });
  });
  test('when the visitor ends it unanswered, at once', () => {
    expect(look(after(waiting, ended(author)), 1)).toMatchObject({ data: { cause: 'visitor-left' } });
  });
  test('and not when it was answered, settled by an employee, left for later, written by mail or when he asked to be called', () => {
    for (const said of [
      [answered],
      [ended(byAnna)],
      [left],
      [answered, ended(author)],
      [answered, mailed],
      [asked],
      [asked, ended(author)],
    ] as Said[][])
      expect(look(after(waiting, ...said), 9_999)).toMatchObject({ kind: 'nothing' });
    expect(look(after(waiting, asked, wrote), 9_999)).toMatchObject({ data: { since: 4 } });
    expect(look(unknownConversation, 9_999)).toMatchObject({ kind: 'nothing' });
  });
  test('once for each wait, whatever happens', () => {
    const said = fc.constantFrom<Said>(wrote, answered, mailed, left, asked, ended(author), ended(byAnna));
    fc.assert(
      fc.property(fc.array(said, { maxLength: 25 }), fc.array(fc.boolean(), { maxLength: 25 }), (all, looks) => {
        let state = after(unknownConversation, begun);
        let told = new Set<number>();
        for (const [index, one] of all.entries()) {
          state = after(state, one);
          for (let twice = 0; looks[index] && twice < 2; twice++) {
            const decision = look(state, 9_999);
            if (decision.kind !== 'event') continue;
            expect(decision.type).toBe('conversation-missed');
            const { since } = decision.data as DataOf<'conversation-missed'>;
            expect(told.has(since)).toBe(false);
            told = new Set([...told, since]);
            state = after(state, ['conversation-missed', decision.data as DataOf<'conversation-missed'>]);
          }
          if (one === answered) expect(look(state, 9_999).kind).toBe('nothing');
        }
      }),
    );
  });
});
