// What visitors are told of their wait: their place, and a time only where it was measured.
import { type DeskEvent, newId } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DeskCommand, decide } from './decide.ts';
import { type DeskState, emptyDesk, evolve, summaryOf } from './state.ts';

const MINUTE = 60_000;
const [anna, boris] = [newId(), newId()] as [string, string];

function at(time: number, desk: DeskState, ...commands: DeskCommand[]): DeskState {
  return commands.reduce((state, command) => {
    const cause = newId();
    const decision = decide(state, command, { id: cause, now: time, newSlot: newId });
    if (decision.kind !== 'event') return state;
    const { type, data } = decision;
    return evolve(state, { type, data, number: state.number + 1, time, cause } as unknown as DeskEvent);
  }, desk);
}
const comes = (agent: string, capacity = 1): DeskCommand => ({ name: 'set-state', agent, state: 'online', capacity });
const goes = (agent: string): DeskCommand => ({ name: 'set-state', agent, state: 'offline', capacity: 1 });
const queue = (conversation: string): DeskCommand => ({ name: 'queue', conversation });
const free = (conversation: string): DeskCommand => ({ name: 'free', conversation });
/** One agent with one place; a dialogue ends every so many minutes and the next has its place. */
const busy = (dialogues: number, minutes: number): DeskState => {
  let desk = at(0, emptyDesk, comes(anna), ...Array.from({ length: 20 }, (_, index) => queue(`c${index}`)));
  for (let index = 0; index < dialogues; index++) desk = at((index + 1) * minutes * MINUTE, desk, free(`c${index}`));
  return desk;
};

test('whoever waits is told in his order; while nobody waits nothing is', () => {
  expect(summaryOf(at(0, emptyDesk, comes(anna)))).not.toHaveProperty('queue');
  const desk = at(0, emptyDesk, comes(anna), queue('c0'), queue('c1'), queue('c2'));
  expect(summaryOf(desk)).toMatchObject({ availability: 'busy', waiting: 2, queue: ['c1', 'c2'] });
  expect(summaryOf(at(1, desk, free('c1'))).queue).toEqual(['c2']);
  const crowd = at(0, desk, ...Array.from({ length: 80 }, (_, index) => queue(`d${index}`)));
  expect(summaryOf(crowd).queue).toHaveLength(50);
  expect(summaryOf(crowd).waiting).toBe(82);
});

test('no time is told before the queue has gone three steps; then it is how long a step took', () => {
  expect(summaryOf(busy(2, 4))).not.toHaveProperty('turnMs');
  expect(summaryOf(busy(3, 4)).turnMs).toBe(4 * MINUTE);
});

test('a second agent halves the time at once, and his coming is no step of the queue', () => {
  const desk = at(13 * MINUTE, busy(3, 4), comes(boris));
  expect(summaryOf(desk).turnMs).toBe(2 * MINUTE);
  expect(desk.pace.turns).toHaveLength(3);
});

test('a night without anybody is no step; nor is what was long ago', () => {
  const evening = at(12 * MINUTE + 1, busy(3, 4), goes(anna));
  expect(summaryOf(evening)).not.toHaveProperty('turnMs');
  const morning = at(10 * 60 * MINUTE, evening, comes(anna));
  expect(morning.pace.turns).toEqual([]);
  expect(summaryOf(morning)).not.toHaveProperty('turnMs');
});

test('a visitor who gives up moves the others, and does not make the agents faster', () => {
  const desk = at(12 * MINUTE + 1, busy(3, 4), free('c5'));
  expect(desk.pace.turns).toHaveLength(3);
});

const move = fc.oneof(
  fc.record({ name: fc.constant('queue' as const), conversation: fc.integer({ max: 9, min: 0 }).map((n) => `c${n}`) }),
  fc.record({ name: fc.constant('free' as const), conversation: fc.integer({ max: 9, min: 0 }).map((n) => `c${n}`) }),
  fc.record({
    name: fc.constant('set-state' as const),
    agent: fc.constantFrom(anna, boris),
    state: fc.constantFrom('online' as const, 'busy' as const, 'away' as const, 'offline' as const),
    capacity: fc.integer({ min: 1, max: 2 }),
  }),
);

test('whatever happens: a time is told only from three steps or more, to those who wait, where somebody has places', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(10 * MINUTE), move), { maxLength: 60 }), (moves) => {
      let desk = emptyDesk;
      let now = 0;
      for (const [pause, command] of moves) {
        now += pause;
        desk = at(now, desk, command);
        const { turnMs, agents, queue: waiting = [] } = summaryOf(desk);
        expect(waiting).toEqual(desk.queue.map(({ conversation }) => conversation));
        if (turnMs === undefined) continue;
        expect(desk.pace.turns.length).toBeGreaterThanOrEqual(3);
        expect(waiting.length).toBeGreaterThan(0);
        expect(agents.some(({ state }) => state === 'online')).toBe(true);
        expect(turnMs).toBeLessThanOrEqual(now * 4 + 1);
      }
    }),
  );
});
