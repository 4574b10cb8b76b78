// What the page makes of the gateway's answers.
import { expect, test } from '@jest/globals';
import { judge, legible, seesParked } from './asking.ts';

test('a record that is handled or was settled meanwhile goes, one that fails again stays', () => {
  expect([204, 404, 409, 403, 503].map(judge)).toEqual(['done', 'gone', 'failed-again', 'trouble', 'trouble']);
});

test('what a record holds is laid out where it is JSON, and shown as it is where it is not', () => {
  expect(legible('{"text":"on its way","to":[1]}')).toBe('{\n  "text": "on its way",\n  "to": [\n    1\n  ]\n}');
  expect(legible('{"text":"cut sh')).toBe('{"text":"cut sh');
  expect(legible('')).toBe('');
});

test('only supervisors and administrators are shown the way there', () => {
  expect(([undefined, 'agent', 'supervisor', 'admin'] as const).map(seesParked)).toEqual([false, false, true, true]);
});
