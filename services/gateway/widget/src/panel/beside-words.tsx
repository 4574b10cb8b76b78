/** @jsxImportSource preact */
// What a message has besides its words: files and a picture above them, buttons below; and the line of a call. Most dialogues have none of it, so it is fetched with the first;
// until then, and where it cannot be had, the words stand alone.
import type { Client } from '../client.ts';
import { Files } from '../files/view.tsx';
import type { Texts } from '../locales/en.ts';
import { Buttons, Top } from './card/card.tsx';
import type { MessageRow } from './rows.ts';

export { CallLine } from './call-line.tsx';

interface Props {
  client: Client;
  row: MessageRow;
  texts: Texts;
}

export function Above({ client, row, texts }: Props) {
  return (
    <>
      {(row.local || row.item?.files) && <Files {...{ client, row, texts }} />}
      {row.item?.card && <Top card={row.item.card} />}
    </>
  );
}

export function Below({ client, row: { item } }: Pick<Props, 'client' | 'row'>) {
  return item?.card ? <Buttons {...{ client, card: item.card, message: item }} /> : null;
}
