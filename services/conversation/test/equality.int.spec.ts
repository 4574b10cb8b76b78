// One fold everywhere, proven per event: after each event the view that MongoDB holds, updated event by event, equals a fresh fold of the stream, and what a
// client that has seen the first half gets of the rest makes its fold equal too. Every event of the catalogue must occur, so none can be forgotten.

import { ask, done, load, request } from '@continuo/bus';
import {
  type CommandData,
  type CommandName,
  type ConversationEvent,
  events as catalogue,
  type EventName,
  newId,
} from '@continuo/contracts';
import type { Store } from '@continuo/store';
import { eventually, startWorld, type World } from '@continuo/testing';
import { applyListed, fold, type Listed, type Transcript } from '@continuo/transcript';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transcriptView } from '../src/views/transcript-view.ts';

const MISSED_AFTER = 60;
let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: { conversation: 1 },
    agents: 2,
    site: {
      callback: true,
      missedAfterSeconds: MISSED_AFTER,
      surveys: [{ id: 'after', title: 'Как вам?', questions: [{ kind: 'scale', question: 'Легко ли было?' }] }],
    },
  });
  for (const index of world.employees.keys()) await world.stayPresent(index);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const visitor = { kind: 'visitor', id: newId() } as const;
const agent = (index: number) => ({ kind: 'agent', id: world.employees[index]?.id as string, role: 'agent' }) as const;

async function act<K extends CommandName>(
  actor: typeof visitor | ReturnType<typeof agent>,
  name: K,
  data: CommandData<K>,
): Promise<string> {
  const reply = await request(world.admin, name, { id: newId(), site: world.site.id, actor }, data);
  if (!reply.ok) throw new Error(`${name}: ${reply.words}`);
  return (reply as { conversation?: string }).conversation ?? '';
}

/** A conversation in which every event of the catalogue happens. */
async function everything(): Promise<string> {
  const conversation = await act(visitor, 'start-conversation', {
    text: 'Стол есть?',
    language: 'ru',
    page: { url: 'https://nordhem.example/' },
  });
  const has = (type: string, times = 1) =>
    eventually(async () =>
      expect((await stored(conversation)).filter((event) => event.type === type)).toHaveLength(times),
    );
  await act(agent(0), 'set-availability', { agent: agent(0).id, state: 'online' });
  await has('agent-assigned');
  const card = { title: 'Åre 160', buttons: [{ label: 'Беру' }] };
  await act(agent(0), 'send-message', { conversation, text: 'Есть', card });
  await act(visitor, 'mark-read', { conversation, upTo: 3 });
  await act(visitor, 'send-message', { conversation, text: 'Беру', pressed: { message: 3, button: 1 } });
  await act(agent(0), 'send-message', { conversation, text: 'Пара вопросов', survey: 'after' });
  const asked = (await stored(conversation)).find(({ data }) => 'survey' in data)?.number ?? 0;
  await act(visitor, 'answer-survey', { conversation, message: asked, answers: [{ place: 1, score: 4 }] });
  await act(visitor, 'identify-contact', { conversation, email: 'elena@arka.example' });
  await act(agent(0), 'set-availability', { agent: agent(0).id, state: 'offline' });
  await has('agent-released');
  await act(visitor, 'leave-offline-message', {
    conversation,
    text: 'Напишите на почту',
    email: 'elena@work.example',
    language: 'ru',
  });
  await act(agent(1), 'set-availability', { agent: agent(1).id, state: 'online' });
  await has('agent-assigned', 2);
  await act(agent(1), 'close', { conversation, reason: 'solved' });
  await act(visitor, 'send-message', { conversation, text: 'Ещё вопрос' });
  await has('agent-assigned', 3);
  await act(visitor, 'rate', { conversation, score: 5 });
  await act(visitor, 'request-transcript', { conversation, email: 'elena@arka.example' });
  await act(visitor, 'request-callback', { conversation, phone: '077 123456', country: 'AM', language: 'ru' });
  await act(agent(1), 'finish-task', { conversation, task: (await stored(conversation)).length });
  await act(visitor, 'send-message', { conversation, text: 'И ещё один' });
  await world.clock.advance(MISSED_AFTER * 1000);
  await has('conversation-missed');
  return conversation;
}
const stored = async (conversation: string): Promise<ConversationEvent[]> =>
  (await load(world.admin, 'CONVERSATION', world.site.id, conversation)).events;

test('for each event of the catalogue: the view updated by it equals a fresh fold, and so does a client that resumes there', async () => {
  const conversation = await everything();
  const events = await stored(conversation);
  const needed = (Object.keys(catalogue) as EventName[]).filter((name) => catalogue[name].stream === 'CONVERSATION');
  expect([...new Set(events.map(({ type }) => type))].sort()).toEqual(needed.sort());

  const fresh = fold(events) as Transcript;
  await eventually(async () => {
    const document = await world.database
      .collection<{ _id: string; number: number; view: Listed; tasks: string }>('conversations')
      .findOne({ _id: conversation });
    const head = events.reduce<Listed | undefined>((before, event) => applyListed(before, event), undefined);
    expect(document?.view).toEqual(JSON.parse(JSON.stringify(head)));
    expect([document?.tasks, head?.tasks?.map(({ kind, done }) => [kind, done !== undefined])]).toEqual([
      'open',
      [
        ['offline-message', false],
        ['callback', true],
        ['missed-chat', false],
      ],
    ]);
  });
  await eachStepOfTheView(conversation, events);
  for (let number = 0; number <= events.length; number++) {
    const answer = await ask(
      world.admin,
      'transcript',
      { id: newId(), site: world.site.id, actor: visitor },
      { conversation, after: number },
    );
    if (!answer.ok) throw new Error(answer.words);
    expect(fold(answer.events, fold(events.slice(0, number)))).toEqual(fresh);
  }
});

/** Views written event by event, as by a replica that keeps up; in the running one several events may share a write, which hides what the next one heals. */
async function eachStepOfTheView(conversation: string, events: ConversationEvent[]): Promise<void> {
  const names = { conversations: 'each_step', events: 'each_step_events' };
  const view = transcriptView(world.admin, { connection: world.database } as Store, names);
  const documents = world.database.collection<{ _id: string; view: Listed }>(names.conversations);
  for (const [index, event] of events.entries()) {
    expect(await view(event)).toEqual(done);
    const document = await documents.findOne({ _id: conversation });
    if (!document) throw new Error(`no view after ${event.type}`);
    const { tasks: _ofLists, ...head } = document.view;
    const { items: _notInViews, ...fresh } = fold(events.slice(0, index + 1)) as Transcript;
    expect([event.type, head]).toEqual([event.type, JSON.parse(JSON.stringify(fresh))]);
  }
  expect(await world.database.collection(names.events).countDocuments({ conversation })).toBe(events.length);
}
