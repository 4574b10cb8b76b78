/** @jsxImportSource preact */
// After the end: how well the visitor was helped, one to five, and in words if he likes. Asked once for each end; nothing waits for it.
import { useId, useState } from 'preact/hooks';
import type { State } from '../client.ts';
import type { Texts } from '../locales/en.ts';
import { adopt } from './adopt.ts';
import { Icon } from './icons.tsx';
import { ratingAsked } from './rated.ts';
import styles from './styles/rating.css?inline';

adopt(styles);

const SCORES = [1, 2, 3, 4, 5];
const LONGEST = 1000;
const STAR = 'M10 2.9l2.2 4.6 5 .7-3.6 3.5.8 5-4.4-2.4-4.4 2.4.8-5L2.8 8.2l5-.7z';

export function Rating({ texts, state, onRate }: { texts: Texts; state: State; onRate(s: number, c: string): void }) {
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState('');
  const name = useId();
  const asked = ratingAsked(state);
  if (!asked) return null;
  const { rating } = texts;
  if (asked.done)
    return (
      <p class="co-sys" role="status">
        <Icon name="check" size="sm" />
        {rating.thanks}
      </p>
    );
  const send = (event: Event) => {
    event.preventDefault();
    if (score > 0) onRate(score, comment.trim());
  };
  const label = (n: number) => `${rating.of(n)} · ${rating.words[n - 1]}`;
  return (
    <form class="co-rating" onSubmit={send}>
      <fieldset>
        <legend>{rating.ask(asked.agent ?? texts.somebody)}</legend>
        <div class="co-stars">
          {SCORES.map((n) => (
            <label key={n} class={n <= score ? 'on' : ''}>
              <input
                type="radio"
                name={name}
                value={n}
                checked={n === score}
                aria-label={label(n)}
                onChange={() => setScore(n)}
              />
              <Icon name={STAR} />
            </label>
          ))}
        </div>
        <p aria-hidden="true">{score > 0 ? label(score) : '\u00a0'}</p>
      </fieldset>
      {score > 0 && (
        <>
          <textarea
            rows={2}
            maxLength={LONGEST}
            aria-label={rating.comment}
            placeholder={rating.comment}
            value={comment}
            onInput={({ currentTarget }) => setComment(currentTarget.value)}
          />
          <button type="submit" class="co-btn wide">
            {texts.send}
          </button>
        </>
      )}
    </form>
  );
}
