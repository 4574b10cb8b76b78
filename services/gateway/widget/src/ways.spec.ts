import { expect, test } from '@jest/globals';
import type { Wire } from './connection.ts';
import { chooseWay } from './ways.ts';

const WIRE = {} as Wire;
function givenWays() {
  const taken: string[] = [];
  let heard = () => {};
  let socketsOpen = () => {};
  const wire = chooseWay({
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
  });
  const attempt = (times = 1) => {
    for (let index = 0; index < times; index++) wire(async () => ({}) as never);
  };
  return { taken, attempt, heard: () => heard(), socketsOpen: () => socketsOpen() };
}

test('a page whose sockets say nothing tries HTTP, and both in turn while nothing answers', () => {
  const { taken, attempt } = givenWays();
  attempt(6);
  expect(taken).toEqual(['socket', 'socket', 'http', 'socket', 'http', 'socket']);
});

test('a socket that spoke is tried twice again before HTTP is', () => {
  const { taken, attempt, heard } = givenWays();
  attempt(4);
  heard();
  attempt(3);
  expect(taken.slice(4)).toEqual(['socket', 'socket', 'http']);
});

test('where HTTP speaks it is the first to be tried, until a socket opens', () => {
  const { taken, attempt, heard, socketsOpen } = givenWays();
  attempt(3);
  heard();
  attempt();
  expect(taken.at(-1)).toBe('http');
  heard();
  socketsOpen();
  attempt(2);
  expect(taken.slice(-2)).toEqual(['socket', 'http']);
});
