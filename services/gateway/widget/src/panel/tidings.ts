// What has happened between two states that is seen on the screen and would not be heard. Pure.
import type { State } from '../client.ts';
import type { Texts } from '../locales/en.ts';

type Seen = Pick<State, 'known' | 'parcels'>;

/** @returns nothing where nothing needs to be said */
export function tidings(before: Seen, now: Seen, texts: Pick<Texts, 'isTyping' | 'somebody' | 'file'>): string {
  const arrived = before.parcels.flatMap((parcel) =>
    parcel.kind === 'upload' && now.parcels.some(({ id, kind }) => id === parcel.id && kind === 'message')
      ? [`${parcel.file.name}: ${texts.file.sent(100)}`]
      : [],
  );
  const { typing } = now.known;
  if (typing && !before.known.typing) arrived.push(texts.isTyping(typing.name ?? texts.somebody));
  return arrived.join('. ');
}
