import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { inPatience } from './patience.ts';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Somebody waits for what never comes, unless it is given to him. */
function waiting(moved: () => number, enough?: () => boolean) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const waited = inPatience(promise, {
    stillMs: 90_000,
    mostMs: 900_000,
    moved,
    words: () => 'nobody came',
    ...(enough && { enough }),
  });
  let how = 'waits';
  waited.then(
    () => {
      how = 'got it';
    },
    ({ message }: Error) => {
      how = message;
    },
  );
  return { resolve, reject, how: () => how };
}

test('as long as people get on it is waited for, however slow the machine is', async () => {
  const wait = waiting(() => Math.floor(Date.now() / 80_000));
  await jest.advanceTimersByTimeAsync(600_000);
  expect(wait.how()).toBe('waits');
  wait.resolve();
  await jest.advanceTimersByTimeAsync(100);
  expect(wait.how()).toBe('got it');
});

test('when nothing moves any more it is given up', async () => {
  const wait = waiting(() => 7);
  await jest.advanceTimersByTimeAsync(89_000);
  expect(wait.how()).toBe('waits');
  await jest.advanceTimersByTimeAsync(2_000);
  expect(wait.how()).toBe('nobody came');
});

test('so it is after the longest time, whatever else moves', async () => {
  const wait = waiting(() => Date.now());
  await jest.advanceTimersByTimeAsync(899_000);
  expect(wait.how()).toBe('waits');
  await jest.advanceTimersByTimeAsync(2_000);
  expect(wait.how()).toBe('nobody came');
});

test('so it is when it takes longer than fair although people get on', async () => {
  let served = 0;
  const wait = waiting(
    () => Date.now(),
    () => served > 8,
  );
  await jest.advanceTimersByTimeAsync(10_000);
  expect(wait.how()).toBe('waits');
  served = 9;
  await jest.advanceTimersByTimeAsync(200);
  expect(wait.how()).toBe('nobody came');
});

test('a fault of what is waited for is told as it is', async () => {
  const wait = waiting(() => Date.now());
  wait.reject(new Error('the socket broke'));
  await jest.advanceTimersByTimeAsync(200);
  expect(wait.how()).toBe('the socket broke');
});
