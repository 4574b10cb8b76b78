import { fold } from '@continuo/transcript';
import { expect, test } from '@jest/globals';
import { ANNA, answered, CONVERSATION, started, wrote } from '../../given.ts';
import { listen } from './listen.ts';

type Events = Parameters<typeof fold>[0];
function room(first: Events) {
  let events = first;
  let look = () => {};
  const quiet = { hidden: true, muted: false };
  const chimes: unknown[] = [];
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
    sound: ({ conversation, number }) => chimes.push([conversation, number]),
  });
  return {
    quiet,
    chimes,
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
  expect(chimes).toEqual([]);
  now([...begun, wrote(3, 'mine'), answered(4, 'theirs', ANNA)]);
  now([...begun, wrote(3, 'mine'), answered(4, 'theirs', ANNA)]);
  expect(chimes).toEqual([[CONVERSATION, 4]]);
});

test('whoever looks or wants quiet hears nothing, then or later', () => {
  for (const [name, value] of Object.entries({ hidden: false, muted: true })) {
    const { quiet, now, chimes } = room(begun);
    Object.assign(quiet, { [name]: value });
    now(news);
    Object.assign(quiet, { hidden: true, muted: false });
    now(news);
    expect([name, chimes]).toEqual([name, []]);
  }
});
