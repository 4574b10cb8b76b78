/** @jsxImportSource preact */
// The offer to be answered by e-mail as well: a quiet line inside the dialogue that opens into one field. It never stands before writing. An address that was typed
// before stands in it, and goes nowhere unless he says so.
import { isEmail } from '@continuo/contracts/email';
import { useState } from 'preact/hooks';
import type { Texts } from '../locales/en.ts';
import { EmailField } from './email-field.tsx';
import { Icon } from './icons.tsx';
import { toWrong } from './keep-focus.ts';

interface Props {
  texts: Texts;
  /** Said above the field when nobody answers soon; then it stands open by itself. */
  urgent: string | false | undefined;
  email: string;
  onType(email: string): void;
  onEmail(email: string): void;
}

export function EmailOffer({ texts, urgent, email, onType, onEmail }: Props) {
  const [asked, setAsked] = useState(false);
  const [found] = useState(email !== '');
  const [tried, setTried] = useState(false);

  if (!asked && !found && !urgent)
    return (
      <button type="button" class="co-quiet" onClick={() => setAsked(true)}>
        <Icon name="mail" size="sm" />
        {texts.mail.offer}
      </button>
    );
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (isEmail(email.trim())) onEmail(email.trim());
    else toWrong(event.currentTarget as HTMLElement);
  };
  return (
    <form class="co-card" noValidate onSubmit={submit}>
      {urgent && <h3>{urgent}</h3>}
      <p>{texts.mail.leave}</p>
      <EmailField {...{ texts, tried }} value={email} focus={asked} onValue={onType} />
      <button type="submit" class="co-btn wide">
        {texts.mail.save}
      </button>
    </form>
  );
}
