// The judges of Q3, Q4 and Q5: nothing that is lost, not there, or easier than asked may reach a goal.
import { expect, test } from '@jest/globals';
import { verdictOn } from './figures.ts';
import { idleFigure, stormFigure } from './sockets.ts';
import { busyFigure, maximumOf, whole, windowOf } from './throughput.ts';

const busy = { perSecond: 100, p50: 4, p99: 16, lost: 0, doubled: 0, seen: 500, stoodStill: 0 };
const storm = { seconds: 4, missing: 0, lost: 0, written: 200, dropped: 5_000 };

test('a run of Q3 that lost or doubled a message has no figure, as the runs of Q1 and Q2', () => {
  expect(verdictOn(busyFigure(busy, 100))).toBe('aim');
  expect(() => busyFigure({ ...busy, lost: 3 }, 100)).toThrow('3 messages through continuo did not arrive');
  expect(() => busyFigure({ ...busy, doubled: 2 }, 100)).toThrow('2 arrived twice');
  expect(() => whole({ ...busy, lost: 1 }, 'limit')).toThrow('1 messages through limit did not arrive');
  expect(verdictOn(busyFigure({ ...busy, seen: 0 }, 100))).toBe('not measured');
});

test('what is held against the maximum is not taken without one', () => {
  for (const none of [Number.NaN, 0]) expect(() => maximumOf(none)).toThrow('the maximum of this run was not measured');
  expect(maximumOf(725)).toBe(725);
});

test('the limit that shares its appends has the window of the bench it stands for', () => {
  expect([windowOf('limit', true), windowOf('limit', false), windowOf('continuo', true)]).toEqual([2_000, 500, 500]);
});

test.each([
  [9_999, 'easier'],
  [10_000, 'must'],
  [29_999, 'must'],
  [30_000, 'aim'],
  [0, 'not measured'],
])('%i idle sockets: %s', (held, verdict) => {
  expect(verdictOn(idleFigure({ ours: 11, bare: 6, held }))).toBe(verdict);
});

test.each([
  ['all are back', {}, 'aim'],
  ['somebody is missing', { missing: 1 }, 'missed'],
  ['a message is lost', { lost: 1 }, 'missed'],
  ['fewer sockets than asked', { dropped: 4_999 }, 'easier'],
  ['fewer sockets and a loss', { dropped: 10, lost: 1 }, 'missed'],
  ['no socket at all', { dropped: 0 }, 'not measured'],
  ['nobody wrote', { written: 0 }, 'not measured'],
] as const)('after a storm in which %s', (_what, run, verdict) => {
  expect(verdictOn(stormFigure({ ...storm, ...run }))).toBe(verdict);
});

test('the storm tells how many messages were really written', () => {
  expect(stormFigure({ ...storm, written: 7, lost: 1 }).detail).toBe(
    '0 missing, 1 of 7 messages written at that moment lost or doubled',
  );
});
