/** @jsxImportSource preact */
// What an employee puts on his words: a picture and a title above them, buttons below.
import type { Card } from '@continuo/contracts';
import type { TranscriptMessage } from '@continuo/transcript';
import { useState } from 'preact/hooks';
import type { Client } from '../../client.ts';
import { Icon } from '../icons.tsx';
import styles from './card.css?inline';
import { chosenOn } from './chosen.ts';
import { cardWords } from './words.ts';

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

export function Top({ card: { title, picture } }: { card: Card }) {
  const [broken, setBroken] = useState(false);
  return (
    <>
      {picture && !broken && (
        // The words beside it say what it shows; its place is there before it is.
        <img class="co-kpic" alt="" src={picture} referrerpolicy="no-referrer" onError={() => setBroken(true)} />
      )}
      {title && (
        <b class="co-ktitle" dir="auto">
          {title}
        </b>
      )}
    </>
  );
}

interface ButtonsProps {
  client: Client;
  card: Card;
  message: Pick<TranscriptMessage, 'number' | 'text'>;
}

/** Those that the visitor says are answered once; after that they show what he chose, and keep the keyboard's place. */
export function Buttons({ client, card, message: { number, text } }: ButtonsProps) {
  if (!card.buttons) return null;
  const chosen = chosenOn(number, client.state());
  const words = cardWords(document.documentElement.lang);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset belongs to a form
    <div class="co-chips" role="group" aria-label={card.title ?? text}>
      {card.buttons.map(({ label, link }, index) =>
        link ? (
          <a key={index} class="co-chip" href={link} target="_blank" rel="noopener noreferrer nofollow" dir="auto">
            {label}
            <span class="sr">{` (${words.opens})`}</span>
            <svg class="i sm" viewBox="0 0 20 20" aria-hidden="true">
              <path d="M11.5 4H16v4.500M16 4l-7 7M13 11.500V16H4V7h4.5" />
            </svg>
          </a>
        ) : (
          <button
            key={index}
            type="button"
            class={`co-chip${chosen === index + 1 ? ' on' : ''}`}
            dir="auto"
            aria-disabled={chosen !== undefined}
            onClick={() =>
              chosen === undefined &&
              client.post({ kind: 'message', text: label, pressed: { message: number, button: index + 1 } })
            }
          >
            {chosen === index + 1 && <Icon name="check" size="sm" />}
            {label}
            {chosen === index + 1 && <span class="sr">{` (${words.chosen})`}</span>}
          </button>
        ),
      )}
    </div>
  );
}
