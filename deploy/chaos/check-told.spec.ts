import { expect, test } from '@jest/globals';
import { toldTwice } from './check-told.ts';
import { toldOver } from './told.ts';

const welcome = { t: 'welcome' };
const event = (number: number, key = 'c') => ({ t: 'event', event: { key, number } });
const transcript = (...numbers: number[]) => ({
  t: 'transcript',
  events: numbers.map((number) => ({ key: 'c', number })),
});
const judged = (...frames: { t: string }[]) => toldTwice('he', toldOver(frames));

test('what is resumed, on the same socket or the next, may come again', () => {
  expect(
    judged(welcome, event(1), event(1, 'd'), transcript(1, 2), event(3), welcome, transcript(2, 3), event(4)),
  ).toEqual({
    looked: 4,
    broken: [],
  });
});

test.each([
  ['twice as new', [event(1), event(2), event(2)], 2],
  ['as new after the backfill had it', [transcript(1, 2), event(2)], 2],
  ['out of order', [event(2), event(1)], 2],
])('an event that comes %s is found', (_how, frames, before) => {
  const last = (frames.at(-1) as ReturnType<typeof event>).event.number;
  expect(judged(welcome, ...frames).broken).toEqual([`he was told number ${last} of c as new after ${before}`]);
});
