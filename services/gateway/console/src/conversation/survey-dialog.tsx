// Where an agent chooses one of his site's surveys and says what he says to it. What the visitor gets stands below.
import type { Survey } from '@continuo/contracts';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { MAX_TEXT } from '../session/protocol.ts';
import { SurveyQuestions } from './survey.tsx';

interface Props {
  surveys: readonly Survey[];
  words: string;
  onWords(words: string): void;
  onSend(survey: Survey): void;
  onClose(): void;
}

export function SurveyDialog({ surveys, words, onWords, onSend, onClose }: Props) {
  const { t } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [chosen, setChosen] = useState(surveys[0]);
  const [wordless, setWordless] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const texts = t.survey;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const text = words.trim();
    if (text === '' || text.length > MAX_TEXT) return setWordless(true);
    if (!chosen) return;
    onSend(chosen);
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} className="k-dialog k-mcard" aria-labelledby={`${id}-title`} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="fx">
          <h2 id={`${id}-title`} className="gr">
            {texts.title}
          </h2>
          <button type="button" className="k-ib" aria-label={t.close} onClick={() => dialog.current?.close()}>
            <Icon name="cross" />
          </button>
        </div>
        <label>
          <span className="xs q2">{texts.which}</span>
          <select
            className="k-in"
            value={chosen?.id}
            onChange={(event) => setChosen(surveys.find((one) => one.id === event.target.value))}
          >
            {surveys.map((one) => (
              <option key={one.id} value={one.id}>
                {one.title}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="xs q2">{t.messageCard.words}</span>
          <textarea
            className="k-in"
            rows={2}
            dir="auto"
            required
            value={words}
            aria-invalid={wordless || undefined}
            aria-describedby={id}
            onChange={(event) => {
              setWordless(false);
              onWords(event.target.value);
            }}
          />
        </label>
        <p id={id} className="smt bad" role="alert">
          {wordless && t.messageCard.faults.words}
        </p>
        {chosen && (
          <section aria-label={t.messageCard.preview}>
            <div className="xs q2">{t.messageCard.preview}</div>
            <div className="k-b me" dir="auto">
              {words.trim()}
              <SurveyQuestions survey={chosen} />
            </div>
          </section>
        )}
        <div className="fx foot">
          <button type="button" className="k-btn" onClick={() => dialog.current?.close()}>
            {t.cancel}
          </button>
          <button type="submit" className="k-btn pri">
            {t.dialogue.send}
          </button>
        </div>
      </form>
    </dialog>
  );
}
