import { expect, test } from '@jest/globals';
import { watched } from './in-flight.ts';

/** Two commands are at the gateway at port 1, two requests at NATS; of each, one gets its answer later. */
function surroundings() {
  const open = new Set(['command 1', 'command 2']);
  const asked = new Set(['request 1', 'request 2']);
  return {
    answer(one: string) {
      open.delete(one);
      asked.delete(one);
    },
    traffic: {
      inFlightAt: (port: number) => (port === 1 ? [...open] : []),
      isOpen: (command: string) => open.has(command),
    },
    requests: {
      open: () => [...asked],
      isUnanswered: (request: string) => asked.has(request),
      waitsSince: () => true,
      [Symbol.asyncDispose]: async () => {},
    },
  };
}

test.each([
  ['gateway', { port: 1 }, 'command 1'],
  ['conversation', { port: 2 }, 'request 1'],
  ['nats-server', undefined, 'request 1'],
] as const)('of what %s had when it was killed, only what it never answered counts', (target, process, answered) => {
  const around = surroundings();
  const watch = watched(target, process, around);
  const commands = watch?.commands() ?? [];
  expect(commands).toHaveLength(2);
  around.answer(answered);
  expect(watch?.unanswered(commands)).toBe(1);
});

test('what others have is not in flight at a gateway', () => {
  expect(watched('gateway', { port: 7 }, surroundings())?.commands()).toEqual([]);
});

test.each(['mongod', 'crm-sync', 'email-fallback', 'visitor-tracking'] as const)(
  'no command passes %s, whatever else is in flight',
  (target) => {
    expect(watched(target, { port: 1 }, surroundings())).toBeUndefined();
  },
);
