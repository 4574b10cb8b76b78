import { fold } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { ANNA, answered, started, wrote } from '../../given.ts';
import { listen } from './listen.ts';

type Events = Parameters<typeof fold>[0];
function room(first: Events) {
  let events = first;
  let look = () => {};
  const quiet = { hidden: true, muted: false, taken: false };
  let chimes = 0;
  const client = {
    state: () => ({ known: { transcript: fold(events) } }) as never,
    subscribe(listener: () => void) {
      look = listener;
      return () => true;
    },
  };
  listen(client as never, {
    hidden: () => quiet.hidden,
    muted: () => quiet.muted,
    alone: (run) => quiet.taken || run(),
    chime: () => {
      chimes += 1;
    },
  });
  return {
    quiet,
    chimes: () => chimes,
    now(next: Events) {
      events = next;
      look();
    },
  };
}
const begun = [started('one'), answered(2, 'two', ANNA)];
const news = [...begun, answered(3, 'three', ANNA)];

test('an answer sounds once while the page is out of sight, the visitor’s own words never', () => {
  const { now, chimes } = room(begun);
  now(begun);
  now([...begun, wrote(3, 'mine')]);
  expect(chimes()).toBe(0);
  now([...begun, wrote(3, 'mine'), answered(4, 'theirs', ANNA)]);
  now([...begun, wrote(3, 'mine'), answered(4, 'theirs', ANNA)]);
  expect(chimes()).toBe(1);
});

test('whoever looks, wants quiet, or has heard it in another tab hears nothing, then or later', () => {
  for (const [name, value] of Object.entries({ hidden: false, muted: true, taken: true })) {
    const { quiet, now, chimes } = room(begun);
    Object.assign(quiet, { [name]: value });
    now(news);
    Object.assign(quiet, { hidden: true, muted: false, taken: false });
    now(news);
    expect([name, chimes()]).toEqual([name, 0]);
  }
});
