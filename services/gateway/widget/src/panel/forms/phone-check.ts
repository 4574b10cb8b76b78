// Whether a number can be called, by the same library as at the gateway's back. It weighs more than the whole panel, so it is fetched while a number is typed.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** @returns the country that it belongs to ('' where several share a code), or undefined for what cannot be called */
export function countryOf(typed: string, home: string): string | undefined {
  const found = parsePhoneNumberFromString(typed, isSupportedCountry(home) ? (home as CountryCode) : undefined);
  return found?.isValid() && !found.ext ? (found.country ?? '') : undefined;
}
