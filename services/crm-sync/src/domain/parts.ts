// Cuts the text of a dialogue into parts, each small enough for one CRM note. A part's end depends only on where it begins and on what was
// said, so a part that is full never changes; a message is cut only when it is longer than a whole part, and then between graphemes.
import type { TextBlock } from '@continuo/transcript';

/** A place in the text: all items up to `after` are before it, and `offset` UTF-16 units of the next one. */
export interface Position {
  after: number;
  offset: number;
}
export const BEGINNING: Position = { after: 0, offset: 0 };

/** UTF-16 units of dialogue that a note must have room for, so that the longest message becomes a few notes and not a flood of them. */
export const LEAST_ROOM = 1000;

export interface Part {
  text: string;
  end: Position;
  /** It has no room for what comes next, or a resumed dialogue goes on in another part: it will not change any more. */
  full: boolean;
}

export const isBefore = (a: Position, b: Position): boolean =>
  a.after < b.after || (a.after === b.after && a.offset < b.offset);

/**
 * The part that begins at `from`, as large as `limit` (UTF-16 units) allows; undefined when nothing was said after `from`. Never without text, whatever
 * the limit, so that whoever asks for part after part comes to an end.
 */
export function fillPart(blocks: readonly TextBlock[], from: Position, limit: number): Part | undefined {
  const room = Math.max(limit || 1, 1);
  let text = '';
  let end = from;
  for (const block of blocks) {
    if (block.number <= from.after) continue;
    if (text !== '' && block.resumes) return { text, end, full: true };
    const rest = block.text.slice(end.offset);
    if (text.length + rest.length <= room) {
      text += rest;
      end = { after: block.number, offset: 0 };
      continue;
    }
    if (text !== '') return { text, end, full: true };
    const head = graphemesWithin(rest, room);
    return { text: head, end: { after: end.after, offset: end.offset + head.length }, full: true };
  }
  return text === '' ? undefined : { text, end, full: false };
}

/** What stands between two places. */
export function textBetween(blocks: readonly TextBlock[], from: Position, to: Position): string {
  let text = '';
  let begin = from.offset;
  for (const block of blocks) {
    if (block.number <= from.after) continue;
    if (block.number > to.after) return text + block.text.slice(begin, to.offset);
    text += block.text.slice(begin);
    begin = 0;
  }
  return text;
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** As many whole graphemes as fit; of a single one that is larger than the room, as many code points. Never empty. */
function graphemesWithin(text: string, room: number): string {
  let length = 0;
  // Over the whole text: only then is it known whether a grapheme goes on behind the room.
  for (const { segment, index } of graphemes.segment(text)) {
    if (index + segment.length > room) break;
    length = index + segment.length;
  }
  if (length > 0) return text.slice(0, length);
  for (const point of text) {
    if (length > 0 && length + point.length > room) break;
    length += point.length;
  }
  return text.slice(0, length);
}
