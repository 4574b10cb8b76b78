import { expect, test } from '@jest/globals';
import { checkDesk, wholeStream } from './check-desk.ts';
import type { RawEvent } from './check-stream.ts';

const event = (number: number, type: string, data: object, seq = number): RawEvent => ({
  subject: 'desk.s',
  seq,
  id: `e${number}`,
  cause: `c${number}`,
  type,
  number,
  time: number * 1_000,
  data,
});
const state = (number: number, agent: string, is: string, more: object = {}) =>
  event(number, 'agent-state-changed', { agent, state: is, requeued: [], assigned: [], ...more });
const given = (conversation: string, agent: string) => ({ conversation, agent });
const queued = (number: number, conversation: string, ...assigned: object[]) =>
  event(number, 'dialogue-queued', { conversation, assigned });
const taken = (number: number, conversation: string, agent: string, more: object = {}) =>
  event(number, 'dialogue-taken', { conversation, agent, why: 'taken', assigned: [], ...more });
const freed = (number: number, conversation: string) =>
  event(number, 'slot-freed', { conversation, assigned: [] }, number);
const back = (...conversations: string[]) => ({ requeued: conversations.map((conversation) => ({ conversation })) });
const snapshot = (number: number, said: { slots?: object[]; queue?: string[]; x?: string }, seq = number) => {
  const { slots = [], queue = [], x = 'online' } = said;
  const waiting = queue.map((conversation) => ({ conversation }));
  return event(number, 'desk-snapshot', { agents: [{ id: 'x', state: x }], slots, queue: waiting }, seq);
};
const A_WITH_X = { slots: [{ conversation: 'a', agent: 'x', since: 2_000 }] };
const found = (stream: RawEvent[], capacity = 2) => checkDesk(stream, 's', capacity).map(({ broken }) => broken);
const COMES = state(1, 'x', 'online');
const A_COMES = queued(2, 'a', given('a', 'x'));

test('a desk that keeps to its rules holds, also where a dialogue is taken by hand, given on, resumed, given back', () => {
  const stream = [
    COMES,
    A_COMES,
    snapshot(3, A_WITH_X),
    taken(4, 'b', 'y'),
    taken(5, 'b', 'x', { from: 'y', why: 'assigned' }),
    queued(6, 'c'),
    state(7, 'x', 'offline', back('a', 'b')),
    state(8, 'y', 'online', { assigned: [given('a', 'y'), given('b', 'y')] }),
    freed(9, 'c'),
    taken(10, 'c', 'x'),
    taken(11, 'c', 'z', { from: 'x', why: 'resumed' }),
  ];
  expect(found(stream)).toEqual([[], []]);
});

test('a snapshot that says what was played holds, another is found', () => {
  expect(found([COMES, A_COMES, snapshot(3, A_WITH_X)])).toEqual([[], []]);
  for (const other of [
    { slots: [{ conversation: 'a', agent: 'y', since: 2_000 }] },
    { slots: [{ conversation: 'a', agent: 'x', since: 1_000 }] },
    { ...A_WITH_X, x: 'busy' },
    { x: 'busy', queue: ['a'] },
  ])
    expect(found([COMES, A_COMES, snapshot(3, other)])).toEqual([
      [],
      [expect.stringMatching(/^desk sequence 3: the snapshot says .*, played /)],
    ]);
});

test('what follows a snapshot is held against what it says', () => {
  expect(found([COMES, A_COMES, snapshot(3, A_WITH_X), freed(4, 'b')])).toEqual([
    ['desk sequence 4: b is freed and was not there'],
    [],
  ]);
});

test('what lacks before a snapshot was rolled up only where the stream lacks it, too', () => {
  const rolledUp = snapshot(5, { queue: ['a'], x: 'busy' }, 5);
  expect(found([COMES, rolledUp])).toEqual([[], []]);
  expect(found([rolledUp])).toEqual([[], []]);
  // Between them the stream has two sequences of another site, so of this one it can lack one at the most.
  const others = [2, 3].map((seq) => ({ ...event(seq, 'dialogue-queued', {}), subject: 'desk.other' }));
  expect(found([COMES, ...others, rolledUp])).toEqual([
    [],
    ['desk sequence 5: number 5 does not follow, and the stream lacks nothing before it'],
  ]);
  expect(found([COMES, snapshot(3, {}, 2)])).toEqual([[], [expect.stringContaining('number 3 does not follow')]]);
  expect(found([COMES, A_COMES, snapshot(2, A_WITH_X, 3)])).toEqual([
    [],
    [expect.stringContaining('number 2 does not follow')],
  ]);
  expect(found([COMES, freed(3, 'a')])[0]).toContain('desk sequence 3: number 3 does not follow');
});

test('what a snapshot says after a gap is looked at all the same', () => {
  expect(found([snapshot(9, { queue: ['a'] })])[0]).toEqual([
    'desk sequence 9: a waits while agent x is on line and has room',
  ]);
  expect(found([snapshot(9, { ...A_WITH_X, queue: ['a', 'b', 'b'], x: 'away' })])[0]).toEqual([
    'desk sequence 9: a waits and is with x',
    'desk sequence 9: b waits twice',
  ]);
});

test('what the recorder missed and the stream still has is no gap', () => {
  expect(wholeStream([COMES, snapshot(3, {})], [A_COMES, snapshot(3, {}), freed(4, 'a')])).toEqual([
    COMES,
    A_COMES,
    snapshot(3, {}),
    freed(4, 'a'),
  ]);
});

test.each<[string, RawEvent[], string]>([
  [
    'more dialogues than places',
    [A_COMES, queued(3, 'b', given('b', 'x')), taken(4, 'c', 'x')],
    'agent x has 3 dialogues, capacity is 2',
  ],
  ['an agent idle while somebody waits', [queued(2, 'a')], 'a waits while agent x is on line and has room'],
  [
    'one who comes and gets nobody',
    [state(2, 'x', 'away'), queued(3, 'a'), state(4, 'x', 'online')],
    'a waits while agent x is on line and has room',
  ],
  [
    'a dialogue for one who is off line',
    [state(2, 'x', 'offline'), queued(3, 'a', given('a', 'x'))],
    'a was given to agent x, who is offline',
  ],
  [
    'a dialogue for one who is busy',
    [state(2, 'x', 'busy'), queued(3, 'a', given('a', 'x'))],
    'a was given to agent x, who is busy',
  ],
  ['a dialogue for one whom nobody knows', [queued(2, 'a', given('a', 'z'))], 'a was given to agent z, who is unknown'],
  [
    'the second served first',
    [
      state(2, 'x', 'away'),
      queued(3, 'a'),
      queued(4, 'b'),
      state(5, 'x', 'online', { assigned: [given('b', 'x'), given('a', 'x')] }),
    ],
    'b was served before a',
  ],
  [
    'the younger given back before the older',
    [A_COMES, queued(3, 'b', given('b', 'x')), state(4, 'x', 'offline', back('b', 'a'))],
    'agent x gives back b, a, and not the oldest first',
  ],
  [
    'one kept by who goes',
    [A_COMES, queued(3, 'b', given('b', 'x')), state(4, 'x', 'offline', back('a'))],
    'agent x goes offline and gives back 1 of 2: a',
  ],
  [
    'one given back by who stays',
    [A_COMES, state(3, 'x', 'busy', back('a'))],
    'agent x goes busy and gives back 1 of 0: a',
  ],
  [
    'one given back that another has',
    [A_COMES, state(3, 'y', 'offline', back('a'))],
    'agent y goes offline and gives back 1 of 0: a',
  ],
  ['one taken that a colleague has', [A_COMES, taken(3, 'a', 'y', { from: 'x' })], 'a is taken from x by agent y'],
  ['one taken as if nobody had it', [A_COMES, taken(3, 'a', 'y')], 'a is taken from undefined, and x has it'],
  [
    'one taken from who has it not',
    [A_COMES, taken(3, 'a', 'y', { from: 'z', why: 'assigned' })],
    'a is taken from z, and x has it',
  ],
  [
    'one taken by who has it',
    [A_COMES, taken(3, 'a', 'x', { from: 'x', why: 'assigned' })],
    'a is taken by agent x, who has it',
  ],
  ['one queued that somebody has', [A_COMES, queued(3, 'a')], 'a is queued twice'],
  ['an event that the checker does not know', [event(2, 'desk-painted', {})], 'desk-painted is unknown to the checker'],
])('%s is found', (_what, stream, words) => {
  const [broken = []] = found([COMES, ...stream]);
  expect(broken).toContain(`desk sequence ${stream.at(-1)?.seq}: ${words}`);
});
