// What a visitor gets who asked for his dialogue.
import { expect, test } from '@jest/globals';
import {
  answered,
  asked,
  CONVERSATION,
  dialogue,
  IVO,
  type Line,
  site,
  started,
  VISITOR,
} from '../../test/dialogue.ts';
import { transcriptIdOf } from './thread.ts';
import { composeTranscript } from './transcript-letter.ts';

const mail = { to: 'elena@arka.example', messageId: transcriptIdOf(CONVERSATION, 5, site.mail.fromAddress) };
const letter = (...lines: Parameters<typeof dialogue>) => letterOf(site, ...lines);
const letterOf = (its: typeof site, ...lines: Parameters<typeof dialogue>) =>
  composeTranscript({ transcript: dialogue(...lines), mail, site: its, timeZone: 'UTC' });

test('times are by the clock of the site, where its hours name one', () => {
  const there = { ...site, hours: { timeZone: 'Asia/Yerevan', week: {} } };
  expect(letterOf(there, started('one', { language: 'en' })).text).toContain('You, 1 January at 04:00 GMT+4');
  expect(letterOf(site, started('one', { language: 'en' })).text).toContain('You, 1 January at 00:00 UTC');
});

test('everything stands in it in its order, each run of one person under his name, nothing as markup', () => {
  const { text, html, subject, messageId } = letter(
    started('<b>one</b>', { language: 'en', page: 'https://nordhem.example/desks' }),
    asked('two'),
    answered('three'),
    answered('four', IVO),
    asked('five'),
  );
  expect(subject).toBe('Your conversation with Nordhem [№ 4K7Q-2M9X]');
  expect(messageId).toBe(`<${CONVERSATION}.t5@nordhem.example>`);
  expect(text.split('\n').filter((line) => /^(You,|Анна|Ivo|<b>|two|three|four|five)/.test(line))).toEqual([
    'You, 1 January at 00:00 UTC',
    '<b>one</b>',
    'two',
    'Анна Петрова (Nordhem), 1 January at 00:00 UTC',
    'three',
    'Ivo (Nordhem), 1 January at 00:00 UTC',
    'four',
    'You, 1 January at 00:00 UTC',
    'five',
  ]);
  expect(text).toContain('https://nordhem.example/desks');
  expect(html).toContain('&lt;b&gt;one&lt;/b&gt;');
  expect(html).not.toContain('<b>one</b>');
});

test('what a survey asked and what was answered stands in it with the words of the questions', () => {
  const survey = {
    id: 'after',
    title: 'Your order',
    questions: [{ kind: 'scale' as const, question: 'Was it easy?' }],
  };
  const question = answered('A question');
  const said = (answers: object[]): Line => ({
    type: 'survey-answered',
    data: { by: VISITOR, message: 2, title: 'Your order', answers } as never,
  });
  const { text } = letter(
    started('one', { language: 'en' }),
    { ...question, data: { ...question.data, survey } as never },
    said([{ kind: 'scale', place: 1, question: 'Was it easy?', score: 4 }]),
  );
  expect(text).toContain('A question\nSurvey: “Your order”\n1. Was it easy? (1–5)\n');
  expect(text).toMatch(/You, .*\s*\nYour order\nWas it easy\? — 4\/5\s*\n/);
  const { text: declined } = letter(started('one', { language: 'en' }), question, said([]));
  expect(declined).not.toContain('Your order');
});

test('of a very long dialogue the latest messages go, and it says so', () => {
  const long = Array.from({ length: 80 }, (_, index) => answered(`${index} ${'x'.repeat(4990)}`));
  const { text } = letter(started('the beginning', { language: 'en' }), ...long, asked('the end'));
  expect(text).toContain('the end');
  expect(text).not.toContain('the beginning');
  expect(text).toContain('The conversation is long: what was said before stands in the chat window.');
  expect(text.length).toBeLessThan(400_000);
});
