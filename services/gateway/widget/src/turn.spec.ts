import { expect, test } from '@jest/globals';
import { openTurn } from './turn.ts';

test('of two new tabs the second says hello after the first has its token', async () => {
  const { locks } = navigator;
  const order: string[] = [];
  const first = openTurn(locks, 'continuo:turn');
  const second = openTurn(locks, 'continuo:turn');
  await first.take();
  const waiting = second.take().then(() => order.push('second'));
  order.push('first');
  first.leave();
  await waiting;
  second.leave();
  expect(order).toEqual(['first', 'second']);
});

test('a tab that gave up waiting does not hold the others back', async () => {
  const first = openTurn(navigator.locks, 'continuo:gave-up');
  const second = openTurn(navigator.locks, 'continuo:gave-up');
  const third = openTurn(navigator.locks, 'continuo:gave-up');
  await first.take();
  void second.take();
  second.leave();
  const waiting = third.take();
  first.leave();
  await waiting;
  third.leave();
});

test('where the browser has no locks nobody waits', async () => {
  await openTurn(undefined, 'continuo:none').take();
});
