import { expect, test } from '@jest/globals';
import type { Hurt } from './hurt.ts';
import { waitRows } from './table.ts';

const blow = (target: Hurt['target'], at: number, until: number): Hurt => ({
  at,
  until,
  target,
  how: 'SIGKILL',
  inFlight: undefined,
});
const rows = (hurts: Hurt[], answers: { at: number; ms: number }[]) =>
  waitRows({ hurts, answers })
    .slice(3)
    .map(([what, figure]) => [what, figure]);
const THREE = [blow('gateway', 100, 200), blow('mongod', 300, 400), blow('conversation', 500, 600)];

test('a message that waited through several blows counts for the first one that it met, and for no other', () => {
  expect(rows(THREE, [{ at: 150, ms: 1_000 }])).toEqual([
    ['SIGKILL gateway', '1000 ms'],
    ['SIGKILL mongod', 'nobody waited'],
    ['SIGKILL conversation', 'nobody waited'],
  ]);
});

test.each([
  ['before a blow and answered after it', { at: 280, ms: 50 }, 'mongod'],
  ['while a process was away', { at: 350, ms: 10 }, 'mongod'],
  ['when it was back, and no other was hurt meanwhile', { at: 420, ms: 30 }, 'mongod'],
  ['when it was back, and the next was hurt meanwhile', { at: 420, ms: 300 }, 'conversation'],
])('a message sent %s counts for the blow that it met', (_when, answer, target) => {
  const waited = rows(THREE, [answer]).filter(([, figure]) => figure !== 'nobody waited');
  expect(waited).toEqual([[`SIGKILL ${target}`, `${answer.ms} ms`]]);
});

test('what was answered before any blow counts for none', () => {
  expect(rows(THREE, [{ at: 10, ms: 20 }]).map(([, figure]) => figure)).toEqual(Array(3).fill('nobody waited'));
});
