/** @jsxImportSource preact */
// All are busy: the visitor's place and an honest time, as far as either is known, and that writing is safe. It stands in the dialogue and blocks nothing.
import type { ComponentChildren } from 'preact';
import type { Knowledge } from '../../dialogue.ts';
import { lengthIn } from './moments.ts';
import type { FormTexts } from './words/forms-en.ts';

interface Props {
  words: FormTexts;
  region: string;
  /** Said while he has no place: he has not written yet. */
  busy: string;
  queue: Knowledge['queue'];
  /** Ways out. */
  children?: ComponentChildren;
}

export function Queue({ words, region, busy, queue, children }: Props) {
  const place = queue?.place ?? 0;
  const { format } = new Intl.NumberFormat(region);
  return (
    <div class="co-queue">
      <div role="status">
        <h3>{place === 0 ? busy : place === 1 ? words.first : words.place(format(place))}</h3>
        <p>
          {place > 0 && `${queue?.waitMs ? words.wait(lengthIn(region, queue.waitMs)) : words.waitUnknown} `}
          {words.kept}
        </p>
      </div>
      {place > 0 && place <= LONGEST_SHOWN && (
        <div class="co-qline" aria-hidden="true">
          {Array.from({ length: Math.max(place, 3) }, (_, index) => (
            <span key={index} class={index + 1 === place ? 'you' : ''}>
              {format(index + 1)}
            </span>
          ))}
        </div>
      )}
      {children}
    </div>
  );
}
/** People who fit on the line of a phone. */
const LONGEST_SHOWN = 5;
