// Who somebody is, at a glance: an agent's photo, else initials; visitors without a name get a figure. Colours follow from the id.
import type { Contact } from '@continuo/contracts';
import type { Texts } from '../locales/en.ts';
import { Icon } from './icon.tsx';

type Size = 's20' | 's24' | 's32' | 's36' | 's48';

export function Face({
  id,
  name,
  photo,
  size = 's36',
}: {
  id: string;
  name?: string | undefined;
  photo?: string | undefined;
  size?: Size;
}) {
  if (photo) return <img className={`face ${size}`} src={new URL(photo, location.origin).href} alt="" />;
  return (
    <span className={`ini ${colourOf(id)} ${size}`} aria-hidden="true">
      {name ? initialsOf(name) : <Icon name="person" />}
    </span>
  );
}

/** The name of a visitor for the eye. Visitors without any are told apart by the beginning of their id. */
export const visitorName = (visitor: string, contact: Contact, t: Texts): string =>
  contact.name ?? contact.email ?? t.inbox.visitor(visitor.slice(0, 4));

/** How he is spoken of beside his own words. */
export const shortName = (visitor: string, contact: Contact, t: Texts): string =>
  contact.name?.split(/\s+/)[0] ?? t.inbox.visitor(visitor.slice(0, 4));

export function initialsOf(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}

function colourOf(id: string): string {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return `h${1 + (sum % 6)}`;
}
