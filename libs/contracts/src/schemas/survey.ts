// A few short questions that an employee puts on his words, and what a visitor answers. The questions travel with the message that asks them and with the
// answers, so that a dialogue stays readable whatever becomes of the site's surveys.
import { z } from 'zod';

export const MAX_SURVEYS = 20;
export const MAX_QUESTIONS = 5;
export const MAX_OPTIONS = 6;
export const MAX_SURVEY_TITLE = 80;
export const MAX_QUESTION = 200;
export const MAX_OPTION = 60;
/** Characters (UTF-16 units) of an answer in the visitor's own words. */
export const MAX_OWN_ANSWER = 1000;

const line = (most: number) => {
  const words = `a text of 1 to ${most} characters is expected`;
  return z.string(words).trim().min(1, words).max(most, words).describe('one line');
};
const asked = line(MAX_QUESTION);
const option = line(MAX_OPTION);
const few = (least: number, most: number, what: string): string => `${least} to ${most} ${what} are expected`;

export const surveyQuestion = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('scale'), question: asked }),
    z.strictObject({
      kind: z.literal('choice'),
      question: asked,
      options: z
        .array(option)
        .min(2, few(2, MAX_OPTIONS, 'options'))
        .max(MAX_OPTIONS, few(2, MAX_OPTIONS, 'options'))
        .refine((options) => new Set(options).size === options.length, 'each option stands there once'),
    }),
    z.strictObject({ kind: z.literal('text'), question: asked }),
  ],
  'a question is of the kind `scale` (1 to 5), `choice` or `text`',
);
export const survey = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a name as `after-purchase` is expected: a-z, 0-9 and -, at most 40')
    .describe('of the survey among those of its site'),
  title: line(MAX_SURVEY_TITLE),
  questions: z
    .array(surveyQuestion)
    .min(1, few(1, MAX_QUESTIONS, 'questions'))
    .max(MAX_QUESTIONS, few(1, MAX_QUESTIONS, 'questions')),
});
/** Those that a site has. */
export const surveys = z
  .array(survey)
  .max(MAX_SURVEYS, `at most ${MAX_SURVEYS} surveys are kept`)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two surveys have the same id');

const place = z.int().min(1).max(MAX_QUESTIONS).describe('of the question, from 1');
export const surveyScore = z.int().min(1).max(5).describe('5 is most');
const ownWords = z.string().min(1).max(MAX_OWN_ANSWER);

/** As a visitor's device says it: the questions are known where it is decided. */
export const givenAnswer = z.union([
  z.strictObject({ place, score: surveyScore }),
  z.strictObject({ place, option: z.int().min(1).max(MAX_OPTIONS).describe('its place, from 1') }),
  z.strictObject({ place, text: ownWords }),
]);
/** As it is stored: readable by itself. */
export const surveyAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('scale'), place, question: asked, score: surveyScore }),
  z.strictObject({ kind: z.literal('choice'), place, question: asked, option }),
  z.strictObject({ kind: z.literal('text'), place, question: asked, text: ownWords }),
]);

export type Survey = z.infer<typeof survey>;
export type SurveyQuestion = z.infer<typeof surveyQuestion>;
export type GivenAnswer = z.infer<typeof givenAnswer>;
export type SurveyAnswer = z.infer<typeof surveyAnswer>;
