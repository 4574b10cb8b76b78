/** @jsxImportSource preact */
// With nobody available: when somebody is back, the message, and one thing asked, the e-mail. It is shown only while the gateway says "offline", and what was
// typed here is kept outside of it, so nothing is lost when somebody comes.

import { isBlank } from '@continuo/contracts/blank';
import { isEmail } from '@continuo/contracts/email';
import type { VisitorWelcome } from '@continuo/contracts/frames';
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { Typed } from '../../drafts.ts';
import { LONGEST_TEXT } from '../../limits.ts';
import type { Texts } from '../../locales/en.ts';
import type { TypedPhone } from '../../outbox.ts';
import { EmailField } from '../email-field.tsx';
import { Icon } from '../icons.tsx';
import { toWrong } from '../keep-focus.ts';
import type { Times } from '../times.ts';
import { backIn } from './moments.ts';
import { PhoneField, usePhone } from './phone-field.tsx';
import { typedPhone } from './typed-phone.ts';
import type { FormTexts } from './words/forms-en.ts';

const LOCK =
  'M6.2 8.8h7.6a1.8 1.8 0 0 1 1.8 1.8v4a1.8 1.8 0 0 1-1.8 1.8H6.2a1.8 1.8 0 0 1-1.8-1.8v-4a1.8 1.8 0 0 1 1.8-1.8zM6.8 8.8V6.6a3.2 3.2 0 0 1 6.4 0v2.2';

interface Props {
  texts: Texts;
  words: FormTexts;
  times: Times;
  region: string;
  now: number;
  site: VisitorWelcome['site'] | undefined;
  typed: Typed;
  onType(change: Partial<Typed>): void;
  onLeave(text: string, email: string, phone: TypedPhone | undefined): void;
  /** Ways beside it. */
  children?: ComponentChildren;
}

/** When somebody is back, where the site has said so. */
export function Back({ words, times, region, now, site }: Pick<Props, 'words' | 'times' | 'region' | 'now' | 'site'>) {
  const back = backIn(times, region, site?.hours, now);
  if (!back) return null;
  return (
    <p class="co-back">
      <Icon name="clock" />
      <span>
        {words.back(back.here)}
        {back.there && <small>{back.there}</small>}
      </span>
    </p>
  );
}

export function OfflineForm(props: Props) {
  const { texts, words, times, region, now, site, typed, onType, onLeave, children } = props;
  const id = useId();
  const [tried, setTried] = useState(false);
  const text = typed.text.trim();
  const blank = isBlank(text);
  const over = text.length - LONGEST_TEXT;
  const email = typed.email.trim();
  const phone = typed.phone.trim();
  const { judge } = usePhone(phone, region);

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    const form = event.currentTarget as HTMLFormElement;
    const whole = !blank && over <= 0 && isEmail(email);
    if (whole && (phone === '' || (await judge())))
      onLeave(text, email, phone === '' ? undefined : typedPhone(phone, region));
    else toWrong(form);
  };
  return (
    <form class="co-form" noValidate onSubmit={submit}>
      <Back {...{ words, times, region, now, site }} />
      <h3>{texts.offline.title}</h3>
      <div class="co-f">
        <label for={id}>{texts.offline.message}</label>
        <div class="co-in area">
          <textarea
            id={id}
            rows={3}
            dir="auto"
            value={typed.text}
            aria-invalid={over > 0 || (tried && blank)}
            onInput={(event) => onType({ text: event.currentTarget.value })}
          />
        </div>
        {over > 0 && (
          <p class="co-hint bad" role="status">
            {texts.tooLong(over)}
          </p>
        )}
      </div>
      <EmailField {...{ texts, tried }} value={typed.email} onValue={(email) => onType({ email })} />
      <PhoneField {...{ words, region, tried }} value={typed.phone} optional onValue={(phone) => onType({ phone })} />
      <div class="co-push">
        <button type="submit" class="co-btn wide">
          {texts.offline.send}
        </button>
        <p class="co-legal">
          <Icon name={LOCK} />
          {texts.offline.only}
        </p>
        {children}
      </div>
    </form>
  );
}
