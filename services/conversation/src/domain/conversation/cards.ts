// A card as it may be stored: each of its words one line that can be seen. A button without one, or a card of nothing, is none.
import type { Card } from '@continuo/contracts';
import { cleanedName } from './participants.ts';

export function cleanedCard({ title, picture, buttons }: Card): Card | undefined {
  const named = title === undefined ? '' : cleanedName(title);
  const labelled = buttons?.map((button) => ({ ...button, label: cleanedName(button.label) }));
  if (labelled?.some(({ label }) => label === '')) return undefined;
  if (!named && !picture && !labelled) return undefined;
  return { ...(named && { title: named }), ...(picture && { picture }), ...(labelled && { buttons: labelled }) };
}
