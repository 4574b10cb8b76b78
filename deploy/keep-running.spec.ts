import { expect, jest, test } from '@jest/globals';
import {
  type Keeping,
  type Kept,
  keepRunning,
  MOST_ENDS,
  pauseAfter,
  START_GRACE_MS,
  WITHIN_MS,
} from './keep-running.ts';

test('a process that ends is started at once, then ever later, and given up when it ends again and again', () => {
  const ends: number[] = [];
  const pauses = Array.from({ length: MOST_ENDS }, (_, index) => {
    ends.push(1_000_000 + index * 3_000);
    return pauseAfter(ends);
  });
  expect(pauses).toEqual([0, 500, 1_000, 2_000, undefined]);
});

test('what ends twice within moments is not broken yet, and what ends now and then never is', () => {
  expect(pauseAfter([1_000, 1_100])).toBe(500);
  const rarely = Array.from({ length: 50 }, (_, index) => index * (WITHIN_MS + 1));
  expect(pauseAfter(rarely)).toBe(0);
});

interface Fake extends Kept {
  end(how: number | string): void;
}
function keepingFakes(failing: readonly number[] = []) {
  const begun: Fake[] = [];
  const said: string[] = [];
  const givenUp: string[] = [];
  let tries = 0;
  const keeping: Keeping<Fake> = {
    name: 'gateway',
    log: '/data/gateway/output.log',
    say: (line) => void said.push(line),
    givenUp: ({ message }) => void givenUp.push(message),
    async begin() {
      tries += 1;
      if (failing.includes(tries)) throw new Error('the port is taken');
      const { promise, resolve } = Promise.withResolvers<number | string>();
      const fake = { exited: promise, end: resolve, stop: async () => resolve('SIGTERM') };
      begun.push(fake);
      return fake;
    },
  };
  return { keeping, begun, said, givenUp };
}
const turn = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test('killed twice within seconds it stands again, and nothing is given up', async () => {
  jest.useFakeTimers();
  const { keeping, begun, said, givenUp } = keepingFakes();
  const kept = await keepRunning(keeping);
  for (const killed of [0, 1]) {
    begun[killed]?.end('SIGKILL');
    await turn(1_000);
  }
  expect(begun).toHaveLength(3);
  expect(said).toEqual([
    'gateway ended by itself (SIGKILL) and is started again.',
    'gateway ended by itself (SIGKILL) and is started again in 0.5 s.',
  ]);
  expect(givenUp).toEqual([]);
  await kept[Symbol.asyncDispose]();
  expect(begun).toHaveLength(3);
  expect(await begun[2]?.exited).toBe('SIGTERM');
  jest.useRealTimers();
});

test('what cannot be begun again counts as an end; given up, it is said with what to do', async () => {
  jest.useFakeTimers();
  const { keeping, begun, givenUp } = keepingFakes([2, 3, 4]);
  await keepRunning(keeping);
  begun[0]?.end(1);
  await turn(10_000);
  expect(begun).toHaveLength(2);
  expect(givenUp).toEqual([]);
  begun[1]?.end(3);
  await turn(10_000);
  expect(begun).toHaveLength(2);
  expect(givenUp).toEqual([
    'gateway ended by itself 5 times within a minute, at last with 3, and is not started again. Its log says why: /data/gateway/output.log. Mend that, then start anew.',
  ]);
  jest.useRealTimers();
});

test('what is stopped while it waits for its next start is not started', async () => {
  jest.useFakeTimers();
  const { keeping, begun } = keepingFakes();
  const kept = await keepRunning(keeping);
  begun[0]?.end('SIGKILL');
  await turn(0);
  begun[1]?.end('SIGKILL');
  await turn(100);
  await kept[Symbol.asyncDispose]();
  await turn(10_000);
  expect(begun).toHaveLength(2);
  jest.useRealTimers();
});

test('whoever stops while it is being started again does not wait until it stands; it is stopped as soon as it does', async () => {
  jest.useFakeTimers();
  const { keeping, begun } = keepingFakes();
  const slow = Promise.withResolvers<void>();
  const { begin } = keeping;
  const kept = await keepRunning({
    ...keeping,
    async begin() {
      if (begun.length > 0) await slow.promise;
      return begin();
    },
  });
  begun[0]?.end('SIGKILL');
  await turn(0);
  let stopped = false;
  void kept[Symbol.asyncDispose]().then(() => {
    stopped = true;
  });
  await turn(START_GRACE_MS);
  expect(stopped).toBe(true);
  slow.resolve();
  await turn(0);
  expect(await begun[1]?.exited).toBe('SIGTERM');
  jest.useRealTimers();
});

test('whoever stops everything because one was given up comes to an end', async () => {
  jest.useFakeTimers();
  const { keeping, begun } = keepingFakes();
  const stopped = Promise.withResolvers<void>();
  const kept = await keepRunning({
    ...keeping,
    givenUp: async () => {
      await kept[Symbol.asyncDispose]();
      stopped.resolve();
    },
  });
  for (let killed = 0; killed < MOST_ENDS; killed++) {
    begun[killed]?.end('SIGKILL');
    await turn(5_000);
  }
  await stopped.promise;
  jest.useRealTimers();
});
