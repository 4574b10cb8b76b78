import { expect, test } from '@jest/globals';
import type { Wire } from './connection.ts';
import { givenStorage, SITE } from './given.ts';
import { openKeep } from './keep.ts';
import { chooseWay } from './ways.ts';

const WIRE = {} as Wire;
function givenWays(session = openKeep(SITE, givenStorage())) {
  const taken: string[] = [];
  let heard = () => {};
  let socketsOpen = () => {};
  const wire = chooseWay(
    {
      socket(hear) {
        taken.push('socket');
        heard = hear;
        return WIRE;
      },
      http(_hello, hear, open) {
        taken.push('http');
        heard = hear;
        socketsOpen = open;
        return WIRE;
      },
    },
    session,
  );
  const attempt = (times = 1) => {
    for (let index = 0; index < times; index++) wire(async () => ({}) as never);
  };
  return { taken, attempt, heard: () => heard(), socketsOpen: () => socketsOpen() };
}

test('where no socket has spoken yet HTTP is tried after the first, then both in turn while nothing answers', () => {
  const { taken, attempt } = givenWays();
  attempt(6);
  expect(taken).toEqual(['socket', 'http', 'socket', 'http', 'socket', 'http']);
});

test('a socket that spoke is tried twice again before HTTP is', () => {
  const { taken, attempt, heard } = givenWays();
  attempt(3);
  heard();
  attempt(3);
  expect(taken.slice(3)).toEqual(['socket', 'socket', 'http']);
});

test('where HTTP speaks it is the first to be tried, until a socket opens', () => {
  const { taken, attempt, heard, socketsOpen } = givenWays();
  attempt(2);
  heard();
  attempt();
  expect(taken.at(-1)).toBe('http');
  heard();
  socketsOpen();
  attempt(2);
  expect(taken.slice(-2)).toEqual(['socket', 'http']);
});

test('the next page of the same session begins where a word came, and a socket that spoke is first again', () => {
  const session = openKeep(SITE, givenStorage());
  const first = givenWays(session);
  first.attempt(2);
  first.heard();
  const second = givenWays(session);
  second.attempt();
  expect(second.taken).toEqual(['http']);
  second.socketsOpen();
  const third = givenWays(session);
  third.attempt();
  third.heard();
  const fourth = givenWays(session);
  fourth.attempt(3);
  expect([third.taken, fourth.taken]).toEqual([['socket'], ['socket', 'socket', 'http']]);
});

test('tries alone are not kept: a page that is left before the first word says nothing of its network', () => {
  const session = openKeep(SITE, givenStorage());
  for (let page = 0; page < 3; page++) givenWays(session).attempt();
  const next = givenWays(session);
  next.attempt();
  expect(next.taken).toEqual(['socket']);
});

test('where the browser refuses storage each page begins with a socket', () => {
  const first = givenWays(openKeep(SITE, undefined));
  first.attempt(2);
  first.heard();
  const second = givenWays(openKeep(SITE, undefined));
  second.attempt();
  expect(second.taken).toEqual(['socket']);
});
