// The desk by given/when/then, and its promises as properties over any sequence of commands.

import { type DeskEvent, newId } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DeskCommand, decide } from './decide.ts';
import { type DeskState, emptyDesk, evolve, loadOf, snapshotOf, summaryOf } from './state.ts';

const [anna, dmitry] = [newId(), newId()].sort() as string[] as [string, string];
let time = 0;

function after(desk: DeskState, ...commands: DeskCommand[]): DeskState {
  return commands.reduce((state, command) => step(state, command).desk, desk);
}
function step(desk: DeskState, command: DeskCommand): { desk: DeskState; event?: DeskEvent; refusal?: string } {
  time += 1;
  const cause = newId();
  const decision = decide(desk, command, { id: cause, now: time, newSlot: newId });
  if (decision.kind !== 'event') return { desk, ...(decision.kind === 'refusal' && { refusal: decision.refusal }) };
  const event = {
    type: decision.type,
    data: decision.data,
    number: desk.number + 1,
    time,
    cause,
  } as unknown as DeskEvent;
  return { desk: evolve(desk, event), event };
}
const online = (agent: string, capacity = 5): DeskCommand => ({ name: 'set-state', agent, state: 'online', capacity });
const take = (conversation: string, agent: string): DeskCommand => ({
  name: 'take',
  conversation,
  agent,
  capacity: 1,
  why: 'taken',
});
const queue = (conversation: string): DeskCommand => ({ name: 'queue', conversation });
const holder = (desk: DeskState, conversation: string): string | undefined => desk.slots.get(conversation)?.agent;

test('a dialogue is assigned in the same event that queues it, when somebody is free', () => {
  const { event, desk } = step(after(emptyDesk, online(anna)), queue('c1'));
  expect(event).toMatchObject({
    type: 'dialogue-queued',
    data: {
      conversation: 'c1',
      assigned: [{ conversation: 'c1', agent: anna }],
      after: { availability: 'free', waiting: 0 },
    },
  });
  expect(holder(desk, 'c1')).toBe(anna);
});

test('an agent who comes on line is filled from the front of the queue, up to his capacity', () => {
  const waiting = after(emptyDesk, ...['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'].map(queue));
  expect(summaryOf(waiting)).toMatchObject({ availability: 'offline', waiting: 7 });
  const desk = after(waiting, online(anna));
  expect([...desk.slots.keys()]).toEqual(['c1', 'c2', 'c3', 'c4', 'c5']);
  expect(desk.queue.map(({ conversation }) => conversation)).toEqual(['c6', 'c7']);
  expect(summaryOf(desk).availability).toBe('busy');
});

test('a place that becomes free goes to the longest waiting dialogue', () => {
  const full = after(emptyDesk, online(anna, 1), queue('c1'), queue('c2'), queue('c3'));
  const { event, desk } = step(full, { name: 'free', conversation: 'c1' });
  expect(event).toMatchObject({ type: 'slot-freed', data: { assigned: [{ conversation: 'c2', agent: anna }] } });
  expect(desk.queue.map(({ conversation }) => conversation)).toEqual(['c3']);
});

test('the least loaded agent is chosen, among equals the longest free', () => {
  const desk = after(emptyDesk, online(dmitry), online(anna), queue('c1'), queue('c2'), queue('c3'));
  expect(['c1', 'c2', 'c3'].map((id) => holder(desk, id))).toEqual([dmitry, anna, dmitry]);
});

test('by hand a dialogue is taken only within capacity, and never from a colleague', () => {
  const desk = after(
    emptyDesk,
    online(anna, 1),
    { ...online(dmitry, 1), state: 'away' } as DeskCommand,
    queue('c1'),
    queue('c2'),
  );
  expect(holder(desk, 'c1')).toBe(anna);
  expect(step(desk, take('c2', anna)).refusal).toBe('agent-at-capacity');
  expect(step(desk, take('c1', dmitry)).refusal).toBe('already-taken');
  expect(holder(after(desk, take('c2', dmitry)), 'c2')).toBe(dmitry);
});

test('who goes off line gives his dialogues back to the front of the queue', () => {
  const desk = after(emptyDesk, online(anna, 2), queue('c1'), queue('c2'), queue('c3'));
  const { event, desk: later } = step(desk, { ...online(anna, 2), state: 'offline' } as DeskCommand);
  expect(event).toMatchObject({ data: { requeued: [{ conversation: 'c1' }, { conversation: 'c2' }] } });
  expect(later.queue.map(({ conversation }) => conversation)).toEqual(['c1', 'c2', 'c3']);
});

test('who has never been on line may go on with a dialogue, within his capacity; no new one comes to him; when he goes, it waits again', () => {
  const taken = after(emptyDesk, take('c1', anna), queue('c2'));
  expect(holder(taken, 'c1')).toBe(anna);
  expect(summaryOf(taken)).toMatchObject({ availability: 'offline', waiting: 1 });
  expect(step(taken, take('c2', anna)).refusal).toBe('agent-at-capacity');
  const gone = after(taken, { name: 'set-state', agent: anna, state: 'offline', capacity: 1 });
  expect(gone.queue.map(({ conversation }) => conversation)).toEqual(['c1', 'c2']);
});

test('a repeated command changes nothing', () => {
  const desk = after(emptyDesk, online(anna));
  const context = { id: newId(), now: 1, newSlot: newId };
  const first = decide(desk, queue('c1'), context);
  const stored = evolve(desk, {
    type: 'dialogue-queued',
    data: (first as { data: unknown }).data,
    number: 2,
    time: 1,
    cause: context.id,
  } as unknown as DeskEvent);
  expect(decide(stored, { name: 'set-state', agent: anna, state: 'offline', capacity: 5 }, context)).toMatchObject({
    kind: 'nothing',
  });
});

const agents = ['a1', 'a2', 'a3'];
const conversations = Array.from({ length: 12 }, (_, index) => `c${index}`);
const agentOf = fc.constantFrom(...agents);
const conversationOf = fc.constantFrom(...conversations);
const anyCommand: fc.Arbitrary<DeskCommand> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('queue' as const), conversation: conversationOf }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('free' as const), conversation: conversationOf }) },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constant('take' as const),
      conversation: conversationOf,
      agent: agentOf,
      capacity: fc.constant(2),
      why: fc.constantFrom('taken' as const, 'resumed' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constant('assign' as const),
      conversation: conversationOf,
      agent: agentOf,
      capacity: fc.constant(2),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      name: fc.constant('set-state' as const),
      agent: agentOf,
      state: fc.constantFrom('online' as const, 'busy' as const, 'away' as const, 'offline' as const),
      capacity: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

test('whatever happens: no dialogue is both waiting and held, nobody waits while somebody has room, and new ones never exceed a capacity', () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 80 }), (commands) => {
      let desk = emptyDesk;
      for (const command of commands) {
        const before = desk;
        const { desk: next, event } = step(desk, command);
        desk = next;
        const waiting = desk.queue.map(({ conversation }) => conversation);
        expect(new Set(waiting).size).toBe(waiting.length);
        expect(waiting.filter((conversation) => desk.slots.has(conversation))).toEqual([]);
        for (const [id, { state, capacity }] of desk.agents) {
          if (loadOf(desk, id) > loadOf(before, id)) expect(loadOf(desk, id)).toBeLessThanOrEqual(capacity);
          if (waiting.length > 0 && state === 'online') expect(loadOf(desk, id)).toBeGreaterThanOrEqual(capacity);
        }
        if (event && event.type !== 'desk-snapshot') expect(event.data.after).toEqual(summaryOf(desk));
      }
    }),
    { numRuns: 300 },
  );
});

test('whatever happens: dialogues are assigned in the order in which they came', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant('come'), fc.constant('free'), fc.constant('online'), fc.constant('busy')), {
        maxLength: 80,
      }),
      (moves) => {
        let desk = emptyDesk;
        let next = 0;
        const assigned: number[] = [];
        for (const move of moves) {
          const first = [...desk.slots.keys()][0];
          const command: DeskCommand =
            move === 'come'
              ? queue(String(next++))
              : move === 'free'
                ? { name: 'free', conversation: first ?? 'none' }
                : { name: 'set-state', agent: anna, state: move as 'online', capacity: 2 };
          const { desk: after, event } = step(desk, command);
          desk = after;
          if (event && event.type !== 'desk-snapshot')
            assigned.push(...event.data.assigned.map(({ conversation }) => Number(conversation)));
        }
        expect(assigned).toEqual([...assigned].sort((a, b) => a - b));
      },
    ),
  );
});

test('a snapshot is the whole desk', () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 40 }), (commands) => {
      const desk = after(emptyDesk, ...commands);
      const restored = evolve(emptyDesk, {
        type: 'desk-snapshot',
        data: snapshotOf(desk),
        number: desk.number,
        time: 0,
        cause: '',
      } as unknown as DeskEvent);
      expect(restored).toEqual(desk);
    }),
  );
});
