// Finds the web addresses in a message. Only http and https ever become links; a full stop after one stays outside, and so does a bracket that was opened before it.
export type Piece = { text: string; href?: string };

const ADDRESS = /\bhttps?:\/\/(?:[^\s<>"'()]|\([^\s<>"'()]*\))+/giu;
const TRAILING = /[.,;:!?\]}»”]+$/u;

export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const href = found[0].replace(TRAILING, '');
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    pieces.push({ text: href, href });
    from = found.index + href.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
