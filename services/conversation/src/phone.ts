// Phone numbers as people type them, made into what can be called. Google's metadata in the small build: lengths and patterns of every country.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** @returns E.164, or undefined for what cannot be called; `country` is where a number without + is meant to be */
export function callable(typed: string, country: string | undefined): string | undefined {
  const home: CountryCode | undefined = country !== undefined && isSupportedCountry(country) ? country : undefined;
  const found = parsePhoneNumberFromString(typed, home);
  return found?.isValid() && !found.ext ? found.number : undefined;
}
