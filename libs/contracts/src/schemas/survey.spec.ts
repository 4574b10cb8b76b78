// Which surveys a site may keep, and that each fault is told in words an administrator understands.
import { expect, test } from '@jest/globals';
import { givenAnswer, surveys } from './survey.ts';

const scale = { kind: 'scale', question: 'How easy was it?' };
const choice = (options: string[]) => ({ kind: 'choice', question: 'What for?', options });
const one = (more: object = {}) => ({ id: 'after-purchase', title: 'Your order', questions: [scale], ...more });
const faultsOf = (given: unknown) => surveys.safeParse(given).error?.issues.map(({ message }) => message);

test('a survey has a name, a title and one to five questions of three kinds', () => {
  const questions = [scale, choice(['Home', 'Office']), { kind: 'text', question: 'What else?' }];
  expect(surveys.parse([one({ questions }), one({ id: 'b' })])).toHaveLength(2);
  expect(faultsOf([one(), one()])).toEqual(['two surveys have the same id']);
  expect(faultsOf([one({ id: 'After purchase' })])).toEqual([
    'a name as `after-purchase` is expected: a-z, 0-9 and -, at most 40',
  ]);
  for (const unfit of [[], Array.from({ length: 6 }, () => scale)])
    expect(faultsOf([one({ questions: unfit })])).toEqual(['1 to 5 questions are expected']);
  expect(faultsOf([one({ questions: [{ kind: 'stars', question: 'x' }] })])).toEqual([
    'a question is of the kind `scale` (1 to 5), `choice` or `text`',
  ]);
  expect(faultsOf([one({ questions: [choice(['Home'])] })])).toEqual(['2 to 6 options are expected']);
  expect(faultsOf([one({ questions: [choice([...'abcdefg'])] })])).toEqual(['2 to 6 options are expected']);
  expect(faultsOf([one({ questions: [choice(['Home', 'Home'])] })])).toEqual(['each option stands there once']);
  expect(faultsOf([one({ title: ' ' })])).toEqual(['a text of 1 to 80 characters is expected']);
  expect(faultsOf(Array.from({ length: 21 }, (_, index) => one({ id: `s${index}` })))).toEqual([
    'at most 20 surveys are kept',
  ]);
});

test('an answer is of one kind, and no longer than can be kept', () => {
  for (const fit of [
    { place: 1, score: 5 },
    { place: 2, option: 6 },
    { place: 5, text: 'a'.repeat(1000) },
  ])
    expect([fit, givenAnswer.safeParse(fit).success]).toEqual([fit, true]);
  for (const unfit of [
    { place: 1 },
    { place: 0, score: 1 },
    { place: 6, score: 1 },
    { place: 1, score: 6 },
    { place: 1, option: 7 },
    { place: 1, text: '' },
    { place: 1, text: 'a'.repeat(1001) },
    { place: 1, score: 1, text: 'x' },
  ])
    expect([unfit, givenAnswer.safeParse(unfit).success]).toEqual([unfit, false]);
});
