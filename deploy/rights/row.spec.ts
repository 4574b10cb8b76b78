import { expect, test } from '@jest/globals';
import { PEOPLE } from './cast.ts';
import { row } from './row.ts';

test('a narrower group speaks after a wider one, a person after a group', () => {
  expect(row({ everybody: 'a', employees: 'b', foreign: 'c', foreignAdmin: 'd' })).toEqual({
    anonymous: 'a',
    visitor: 'a',
    otherVisitor: 'a',
    agent: 'b',
    supervisor: 'b',
    admin: 'b',
    foreignAgent: 'c',
    foreignSupervisor: 'c',
    foreignAdmin: 'd',
  });
});

test('whoever is left out is named', () => {
  for (const person of PEOPLE) {
    const others = Object.fromEntries(PEOPLE.filter((other) => other !== person).map((other) => [other, 'ok']));
    expect(() => row(others)).toThrow(`a row says nothing of ${person}`);
  }
});
