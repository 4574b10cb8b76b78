/** @jsxImportSource preact */
// With nobody available: the message, and one thing asked, the e-mail. It is shown only while the gateway says "offline", and what was
// typed here is the same draft as in the composer, so nothing is lost when somebody comes.
import { useId, useState } from 'preact/hooks';
import { LONGEST_TEXT } from '../limits.ts';
import type { Texts } from '../locales/en.ts';
import { isEmail } from './email.ts';
import { EmailField } from './email-field.tsx';
import { Icon } from './icons.tsx';

interface Props {
  texts: Texts;
  draft: string;
  onDraft(text: string): void;
  onLeave(text: string, email: string): void;
}

export function OfflineForm({ texts, draft, onDraft, onLeave }: Props) {
  const id = useId();
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const text = draft.trim();
  const over = text.length - LONGEST_TEXT;

  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (text === '') document.getElementById(id)?.focus();
    else if (over <= 0 && isEmail(email.trim())) onLeave(text, email.trim());
  };
  return (
    <form class="co-form" noValidate onSubmit={submit}>
      <h3>{texts.offline.title}</h3>
      <div class="co-f">
        <label for={id}>{texts.offline.message}</label>
        <div class="co-in area">
          <textarea
            id={id}
            rows={3}
            dir="auto"
            value={draft}
            aria-invalid={tried && text === ''}
            onInput={(event) => onDraft(event.currentTarget.value)}
          />
        </div>
        {over > 0 && (
          <p class="co-hint bad" role="status">
            {texts.tooLong(over)}
          </p>
        )}
      </div>
      <EmailField {...{ texts, tried }} value={email} onValue={setEmail} />
      <div class="co-push">
        <button type="submit" class="co-btn pri wide">
          {texts.offline.send}
        </button>
        <p class="co-legal">
          <Icon name="lock" />
          {texts.offline.only}
        </p>
      </div>
    </form>
  );
}
