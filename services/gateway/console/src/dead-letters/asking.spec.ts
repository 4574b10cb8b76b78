// What the page makes of the gateway's answers.
import { expect, test } from '@jest/globals';
import { judge, seesParked } from './asking.ts';

test('a record that is handled or was settled meanwhile goes, one that fails again stays', () => {
  expect([204, 404, 409, 403, 503].map(judge)).toEqual(['done', 'gone', 'failed-again', 'trouble', 'trouble']);
});

test('only supervisors and administrators are shown the way there', () => {
  expect(([undefined, 'agent', 'supervisor', 'admin'] as const).map(seesParked)).toEqual([false, false, true, true]);
});
