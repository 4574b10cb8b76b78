// The name that a file keeps: one that every system can hold, in which nothing turns its direction, and whose ending tells what the file is.
import { MAX_FILE_NAME } from '@continuo/contracts';
import type { Nature } from './nature.ts';

/** Controls, what directs or joins letters, and what shows nothing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164]/gu;
const RESERVED = /[<>:"|?*]/g;
/** Devices on some systems, whatever the ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

export function safeName(given: string, { endings }: Pick<Nature, 'endings'>): string {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(UNSEEN, '')
    .replace(RESERVED, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const dot = plain.lastIndexOf('.');
  const ending = dot < 0 ? '' : plain.slice(dot + 1).toLowerCase();
  const fits = endings.includes(ending);
  const stem = (fits ? plain.slice(0, dot) : plain) || 'file';
  const end = `.${fits ? ending : endings[0]}`;
  return `${cut(DEVICE.test(stem) ? `_${stem}` : stem, MAX_FILE_NAME - end.length)}${end}`;
}

/** Never in the middle of a letter. */
function cut(text: string, most: number): string {
  let short = '';
  for (const letter of text) {
    if (short.length + letter.length > most) break;
    short += letter;
  }
  return short;
}
