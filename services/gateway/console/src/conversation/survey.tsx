// A survey in the log: its questions under the words that ask them, and what the visitor answered.
import type { Survey, SurveyAnswer } from '@continuo/contracts';
import type { Transcript } from '@continuo/transcript';
import { useTexts } from '../locales/use-texts.ts';
import { shortName } from '../parts/face.tsx';
import type { LogEntry } from './log.ts';

export function SurveyQuestions({ survey: { title, questions } }: { survey: Survey }) {
  const { t } = useTexts();
  return (
    <div className="k-survey">
      <b>{title}</b>
      <ol aria-label={t.survey.questions}>
        {questions.map((asked, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the questions of a message never change
          <li key={index}>
            {asked.question}
            <small>{asked.kind === 'choice' ? asked.options.join(' · ') : t.survey.kinds[asked.kind]}</small>
          </li>
        ))}
      </ol>
    </div>
  );
}

export function SurveyAnswers(props: { entry: Extract<LogEntry, { kind: 'answers' }>; transcript: Transcript }) {
  const { t, f } = useTexts();
  const { title, answers, at } = props.entry;
  const name = shortName(props.transcript.visitor, props.transcript.contact, t);
  return (
    <div className="k-answers">
      <div className="k-mark">
        <span>{answers.length > 0 ? t.survey.answered(name, title) : t.survey.declined(name, title)}</span>
        <span className="num">{f.time(at)}</span>
      </div>
      {answers.length > 0 && (
        <dl>
          {answers.map((answer) => (
            <div key={answer.place} dir="auto">
              <dt>{answer.question}</dt>
              <dd>{wordsOf(answer, t.survey.score)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const wordsOf = (answer: SurveyAnswer, score: (of: number) => string): string =>
  answer.kind === 'scale' ? score(answer.score) : answer.kind === 'choice' ? answer.option : answer.text;
