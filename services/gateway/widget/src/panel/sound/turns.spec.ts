import { expect, test } from '@jest/globals';
import { givenStorage, SITE } from '../../given.ts';
import { openKeep } from '../../keep.ts';
import { soundOnce } from './turns.ts';

/** Tabs of one device, each with its own view of what is kept, in the order in which they hear of a message. */
function givenTabs(...maySound: boolean[]) {
  const storage = givenStorage();
  const sounded: number[] = [];
  const hear = (number: number, conversation = 'c'): Promise<unknown> =>
    Promise.all(
      maySound.map((may, tab) =>
        soundOnce(openKeep(SITE, storage), navigator.locks, { conversation, number }, async () => {
          if (may) sounded.push(tab);
          return may;
        }),
      ),
    );
  return { sounded, hear };
}

test('one tab sounds for a message, and a tab that may not keeps none from it', async () => {
  const { sounded, hear } = givenTabs(false, true, true);
  await hear(2);
  expect(sounded).toEqual([1]);
});

test('each message sounds, also one right after the other, none later again, and a new dialogue begins anew', async () => {
  const { sounded, hear } = givenTabs(true, true);
  await Promise.all([hear(2), hear(3)]);
  await hear(3);
  expect(sounded).toHaveLength(2);
  await hear(1, 'next');
  expect(sounded).toHaveLength(3);
});

test('where no tab may sound none does, and the next message is tried anew', async () => {
  const { sounded, hear } = givenTabs(false, false);
  await hear(2);
  await hear(3);
  expect(sounded).toEqual([]);
});
