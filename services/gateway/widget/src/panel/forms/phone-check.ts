// Whether a number can be called, by the same library as at the gateway's back. It weighs more than the whole panel, so it is fetched while a number is typed.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** With what it takes to name a country. */
export async function openCheck(): Promise<typeof countryOf> {
  if (document.documentElement.lang === 'hy' && !Intl.DisplayNames.supportedLocalesOf('hy')[0])
    await import('../intl/armenian-countries.ts');
  return countryOf;
}

/** @returns the country that it belongs to ('' where several share a code), or undefined for what cannot be called */
function countryOf(typed: string, home: string): string | undefined {
  const found = parsePhoneNumberFromString(typed, isSupportedCountry(home) ? (home as CountryCode) : undefined);
  return found?.isValid() && !found.ext ? (found.country ?? '') : undefined;
}
