// Every command of a conversation by given/when/then: what it leads to, and what it refuses to whom.

import { type ConversationEvent, type GivenAnswer, newId, type SiteSettings, type Survey } from '@continuo/contracts';
import { describe, expect, test } from '@jest/globals';
import type { EventDecision } from '../decision.ts';
import { type ConversationDecision, type DecideContext, decide } from './decide.ts';
import { type ConversationState, evolve, unknownConversation } from './state.ts';

const conversation = newId();
const site = newId();
const visitor = newId();
const anna = { id: newId(), name: 'Анна Петрова', photo: '/photos/anna.svg' };
const slot = newId();

const context = (more: Partial<DecideContext> = {}): DecideContext => ({
  id: newId(),
  actor: { kind: 'visitor', id: visitor },
  hasSlot: false,
  availability: 'free',
  now: 1_000_000,
  ...more,
});
const asAnna = (more: Partial<DecideContext> = {}): DecideContext =>
  context({ actor: { kind: 'agent', id: anna.id, role: 'agent' }, agent: anna, ...more });
const stranger = (): DecideContext => context({ actor: { kind: 'visitor', id: newId() } });

function given(...decisions: [ConversationDecision | EventDecision, string?][]): ConversationState {
  let state = unknownConversation;
  for (const [decision, cause = newId()] of decisions) {
    if (decision.kind !== 'event') throw new Error(`expected an event, got ${decision.kind}`);
    const number = (state.head?.number ?? 0) + 1;
    state = evolve(state, {
      ...decision,
      kind: undefined,
      id: newId(),
      v: 1,
      time: number,
      actor: { kind: 'system', id: 'test' },
      cause,
      site,
      key: conversation,
      number,
      seq: number,
    } as unknown as ConversationEvent);
  }
  return state;
}
const startedBy = (text = 'Есть ли стол 160 см?'): ConversationDecision =>
  decide('start-conversation', unknownConversation, { text, language: 'ru' }, context());
const assigned: EventDecision = { kind: 'event', type: 'agent-assigned', data: { agent: anna, slot, why: 'routed' } };
const closed = (state: ConversationState): ConversationDecision =>
  decide('close', state, { conversation, reason: 'solved' }, asAnna());
const started = given([startedBy()]);
const open = given([startedBy()], [assigned]);
const ended = given([startedBy()], [assigned], [closed(open)]);

describe('start-conversation', () => {
  test('begins with the first message, cleaned of what no system can hold', () => {
    expect(startedBy(' Привет\u0000 👋\ud800\r\n ')).toEqual({
      kind: 'event',
      type: 'conversation-started',
      data: {
        visitor,
        author: { kind: 'visitor', id: visitor },
        text: 'Привет 👋\ufffd',
        language: 'ru',
        channel: 'chat',
      },
    });
  });
  test('is refused when nothing is said, or by an employee', () => {
    expect(startedBy(' \n ')).toMatchObject({ kind: 'refusal', refusal: 'invalid' });
    expect(decide('start-conversation', unknownConversation, { text: 'x', language: 'en' }, asAnna())).toMatchObject({
      refusal: 'not-allowed',
    });
  });
});

describe('send-message', () => {
  const send = (state: ConversationState, who: DecideContext, from?: 'crm-link') =>
    decide('send-message', state, { conversation, text: 'да', ...(from && { from }) }, who);
  test('the visitor and the agent who has the dialogue may write', () => {
    expect(send(open, context())).toMatchObject({ type: 'message-sent', data: { author: { kind: 'visitor' } } });
    expect(send(open, asAnna())).toMatchObject({
      type: 'message-sent',
      data: { author: { kind: 'agent', name: 'Анна Петрова', photo: '/photos/anna.svg' } },
    });
  });
  test('a stranger learns nothing, a colleague without the slot is refused, with the slot he writes', () => {
    expect(send(open, stranger())).toMatchObject({ refusal: 'conversation-unknown' });
    const colleague = { id: newId(), name: 'Дмитрий Ким' };
    const his = asAnna({ actor: { kind: 'agent', id: colleague.id }, agent: colleague });
    expect(send(open, his)).toMatchObject({ refusal: 'not-a-participant' });
    expect(send(open, { ...his, hasSlot: true })).toMatchObject({ type: 'message-sent' });
  });
  test('into a closed conversation it opens it again, and says from where', () => {
    expect(send(ended, context())).toMatchObject({ data: { reopens: 'widget' } });
    expect(send(ended, asAnna({ hasSlot: true }), 'crm-link')).toMatchObject({ data: { reopens: 'crm-link' } });
    expect(send(ended, asAnna({ hasSlot: true }))).toMatchObject({ data: { reopens: 'console' } });
  });
  const card = {
    title: ' Стол\nÅre ',
    picture: 'https://nordhem.example/are.jpg',
    buttons: [{ label: 'Беру\u202e' }, { label: 'Смотреть', link: 'https://nordhem.example/are' }],
  };
  const offer = (who: DecideContext, more: object = {}) =>
    decide('send-message', open, { conversation, text: 'Этот?', card, ...more }, who);
  test('an employee puts a card on his words, each of its words one line; a visitor none', () => {
    expect(offer(asAnna())).toMatchObject({
      type: 'message-sent',
      data: {
        text: 'Этот?',
        card: {
          title: 'Стол Åre',
          picture: card.picture,
          buttons: [{ label: 'Беру' }, { label: 'Смотреть', link: 'https://nordhem.example/are' }],
        },
      },
    });
    expect(offer(context())).toMatchObject({ refusal: 'not-allowed' });
    expect(offer(asAnna(), { text: ' ' })).toMatchObject({ refusal: 'invalid' });
    expect(offer(asAnna(), { card: { title: '\u200b' } })).toMatchObject({ refusal: 'invalid' });
    expect(offer(asAnna(), { card: { buttons: [{ label: ' ' }] } })).toMatchObject({ refusal: 'invalid' });
  });
  test('the visitor says by a button what stands on it, whatever his browser says; nobody else, and no other button', () => {
    const offered = given([startedBy()], [assigned], [offer(asAnna())]);
    const press = (who: DecideContext, message: number, button: number) =>
      decide('send-message', offered, { conversation, text: 'Даром', pressed: { message, button } }, who);
    expect(press(context(), 3, 1)).toMatchObject({
      type: 'message-sent',
      data: { author: { kind: 'visitor' }, text: 'Беру', pressed: { message: 3, button: 1 } },
    });
    // A link is opened, not said; there is no third button, and no card on the first message.
    for (const [message, button] of [
      [3, 2],
      [3, 3],
      [1, 1],
    ] as const)
      expect(press(context(), message, button)).toMatchObject({ refusal: 'button-unknown' });
    expect(press(asAnna(), 3, 1)).toMatchObject({ refusal: 'not-allowed' });
    expect(press(stranger(), 3, 1)).toMatchObject({ refusal: 'conversation-unknown' });
  });
  test('files stand beside the words or alone; neither is nothing', () => {
    const files = [{ id: newId(), name: 'plan.pdf', type: 'application/pdf', bytes: 12 }];
    expect(decide('send-message', open, { conversation, text: ' ', files }, context())).toMatchObject({
      type: 'message-sent',
      data: { text: '', files },
    });
    const begun = decide('start-conversation', unknownConversation, { text: '', files, language: 'ru' }, context());
    expect(begun).toMatchObject({ type: 'conversation-started', data: { text: '', files } });
    expect(decide('send-message', open, { conversation, text: '' }, context())).toMatchObject({ refusal: 'invalid' });
  });
  test('a repeat of the same command names the event of the first', () => {
    const id = newId();
    const state = given([startedBy()], [send(started, context({ id })), id]);
    expect(send(state, context({ id }))).toEqual({ kind: 'nothing', number: 2 });
  });
  test('whoever knows the id of somebody else’s command learns nothing by it', () => {
    const id = newId();
    const state = given([startedBy()], [send(started, context({ id })), id]);
    expect(send(state, { ...stranger(), id })).toMatchObject({ refusal: 'conversation-unknown' });
  });
});

describe('leave-offline-message', () => {
  const leave = (availability: DecideContext['availability'], email = 'elena@arka.example') =>
    decide(
      'leave-offline-message',
      unknownConversation,
      { text: 'Позвоните', email, language: 'ru' },
      context({ availability }),
    );
  test('needs an address that can be mailed', () => {
    expect(leave('offline')).toMatchObject({ type: 'offline-message-left', data: { email: 'elena@arka.example' } });
    for (const wrong of ['elena', 'elena@', '@arka.example', 'a b@arka.example', 'elena@arka', 'e<x>@arka.example'])
      expect(leave('offline', wrong)).toMatchObject({ refusal: 'invalid-email' });
  });
  test('is refused while anybody is available: there is never a form then', () => {
    for (const available of ['free', 'busy'] as const)
      expect(leave(available)).toMatchObject({ refusal: 'agent-available' });
  });
});

describe('mark-read', () => {
  const read = (state: ConversationState, who: DecideContext, upTo: number) =>
    decide('mark-read', state, { conversation, upTo }, who);
  const answered = given(
    [startedBy()],
    [assigned],
    [decide('send-message', open, { conversation, text: 'Да' }, asAnna())],
  );
  test('moves forward only, and not past the last message of the other side', () => {
    expect(read(answered, context(), 99)).toMatchObject({
      type: 'messages-read',
      data: { by: { kind: 'visitor' }, upTo: 3 },
    });
    expect(read(answered, asAnna(), 1)).toMatchObject({ kind: 'nothing' });
    expect(read(started, context(), 5)).toMatchObject({ kind: 'nothing' });
  });
  test('nobody reads for another', () => {
    expect(read(answered, stranger(), 3)).toMatchObject({ refusal: 'conversation-unknown' });
    expect(
      read(answered, asAnna({ actor: { kind: 'agent', id: newId() }, agent: { id: newId(), name: 'x' } }), 3),
    ).toMatchObject({ refusal: 'not-a-participant' });
  });
});

describe('close', () => {
  test('by the agent who has it, by a supervisor, by its visitor; twice is nothing to do', () => {
    expect(closed(open)).toMatchObject({ type: 'conversation-closed', data: { reason: 'solved' } });
    expect(decide('close', open, { conversation, reason: 'spam' }, context())).toMatchObject({
      data: { reason: 'left' },
    });
    const boss = { id: newId(), name: 'Marie' };
    expect(
      decide(
        'close',
        open,
        { conversation, reason: 'spam' },
        asAnna({ actor: { kind: 'agent', id: boss.id, role: 'supervisor' }, agent: boss }),
      ),
    ).toMatchObject({ data: { reason: 'spam' } });
    expect(
      decide(
        'close',
        open,
        { conversation, reason: 'solved' },
        asAnna({ actor: { kind: 'agent', id: boss.id, role: 'agent' }, agent: boss }),
      ),
    ).toMatchObject({ refusal: 'not-a-participant' });
    expect(closed(ended)).toMatchObject({ kind: 'nothing' });
  });
});

describe('rate', () => {
  const answered = given(
    [startedBy()],
    [assigned],
    [decide('send-message', open, { conversation, text: 'Да' }, asAnna({ hasSlot: true }))],
  );
  const rate = (state: ConversationState, score: number, comment?: string, who = context()) =>
    decide('rate', state, { conversation, score, ...(comment !== undefined && { comment }) }, who);

  test('the visitor says how he was helped, with words or without, also after the end', () => {
    const by = { kind: 'visitor', id: visitor };
    expect(rate(answered, 4)).toEqual({ kind: 'event', type: 'rating-given', data: { by, score: 4 } });
    const over = given(
      [startedBy()],
      [assigned],
      [decide('send-message', open, { conversation, text: 'Да' }, asAnna({ hasSlot: true }))],
      [closed(answered)],
    );
    expect(rate(over, 5, ' Спасибо \u0000')).toMatchObject({ data: { score: 5, comment: 'Спасибо' } });
  });

  test('he may think better of it; the same again says nothing', () => {
    const rated = given(
      [startedBy()],
      [assigned],
      [decide('send-message', open, { conversation, text: 'Да' }, asAnna({ hasSlot: true }))],
      [rate(answered, 2)],
    );
    expect(rate(rated, 2)).toEqual({ kind: 'nothing', number: 4 });
    expect(rate(rated, 5)).toMatchObject({ type: 'rating-given', data: { score: 5 } });
  });

  test('before an answer there is nothing to rate, and nobody rates for him', () => {
    expect(rate(open, 5)).toMatchObject({ refusal: 'not-answered' });
    expect(rate(answered, 5, undefined, asAnna())).toMatchObject({ refusal: 'not-a-participant' });
    expect(rate(answered, 5, undefined, stranger())).toMatchObject({ refusal: 'conversation-unknown' });
    expect(rate(unknownConversation, 5)).toMatchObject({ refusal: 'conversation-unknown' });
  });
});

describe('a survey', () => {
  const survey: Survey = {
    id: 'after',
    title: 'Как вам\nпокупка?',
    questions: [
      { kind: 'scale', question: 'Легко ли было?' },
      { kind: 'choice', question: 'Куда?', options: ['Домой', 'В офис'] },
      { kind: 'text', question: 'Чего не хватило?' },
    ],
  };
  const kept = (...surveys: Survey[]) => ({ site: { surveys } as SiteSettings });
  const ask = (who: DecideContext, text = 'Пара вопросов', id = 'after') =>
    decide('send-message', open, { conversation, text, survey: id }, who);
  const sent = ask(asAnna(kept(survey)));
  const asked = given([startedBy()], [assigned], [sent]);
  const answer = (state: ConversationState, answers: GivenAnswer[], who = context(), message = 3) =>
    decide('answer-survey', state, { conversation, message, answers }, who);

  test('an employee sends one of his site’s, with its words of this moment; a visitor none, and none without words', () => {
    expect(sent).toMatchObject({
      type: 'message-sent',
      data: { text: 'Пара вопросов', survey: { ...survey, title: 'Как вам покупка?' } },
    });
    expect(ask(context(kept(survey)))).toMatchObject({ refusal: 'not-allowed' });
    expect(ask(asAnna(kept(survey)), ' ')).toMatchObject({ refusal: 'invalid' });
    expect(ask(asAnna(kept(survey)), 'x', 'before')).toMatchObject({ refusal: 'survey-unknown' });
    expect(ask(asAnna(kept()))).toMatchObject({ refusal: 'survey-unknown' });
    const unseen = { ...survey, questions: [{ kind: 'scale' as const, question: '\u200b' }] };
    expect(ask(asAnna(kept(unseen)))).toMatchObject({ refusal: 'survey-unknown' });
  });

  test('the visitor answers all or some of it, in the words of its questions; nothing at all means that he does not want to', () => {
    const whole = answer(asked, [
      { place: 3, text: ' Фото \u0000' },
      { place: 1, score: 4 },
      { place: 2, option: 2 },
    ]);
    expect(whole).toEqual({
      kind: 'event',
      type: 'survey-answered',
      data: {
        by: { kind: 'visitor', id: visitor },
        message: 3,
        title: 'Как вам покупка?',
        answers: [
          { kind: 'scale', place: 1, question: 'Легко ли было?', score: 4 },
          { kind: 'choice', place: 2, question: 'Куда?', option: 'В офис' },
          { kind: 'text', place: 3, question: 'Чего не хватило?', text: 'Фото' },
        ],
      },
    });
    expect(answer(asked, [{ place: 2, option: 1 }])).toMatchObject({ data: { answers: [{ option: 'Домой' }] } });
    expect(answer(asked, [{ place: 3, text: ' \u200b' }])).toMatchObject({ data: { answers: [] } });
    expect(answer(asked, [])).toMatchObject({ type: 'survey-answered', data: { answers: [] } });
  });

  test('what does not fit a question is no answer', () => {
    for (const unfit of [
      [{ place: 1, option: 1 }],
      [{ place: 2, score: 1 }],
      [{ place: 2, option: 3 }],
      [{ place: 3, score: 1 }],
      [{ place: 4, text: 'x' }],
      [
        { place: 1, score: 1 },
        { place: 1, score: 2 },
      ],
    ] as GivenAnswer[][])
      expect([unfit, answer(asked, unfit)]).toMatchObject([unfit, { refusal: 'invalid' }]);
    expect(answer(asked, [], context(), 1)).toMatchObject({ refusal: 'survey-unknown' });
  });

  test('he answers once, also after the end, which stays the end; nobody answers for him', () => {
    const first = answer(asked, [{ place: 1, score: 5 }]);
    const over = given([startedBy()], [assigned], [sent], [closed(asked)]);
    expect(answer(over, [{ place: 1, score: 5 }])).toEqual(first);
    const answered = given([startedBy()], [assigned], [sent], [closed(asked)], [first]);
    expect(answered.head?.status).toBe('closed');
    expect(answer(answered, [{ place: 1, score: 1 }])).toMatchObject({
      refusal: 'already-answered',
      words: expect.stringContaining('answered already'),
    });
    expect(answer(asked, [], asAnna())).toMatchObject({ refusal: 'not-a-participant' });
    expect(answer(asked, [], stranger())).toMatchObject({ refusal: 'conversation-unknown' });
    expect(answer(unknownConversation, [])).toMatchObject({ refusal: 'conversation-unknown' });
  });
});

describe('identify-contact', () => {
  const identify = (data: { email?: string; phone?: string; name?: string; externalId?: string }, who = context()) =>
    decide('identify-contact', open, { conversation, ...data }, who);
  test('tells only what is new', () => {
    expect(identify({ email: ' elena@arka.example ', phone: '+374 91 234-567', name: ' ' })).toMatchObject({
      data: { contact: { email: 'elena@arka.example', phone: '+37491234567' }, how: 'visitor-said' },
    });
    const known = given([startedBy()], [identify({ email: 'elena@arka.example' })]);
    expect(decide('identify-contact', known, { conversation, email: 'elena@arka.example' }, context())).toMatchObject({
      kind: 'nothing',
    });
  });
  test('refuses what cannot be an address or a number, and an external id that a visitor claims', () => {
    expect(identify({ email: 'elena' })).toMatchObject({ refusal: 'invalid-email' });
    expect(identify({ phone: '12' })).toMatchObject({ refusal: 'invalid-phone' });
    expect(identify({ externalId: '48-2207' })).toMatchObject({ kind: 'nothing' });
    const crm = context({ actor: { kind: 'system', id: 'crm-sync' } });
    expect(identify({ externalId: '48-2207' }, crm)).toMatchObject({
      data: { contact: { externalId: '48-2207' }, how: 'crm' },
    });
    const other = context({ actor: { kind: 'system', id: 'somebody' } });
    expect(identify({ externalId: '48-2207' }, other)).toMatchObject({ refusal: 'not-a-participant' });
    expect(identify({ externalId: '48-2207' }, asAnna())).toMatchObject({
      data: { contact: { externalId: '48-2207' }, how: 'agent-said' },
    });
  });
});

test('a text of which nothing can be seen is empty, and a name stays on its line', () => {
  for (const blank of ['\u200b', '\u2060 \u00a0', '\u3164'])
    expect(startedBy(blank)).toMatchObject({ refusal: 'invalid' });
  expect(startedBy('👩‍👩‍👧')).toMatchObject({ data: { text: '👩‍👩‍👧' } });
  const named = decide('identify-contact', open, { conversation, name: 'a\nb\u202e c' }, context());
  expect(named).toMatchObject({ data: { contact: { name: 'a b c' } } });
});
