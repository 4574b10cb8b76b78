// What a visitor has said in a survey is never less than what he has chosen and typed.
import { expect, test } from '@jest/globals';
import { atStart, onward, STOPPED_AFTER_MS, saidIn, saying, stopsIn } from './progress.ts';

test('each answer is kept at its place, another one takes its place until he goes on; a question may be left out', () => {
  let progress = saying(saying(atStart(1), { place: 1, score: 2 }, 2), { place: 1, score: 4 }, 3);
  expect(saidIn(progress)).toEqual([{ place: 1, score: 4 }]);
  progress = onward(onward(progress, 4), 5);
  expect(progress).toEqual({ place: 3, answers: [{ place: 1, score: 4 }], at: 5 });
  progress = saying(progress, { place: 3, text: 'by daylight' }, 6);
  expect(saidIn(progress)).toEqual([
    { place: 1, score: 4 },
    { place: 3, text: 'by daylight' },
  ]);
  expect(saidIn(saying(progress, { place: 3, text: ' \n' }, 7))).toEqual([{ place: 1, score: 4 }]);
});

test('whoever has said something and then nothing for long has stopped; whoever has said nothing loses nothing', () => {
  expect(stopsIn(onward(atStart(0), 0), STOPPED_AFTER_MS * 2)).toBeUndefined();
  const begun = saying(atStart(0), { place: 1, score: 4 }, 1_000);
  expect(stopsIn(begun, 1_000)).toBe(STOPPED_AFTER_MS);
  expect(stopsIn(begun, STOPPED_AFTER_MS * 2)).toBe(0);
});
