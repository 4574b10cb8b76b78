// A card while it is made: what was typed into its fields, and what it is to become. Pure.
import type { Card, CardButton } from '@continuo/contracts';

export interface ButtonDraft {
  key: string;
  label: string;
  link: string;
}
export interface CardDraft {
  title: string;
  picture: string;
  buttons: readonly ButtonDraft[];
}
export const emptyCard = (newKey: () => string): CardDraft => ({
  title: '',
  picture: '',
  buttons: [{ key: newKey(), label: '', link: '' }],
});

/** `button`: the key of the one that is meant. */
export type CardFault = { field: 'picture' } | { field: 'label' | 'link'; button: string };

/**
 * @returns the card, or where it cannot be one; nothing when nothing is on it. Buttons of which nothing was typed are none.
 */
export function cardOf({ title, picture, buttons }: CardDraft): { card?: Card; fault?: CardFault } {
  const made: CardButton[] = [];
  for (const { key, label, link } of buttons) {
    if (label.trim() === '' && link.trim() === '') continue;
    if (label.trim() === '') return { fault: { field: 'label', button: key } };
    const address = link.trim() === '' ? undefined : webAddress(link);
    if (address === null) return { fault: { field: 'link', button: key } };
    made.push({ label: label.trim(), ...(address !== undefined && { link: address }) });
  }
  const shown = picture.trim() === '' ? undefined : webAddress(picture);
  if (shown === null) return { fault: { field: 'picture' } };
  const card: Card = {
    ...(title.trim() !== '' && { title: title.trim() }),
    ...(shown !== undefined && { picture: shown }),
    ...(made.length > 0 && { buttons: made }),
  };
  return Object.keys(card).length > 0 ? { card } : {};
}

/** An address as people type it, with or without https:// before it; null when it cannot be one over https, or names a password. */
export function webAddress(typed: string): string | null {
  const words = typed.trim();
  const whole = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(words) ? words : `https://${words}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  if (url.protocol !== 'https:' || url.username || url.password || !url.hostname.includes('.')) return null;
  const address = url.href.replaceAll("'", '%27').replaceAll('\\', '%5C').replaceAll('`', '%60');
  return address.length <= 2048 ? address : null;
}
