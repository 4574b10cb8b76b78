/** @jsxImportSource preact */
// One phone field with its label. The number is looked at while it is typed, and what is wrong with it is said once the visitor has tried to go on. Where the
// check cannot be fetched, the gateway judges alone.
import { useEffect, useId, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { homeOf } from './typed-phone.ts';
import type { FormTexts } from './words/forms-en.ts';

interface Props {
  words: FormTexts;
  region: string;
  value: string;
  tried: boolean;
  optional?: boolean;
  onValue(value: string): void;
}
type Check = Awaited<ReturnType<typeof import('./phone-check.ts')['openCheck']>>;
export interface Judged {
  /** False only for what surely cannot be called, as far as it is known now. */
  good: boolean;
  country?: string | undefined;
  /** Waits for the check that is on its way. */
  judge(): Promise<boolean>;
}

const fetchCheck = (): Promise<Check | undefined> =>
  import('./phone-check.ts').then(({ openCheck }) => openCheck()).catch(() => undefined);

export function usePhone(value: string, region: string): Judged {
  const [check, setCheck] = useState<Check>();
  const typed = value.trim();
  const countryBy = (countryOf: Check | undefined) => countryOf?.(typed, homeOf(region));
  const goodBy = (countryOf: Check | undefined) =>
    countryOf ? countryBy(countryOf) !== undefined : typed.replace(/\D/g, '').length > 4;
  useEffect(() => {
    if (typed && !check) void fetchCheck().then((came) => came && setCheck(() => came));
  }, [typed !== '']);
  return {
    good: goodBy(check),
    country: countryBy(check),
    judge: async () => goodBy(check ?? (await fetchCheck())),
  };
}

export function PhoneField({ words, region, value, tried, optional, onValue }: Props) {
  const id = useId();
  const { good, country } = usePhone(value, region);
  const wrong = tried && !good && !(optional && value.trim() === '');
  return (
    <div class="co-f">
      <label for={id}>
        {words.phone} {optional && <em>{words.optional}</em>}
      </label>
      <div class={`co-in${wrong ? ' bad' : ''}`}>
        <input
          id={id}
          type="tel"
          inputMode="tel"
          autocomplete="tel"
          dir="ltr"
          maxLength={40}
          value={value}
          aria-invalid={wrong}
          aria-describedby={wrong || country ? `${id}-said` : undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        {country !== undefined && <Icon name="check" />}
      </div>
      {wrong ? (
        <p class="co-hint bad" id={`${id}-said`} role="alert">
          {words.phoneWrong}
        </p>
      ) : (
        country && (
          <p class="co-hint" id={`${id}-said`}>
            {new Intl.DisplayNames(region, { type: 'region' }).of(country)}
          </p>
        )
      )}
    </div>
  );
}
