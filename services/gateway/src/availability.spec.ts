import { type AgentState, type Availability, type DeskEvent, newId } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { makeDesks } from './availability.ts';

const site = newId();
const [anna, boris, clara, dora] = [newId(), newId(), newId(), newId()] as [string, string, string, string];
const NAMES = new Map([
  [anna, 'Anna'],
  [boris, 'Boris'],
  [clara, 'Clara'],
  [dora, 'Dora'],
]);
const settings = {
  agent: (of: string, id: string) => {
    const name = of === site ? NAMES.get(id) : undefined;
    return name === undefined ? undefined : { id, name, ...(id === anna && { photo: '/photos/anna.svg' }) };
  },
} as never;
const event = (availability: Availability, states: [string, AgentState][], waiting = 0): DeskEvent =>
  ({
    site,
    data: {
      after: { availability, waiting, agents: states.map(([id, state]) => ({ id, state, load: 0, capacity: 5 })) },
    },
  }) as never;

test('a site of which nothing was heard is off line', () => {
  expect(makeDesks(settings).facesOf(site)).toEqual({ availability: 'offline', agents: [] });
});

test('visitors see the faces of three who are on line, and nobody else’s', () => {
  const desks = makeDesks(settings);
  desks.receive(
    event('free', [
      [dora, 'away'],
      [anna, 'online'],
      [newId(), 'online'],
      [boris, 'online'],
    ]),
  );
  expect(desks.facesOf(site)).toEqual({
    availability: 'free',
    agents: [
      { id: anna, name: 'Anna', photo: '/photos/anna.svg' },
      { id: boris, name: 'Boris' },
    ],
  });
  desks.receive(
    event(
      'free',
      [...NAMES.keys()].map((id) => [id, 'online']),
    ),
  );
  expect(desks.facesOf(site).agents).toHaveLength(3);
});

test('visitors are told only what changes for them', () => {
  const desks = makeDesks(settings);
  expect(desks.receive(event('free', [[anna, 'online']]))).toBe(true);
  expect(desks.receive(event('free', [[anna, 'online']], 3))).toBe(false);
  expect(desks.deskOf(site)?.waiting).toBe(3);
  expect(desks.receive(event('busy', [[anna, 'online']], 3))).toBe(true);
  expect(desks.receive(event('offline', [[anna, 'offline']]))).toBe(true);
  expect(
    desks.receive(
      event('offline', [
        [anna, 'offline'],
        [boris, 'offline'],
      ]),
    ),
  ).toBe(false);
});

test('whoever waits while all are busy has a place, and a time where one was measured; nobody else has', () => {
  const desks = makeDesks(settings);
  const [first, second] = [newId(), newId()] as [string, string];
  const desk = (availability: Availability, more: object): DeskEvent =>
    ({ site, data: { after: { availability, waiting: 2, agents: [], queue: [first, second], ...more } } }) as never;
  desks.receive(desk('busy', {}));
  expect(desks.placeOf(site, second)).toEqual({ place: 2 });
  expect([desks.placeOf(site, newId()), desks.placeOf(site, undefined), desks.placeOf(newId(), first)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  desks.receive(desk('busy', { turnMs: 90_000 }));
  expect(desks.placeOf(site, second)).toEqual({ place: 2, waitMs: 180_000 });
  // Nobody serves the queue: a number would mean nothing.
  for (const availability of ['away', 'offline', 'free'] as const) {
    desks.receive(desk(availability, {}));
    expect(desks.placeOf(site, first)).toBeUndefined();
  }
});
