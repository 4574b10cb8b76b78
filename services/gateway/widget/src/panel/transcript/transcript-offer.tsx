/** @jsxImportSource preact */
// The dialogue by mail, once somebody has answered: a quiet line that opens into one field. Where it goes is said until somebody writes again. Fetched with the first answer.
import { isEmail } from '@continuo/contracts/email';
import { useState } from 'preact/hooks';
import type { Client, State } from '../../client.ts';
import type { Texts } from '../../locales/en.ts';
import { EmailField } from '../email-field.tsx';
import { Icon } from '../icons.tsx';
import { toWrong } from '../keep-focus.ts';
import { askedFor } from './asked-for.ts';
import { transcriptWords } from './words.ts';

interface Props {
  client: Client;
  state: State;
  texts: Texts;
}

export function TranscriptOffer({ client, state, texts }: Props) {
  const { waits, goesTo, refused } = askedFor(state);
  const [open, setOpen] = useState(false);
  const [value, setValue] = useState<string>();
  const [tried, setTried] = useState(false);
  const words = transcriptWords(document.documentElement.lang);
  const email = value ?? refused?.to ?? state.known.transcript?.contact.email ?? '';

  if (!open && goesTo !== undefined)
    return (
      <p class="co-sys" role="status">
        <Icon name={waits ? 'clock' : 'mail'} size="sm" />
        <span>{words.goesTo(goesTo)}</span>
      </p>
    );
  if (!open && !refused)
    return (
      <button type="button" class="co-quiet" onClick={() => setOpen(true)}>
        <Icon name="mail" size="sm" />
        {words.offer}
      </button>
    );
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!isEmail(email.trim())) return toWrong(event.currentTarget as HTMLElement);
    if (refused) client.change(refused.id);
    client.post({ kind: 'transcript', to: email.trim() });
    setOpen(false);
    setTried(false);
  };
  return (
    <form class="co-card" noValidate onSubmit={submit}>
      <h3>{words.offer}</h3>
      <p>{words.once}</p>
      <EmailField {...{ texts, tried }} value={email} focus={open} onValue={setValue} />
      {refused && (
        <p class="co-hint bad" role="alert">
          {refused.refusal === 'enough-mails' ? words.enough : texts.failed}
        </p>
      )}
      <button type="submit" class="co-btn wide">
        {texts.send}
      </button>
    </form>
  );
}
