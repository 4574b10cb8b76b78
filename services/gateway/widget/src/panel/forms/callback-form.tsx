/** @jsxImportSource preact */
// The visitor wants to be called: a number and a time, in his own zone, inside the working hours of the site. He has asked for this form himself; it never stands
// in the way of writing. The button repeats what will happen.
import type { VisitorWelcome } from '@continuo/contracts/frames';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Texts } from '../../locales/en.ts';
import type { Call } from '../../outbox.ts';
import { Icon } from '../icons.tsx';
import { toWrong } from '../keep-focus.ts';
import type { Times } from '../times.ts';
import { windowsFrom } from './moments.ts';
import { PhoneField, usePhone } from './phone-field.tsx';
import { typedPhone } from './typed-phone.ts';
import type { FormTexts } from './words/forms-en.ts';

interface Props {
  texts: Texts;
  words: FormTexts;
  times: Times;
  region: string;
  now: number;
  site: VisitorWelcome['site'] | undefined;
  /** What he asked for before, or the number that he has typed elsewhere. */
  before: Pick<Call, 'phone' | 'topic'>;
  onAsk(call: Call): void;
  onBack(): void;
}
const LONGEST_TOPIC = 500;

export function CallbackForm({ texts, words, times, region, now, site, before, onAsk, onBack }: Props) {
  const name = useId();
  const [phone, setPhone] = useState(before.phone);
  const [topic, setTopic] = useState(before.topic ?? '');
  const [chosen, setChosen] = useState(0);
  const [tried, setTried] = useState(false);
  // Offered once: a choice that moves under the hand is none.
  const [windows] = useState(() => [undefined, ...windowsFrom(site?.hours, now)]);
  const { judge } = usePhone(phone, region);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.focus(), []);
  const label = (window: Call['window']) => (window ? times.window(window) : words.soon);
  const window = windows[chosen];

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    const about = topic.trim();
    if (await judge())
      onAsk({
        ...typedPhone(phone.trim(), region),
        ...(window && { window }),
        ...(about && { topic: about }),
      });
    else toWrong(form.current);
  };
  return (
    <form class="co-form" ref={form} tabIndex={-1} aria-label={texts.callMe} noValidate onSubmit={submit}>
      <button type="button" class="co-quiet" onClick={onBack}>
        <Icon name="M12.2 5l-5 5 5 5" size="sm" />
        {words.toChat}
      </button>
      <fieldset class="co-chips">
        <legend>{words.when}</legend>
        {windows.map((one, index) => (
          <label key={one?.from ?? 0} class={`co-chip${index === chosen ? ' on' : ''}`}>
            <input type="radio" name={name} checked={index === chosen} onChange={() => setChosen(index)} />
            {label(one)}
          </label>
        ))}
      </fieldset>
      <PhoneField {...{ words, region, tried }} value={phone} onValue={setPhone} />
      <div class="co-f">
        <label for={`${name}-about`}>
          {words.about} <em>{words.optional}</em>
        </label>
        <div class="co-in area">
          <textarea
            id={`${name}-about`}
            rows={2}
            dir="auto"
            maxLength={LONGEST_TOPIC}
            value={topic}
            onInput={({ currentTarget }) => setTopic(currentTarget.value)}
          />
        </div>
      </div>
      <div class="co-push">
        <button type="submit" class="co-btn wide">
          {`${texts.callMe} (${label(window)})`}
        </button>
        <p class="co-legal">{words.local(times.clock(now))}</p>
      </div>
    </form>
  );
}
