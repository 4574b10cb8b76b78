/** @jsxImportSource preact */
// A survey below the words that ask for it: one question after the other, each may be left out, and the whole at any time. What is answered lies on the device
// until it goes out, all at once. A file of its own: most dialogues hold none.
import type { GivenAnswer, Survey, SurveyAnswer, SurveyQuestion } from '@continuo/contracts';
import type { TranscriptMessage } from '@continuo/transcript';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Client } from '../../client.ts';
import { deviceStorage, openKeep } from '../../keep.ts';
import type { Texts } from '../../locales/en.ts';
import { adopt } from '../adopt.ts';
import { RETRY } from '../after.tsx';
import { Icon } from '../icons.tsx';
import { outcomeOf } from './outcome.ts';
import { atStart, onward, type Progress, saidIn, saying, stopsIn } from './progress.ts';
import styles from './survey.css?inline';
import { surveyWords } from './words.ts';

adopt(styles);

const SCORES = [1, 2, 3, 4, 5];
const LONGEST = 1000;

interface Props {
  client: Client;
  message: TranscriptMessage & { survey: Survey };
  texts: Texts;
}

export function SurveyView({ client, message, texts }: Props) {
  const { stored, parcel } = outcomeOf(message.number, client.state());
  const [twice, setTwice] = useState(false);
  const words = surveyWords(document.documentElement.lang);
  const late = stored && parcel?.refusal !== undefined ? parcel.id : undefined;
  // It was answered elsewhere meanwhile.
  useEffect(() => {
    if (!late) return;
    setTwice(true);
    client.change(late);
  }, [late]);
  if (parcel?.refusal !== undefined && !stored)
    return (
      <p class="co-fail bad">
        {parcel.refusal === 'already-answered' ? words.already : texts.failed}
        <button type="button" onClick={() => client.sendAgain(parcel.id)}>
          <Icon name={RETRY} size="sm" />
          {texts.sendAgain}
        </button>
      </p>
    );
  const said = stored ?? parcel?.said.answers;
  if (!said) return <Questions {...{ client, message, texts }} />;
  return (
    <div class="co-survey">
      <p class="co-sys" role="status">
        <Icon name={stored ? 'check' : 'clock'} size="sm" />
        {twice ? words.already : said.length > 0 ? texts.rating.thanks : words.declined}
      </p>
      {stored && stored.length > 0 && <Said {...{ stored, texts }} />}
    </div>
  );
}

function Said({ stored, texts }: { stored: readonly SurveyAnswer[]; texts: Texts }) {
  const wordsOf = (answer: SurveyAnswer) =>
    answer.kind === 'scale' ? texts.rating.of(answer.score) : answer.kind === 'choice' ? answer.option : answer.text;
  return (
    <dl dir="auto">
      {stored.map((answer) => (
        <div key={answer.place}>
          <dt>{answer.question}</dt>
          <dd>{wordsOf(answer)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Questions({ client, message: { id, number, survey }, texts }: Props) {
  const keep = useRef(openKeep(client.state().known.site?.id ?? '', deviceStorage())).current;
  const place = `survey:${id}`;
  const [progress, setProgress] = useState(() => keep.read<Progress>(place) ?? atStart(Date.now()));
  const form = useRef<HTMLFormElement>(null);
  const first = useRef(progress.place);
  const words = surveyWords(document.documentElement.lang);
  const { questions, title } = survey;
  const question = questions[progress.place - 1] as SurveyQuestion;
  const said = saidIn(progress);

  const go = (to: Progress) => {
    keep.write(place, to);
    setProgress(to);
  };
  const finish = () => {
    keep.write(place, undefined);
    client.post({ kind: 'survey', said: { message: number, answers: said } });
  };
  // Whoever asks with the keyboard or a reader is told the next question; nobody's field is taken away by the first.
  useLayoutEffect(() => {
    if (progress.place !== first.current) form.current?.querySelector('fieldset')?.focus();
    first.current = progress.place;
  }, [progress.place]);
  useEffect(() => {
    const wait = stopsIn(progress, Date.now());
    if (wait === undefined) return;
    // Another tab may have sent it.
    const timer = setTimeout(() => keep.read(place) && finish(), wait);
    return () => clearTimeout(timer);
  });

  return (
    <form
      class="co-card co-survey"
      aria-label={title}
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (progress.place < questions.length) go(onward(progress, Date.now()));
        else finish();
      }}
    >
      <h3 dir="auto">{title}</h3>
      {questions.length > 1 && <p>{words.step(progress.place, questions.length)}</p>}
      <fieldset key={progress.place} tabIndex={-1}>
        <legend dir="auto">{question.question}</legend>
        <Field
          {...{ question, texts, place: progress.place, now: progress.now, scale: words.scale }}
          onSay={(now) => go(saying(progress, now, Date.now()))}
        />
      </fieldset>
      <div class="co-sv-foot">
        <button type="submit" class="co-btn">
          {!progress.now ? words.skip : progress.place < questions.length ? words.next : texts.send}
        </button>
        {progress.place < questions.length && (
          <button type="button" class="co-quiet" onClick={finish}>
            {said.length > 0 ? words.stop : words.no}
          </button>
        )}
      </div>
    </form>
  );
}

interface FieldProps {
  question: SurveyQuestion;
  texts: Texts;
  place: number;
  now: GivenAnswer | undefined;
  scale: string;
  onSay(answer: GivenAnswer): void;
}

function Field({ question, texts, place, now, scale, onSay }: FieldProps) {
  const name = useId();
  if (question.kind === 'text')
    return (
      <textarea
        rows={3}
        dir="auto"
        maxLength={LONGEST}
        aria-label={question.question}
        value={now && 'text' in now ? now.text : ''}
        onInput={({ currentTarget }) => onSay({ place, text: currentTarget.value })}
      />
    );
  if (question.kind === 'choice')
    return (
      <>
        {question.options.map((option, index) => (
          <label key={option} class="co-sv-option" dir="auto">
            <input
              type="radio"
              name={name}
              checked={now && 'option' in now && now.option === index + 1}
              onChange={() => onSay({ place, option: index + 1 })}
            />
            {option}
          </label>
        ))}
      </>
    );
  return (
    <>
      <div class="co-sv-scale">
        {SCORES.map((score) => (
          <label key={score}>
            <input
              type="radio"
              name={name}
              aria-label={texts.rating.of(score)}
              checked={now && 'score' in now && now.score === score}
              onChange={() => onSay({ place, score })}
            />
            {score}
          </label>
        ))}
      </div>
      <p>{scale}</p>
    </>
  );
}
