// A survey as it may be sent: its words one line each that can be seen. And what a visitor answered, told with the words of its questions.
import type { GivenAnswer, Survey, SurveyAnswer, SurveyQuestion } from '@continuo/contracts';
import { cleaned, cleanedName } from './participants.ts';

/** @returns nothing where a title, a question or an option shows nothing */
export function cleanedSurvey({ id, title, questions }: Survey): Survey | undefined {
  const shown = questions.map((question): SurveyQuestion => {
    const asked = { ...question, question: cleanedName(question.question) };
    return asked.kind === 'choice' ? { ...asked, options: asked.options.map(cleanedName) } : asked;
  });
  const words = [title, ...shown.flatMap((one) => [one.question, ...(one.kind === 'choice' ? one.options : [])])];
  return words.every((word) => cleanedName(word)) ? { id, title: cleanedName(title), questions: shown } : undefined;
}

/** @returns nothing where an answer does not fit its question, or a question is answered twice. Own words that show nothing are no answer. */
export function answersTo({ questions }: Survey, given: readonly GivenAnswer[]): SurveyAnswer[] | undefined {
  const answers: SurveyAnswer[] = [];
  const places = new Set<number>();
  for (const one of [...given].sort((a, b) => a.place - b.place)) {
    const question = questions[one.place - 1];
    const answer = question && !places.has(one.place) && answerTo(question, one);
    if (!answer) return undefined;
    places.add(one.place);
    if (answer.kind !== 'text' || answer.text) answers.push(answer);
  }
  return answers;
}

function answerTo(asked: SurveyQuestion, given: GivenAnswer): SurveyAnswer | undefined {
  const { place } = given;
  const { question } = asked;
  if (asked.kind === 'scale' && 'score' in given) return { kind: 'scale', place, question, score: given.score };
  if (asked.kind === 'text' && 'text' in given) return { kind: 'text', place, question, text: cleaned(given.text) };
  const option = asked.kind === 'choice' && 'option' in given && asked.options[given.option - 1];
  return option ? { kind: 'choice', place, question, option } : undefined;
}
