/** @jsxImportSource preact */
// One e-mail field with its label; what is wrong with the address is said below it once the visitor has tried to go on.
import { isEmail } from '@continuo/contracts/email';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { Texts } from '../locales/en.ts';
import { adopt } from './adopt.ts';
import { Icon } from './icons.tsx';
import styles from './styles/fields.css?inline';

adopt(styles);

interface Props {
  texts: Texts;
  value: string;
  tried: boolean;
  /** The visitor has just asked for the field. */
  focus?: boolean;
  onValue(value: string): void;
}

export function EmailField({ texts, value, tried, focus, onValue }: Props) {
  const id = useId();
  const good = isEmail(value.trim());
  const wrong = tried && !good;
  const field = useRef<HTMLInputElement>(null);
  // At once, so that the keyboard is nowhere in between.
  useLayoutEffect(() => {
    if (focus) field.current?.focus();
  }, [focus]);
  return (
    <div class="co-f">
      <label for={id}>{texts.mail.label}</label>
      <div class={`co-in${wrong ? ' bad' : ''}`}>
        <input
          ref={field}
          id={id}
          type="email"
          inputMode="email"
          autocomplete="email"
          placeholder="name@example.com"
          value={value}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        {good && <Icon name="check" />}
      </div>
      {wrong && (
        <p class="co-hint bad" id={`${id}-wrong`} role="alert">
          {texts.mail.wrong}
        </p>
      )}
    </div>
  );
}
