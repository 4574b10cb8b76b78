// The judge of P4 is judged: a message that is lost, one that stands twice, a refusal that does not say when to come again – each must turn its figure red.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { verdictOn } from './figures.ts';
import type { Guest } from './guests.ts';
import { type Acknowledged, keptOnce } from './kept.ts';
import { overloadFigures } from './overload.ts';
import { type Pressed, press } from './pressed.ts';

const acknowledged: Acknowledged[] = ['a', 'b', 'c'].map((id) => ({ id, text: `the message ${id}` }));
const stored = acknowledged.map(({ id, text }) => ({ cause: id, data: { text } }));
const read = { cause: 'z', data: { upTo: 3 } };

test('what stands in the stream once is neither lost nor doubled, whatever else stands there', () => {
  expect(keptOnce(acknowledged, [read, ...stored, read])).toEqual({ lost: [], doubled: [] });
});

test('a message that was acknowledged and is not there is lost, with its command or with its words', () => {
  expect(keptOnce(acknowledged, stored.toSpliced(1, 1))).toEqual({ lost: ['b'], doubled: [] });
  const empty = stored.with(1, { cause: 'b', data: { text: '' } });
  expect(keptOnce(acknowledged, empty)).toEqual({ lost: ['b'], doubled: [] });
});

test('a message that stands twice is doubled, under its own command or under another', () => {
  expect(keptOnce(acknowledged, [...stored, ...stored.slice(2)])).toEqual({ lost: [], doubled: ['c'] });
  const other = { cause: 'somebody else’s', data: { text: 'the message a' } };
  expect(keptOnce(acknowledged, [...stored, other])).toEqual({ lost: [], doubled: ['a'] });
});

test('the judge of what is kept imports nothing of the product', () => {
  const source = readFileSync(new URL('kept.ts', import.meta.url), 'utf8');
  expect([...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name)).toEqual(['../chaos/check-stream.ts']);
});

const calm = { perSecond: 50, p50: 4, p99: 16, lost: 0, doubled: 0, seen: 250, stoodStill: 0 };
const pressed: Pressed = {
  acknowledged,
  unanswered: [],
  told: { busy: 2 },
  turnedAway: [],
  unshown: [],
  shownTwice: [],
  cutOff: 0,
  settledMs: 900,
  p50: 30,
  p99: 400,
};
const figures = (run: Partial<Pressed>, kept = { lost: [] as string[], doubled: [] as string[] }, after = calm) =>
  overloadFigures({ pressed: { ...pressed, ...run }, kept, before: calm, after, rate: 100, seconds: 10 });
const verdicts = (...args: Parameters<typeof figures>) => figures(...args).map(verdictOn);

test('a run in which everything is kept and everybody is told when to come again reaches its aims', () => {
  expect(verdicts({})).toEqual(['aim', 'aim', 'aim']);
});

test.each([
  ['a lost message', {}, { lost: ['a'], doubled: [] }],
  ['a doubled message', {}, { lost: [], doubled: ['a'] }],
  ['a message that nobody answered', { unanswered: ['d'] }, undefined],
  ['a message that a screen does not show', { unshown: ['a'] }, undefined],
  ['a message that a screen shows twice', { shownTwice: ['a'] }, undefined],
] as const)('%s is missed', (_what, run, kept) => {
  expect(verdicts(run as never, kept as never)).toEqual(['missed', 'aim', 'aim']);
});

test('a refusal without a time to come again is no clear signal', () => {
  expect(verdicts({ turnedAway: ['d'] })).toEqual(['aim', 'missed', 'aim']);
});

test('who is not as quick afterwards, or loses something then, has not recovered', () => {
  expect(verdicts({}, undefined, { ...calm, p99: 33 })).toEqual(['aim', 'aim', 'missed']);
  expect(verdicts({}, undefined, { ...calm, lost: 1 })).toEqual(['aim', 'aim', 'missed']);
  expect(verdicts({}, undefined, { ...calm, doubled: 1 })).toEqual(['aim', 'aim', 'missed']);
});

test('where nothing was offered, or nothing seen afterwards, nothing was measured', () => {
  expect(verdicts({ acknowledged: [] })).toEqual(['not measured', 'not measured', 'aim']);
  expect(verdicts({}, undefined, { ...calm, p99: Number.NaN, seen: 0 })).toEqual(['aim', 'aim', 'not measured']);
});

test('the figure of recovery says of how many messages it was made, and for how long who measured it stood still', () => {
  expect(figures({}, undefined, { ...calm, seen: 240, stoodStill: 12 }).at(-1)).toMatchObject({
    detail: '16 ÷ 16 ms, of 240 and 250 messages; the generator itself stood still for 12 and 0 ms',
    sides: { measured: 16, limit: 16, unit: 'ms' },
  });
});

type Say = (frame: object) => void;
/** A visitor before a gateway that answers each try of a command as it is told. */
function guestBefore(answer: (say: Say, id: string, tries: number) => void): Guest {
  const socket = new EventEmitter();
  const tries = new Map<string, number>();
  const say = (frame: object): void => guest.heard?.(JSON.stringify(frame));
  const send = (frame: string): void => {
    const { id } = JSON.parse(frame);
    tries.set(id, (tries.get(id) ?? 0) + 1);
    setImmediate(answer, say, id, tries.get(id) ?? 0);
  };
  const like = Object.assign(socket, { send, readyState: 1, OPEN: 1 });
  const guest: Guest = { socket: like as never, token: '', conversation: 'c', number: 1, open: new Map() };
  return guest;
}
const confirm = (say: Say, id: string): void => say({ t: 'event', event: { cause: id } });
const pressOn = (answer: Parameters<typeof guestBefore>[0], screen?: EventEmitter) =>
  press({} as never, [guestBefore(answer)], 200, 0.05, { patienceMs: 200, ...(screen && { screen: screen as never }) });

test('who is asked to come again comes with the same command, and the word he was given is counted', async () => {
  const run = await pressOn((say, id, tries) =>
    tries < 3 ? say({ t: 'refused', id, refusal: 'busy', retryAfterMs: 1 }) : confirm(say, id),
  );
  expect([run.acknowledged.length, run.told, run.unanswered, run.turnedAway]).toEqual([10, { busy: 20 }, [], []]);
});

test('who is refused without a time, and who gets no answer, is counted as such', async () => {
  let turned = 0;
  const run = await pressOn((say, id) => {
    if (++turned <= 3) say({ t: 'refused', id, refusal: 'broken' });
    else if (turned > 5) confirm(say, id);
  });
  expect([run.acknowledged.length, run.turnedAway.length, run.unanswered.length]).toEqual([5, 3, 2]);
  expect(run.acknowledged.map(({ text }) => text)).toContain('the message 9');
});

test('what was acknowledged and is not shown to whoever wrote it, or is shown twice, is counted as such', async () => {
  const order: string[] = [];
  const run = await pressOn((say, id) => {
    order.push(id);
    if (order.length === 1) return say({ t: 'done', id });
    confirm(say, id);
    if (order.length === 2) confirm(say, id);
  });
  expect([run.acknowledged.length, run.unshown, run.shownTwice]).toEqual([10, [order[0]], [order[1]]]);
});

test('the employee’s screen is looked at, too', async () => {
  const screen = new EventEmitter();
  const order: string[] = [];
  const run = await pressOn((say, id) => {
    order.push(id);
    confirm(say, id);
    const times = { 1: 0, 2: 2 }[order.length] ?? 1;
    for (let time = 0; time < times; time++)
      screen.emit('message', Buffer.from(JSON.stringify({ t: 'event', event: { cause: id } })));
  }, screen);
  expect([run.unshown, run.shownTwice]).toEqual([[order[0]], [order[1]]]);
  expect(screen.listenerCount('message')).toBe(0);
});
