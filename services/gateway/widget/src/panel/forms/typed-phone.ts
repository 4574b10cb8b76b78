// A phone number as the visitor types it: without + it is meant to be where he is at home, by the language that he speaks. Pure.
import type { TypedPhone } from '../../outbox.ts';

/** Where a number without + is meant to be: the region of the visitor's language, unless that is wider than a country (`es-419`). */
export function homeOf(region: string): string {
  const home = new Intl.Locale(region).maximize().region ?? '';
  return home.length === 2 ? home : '';
}

/** As it is handed on. */
export function typedPhone(phone: string, region: string): TypedPhone {
  const country = homeOf(region);
  return { phone, ...(country && { country }) };
}
