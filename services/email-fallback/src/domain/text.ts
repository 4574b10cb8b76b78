// Cutting people's texts without breaking a character: an emoji, a flag or a letter with its accents stays whole.
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** At most `length` characters as a reader counts them, then `…`. */
export function clip(text: string, length: number): string {
  let count = 0;
  for (const { index } of graphemes.segment(text)) {
    if (count === length) return `${text.slice(0, index).trimEnd()}…`;
    count += 1;
  }
  return text;
}

/** The beginning of a text on one line, cut between words where there is a word's end in its second half. */
export function firstWords(text: string, length: number): string {
  const line = oneLine(text);
  const clipped = clip(line, length);
  if (clipped === line) return line;
  const wordEnd = clipped.lastIndexOf(' ');
  return wordEnd > length / 2 ? `${clipped.slice(0, wordEnd)}…` : clipped;
}

/** Line breaks and control characters become one space: nothing a person wrote can start a new mail header. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** Two letters that stand for a face. */
export function initials(name: string): string {
  const [first = '', ...rest] = oneLine(name).split(' ');
  return [first, rest.at(-1) ?? '']
    .map((word) => [...graphemes.segment(word)][0]?.segment ?? '')
    .join('')
    .toLocaleUpperCase();
}
