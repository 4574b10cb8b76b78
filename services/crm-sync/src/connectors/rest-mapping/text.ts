// What was said, as the CRM wants it written, and back again: escaped, so that nothing a visitor types is taken for mark-up or lost.

export type TextFormat = 'plain' | 'html' | 'markdown' | 'bbcode';

const MARKDOWN = /[\\`*_{}[\]()<>#+\-!|~&=]|(?<=^\s*\d+)\./gm;
/** Addresses stay whole, so that they can be clicked: in them nothing has to be escaped. */
const ADDRESS = /https?:\/\/[^\s<>"'`\\&]+(?![^\s<>"'`\\]*&)/g;

/** Each address by one function, what stands between by another. */
function aroundAddresses(text: string, other: (part: string) => string, address: (url: string) => string): string {
  let made = '';
  let from = 0;
  for (const { 0: url, index } of text.matchAll(ADDRESS)) {
    made += other(text.slice(from, index)) + address(url);
    from = index + url.length;
  }
  return made + other(text.slice(from));
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(/\r?\n/g, '<br/>');

const FORMATS: Record<TextFormat, { encode(text: string): string; decode(text: string): string; growth: number }> = {
  plain: { encode: (text) => text, decode: (text) => text, growth: 1 },
  html: {
    encode: (text) => aroundAddresses(text, escapeHtml, (url) => `<a href="${url}">${url}</a>`),
    decode: decodeHtml,
    growth: 5,
  },
  markdown: {
    // Two spaces before the end of a line keep it; an entity keeps the indentation from becoming a block of code.
    encode: (text) =>
      aroundAddresses(
        text,
        (part) => part.replaceAll(MARKDOWN, '\\$&'),
        (url) => url,
      )
        .replaceAll(/^[ \t]/gm, (space) => (space === ' ' ? '&#32;' : '&#9;'))
        .replaceAll(/\r?\n/g, '  \n'),
    decode: (text) =>
      text
        .replaceAll(/^&#(32|9);/gm, (_all, code: string) => String.fromCharCode(Number(code)))
        .replaceAll(/ {2}\r?\n/g, '\n')
        .replaceAll(/\\([\\`*_{}[\]()<>#+\-.!|~&=])/g, '$1'),
    growth: 5,
  },
  // BB-code knows no escape: a character that nobody sees stands after a bracket that would begin a tag, so that it begins none.
  bbcode: {
    encode: (text) => text.replaceAll(/\[(?=\u2060*[a-z/*])/gi, '[\u2060'),
    decode: (text) => text.replaceAll(/\[\u2060(?=\u2060*[a-z/*])/gi, '['),
    growth: 2,
  },
};

export const encodeText = (text: string, format: TextFormat): string => FORMATS[format].encode(text);
export const decodeText = (text: string, format: TextFormat): string => FORMATS[format].decode(text);

/** How long a text may be so that it keeps within the CRM's limit however much of it has to be escaped. */
export const roomFor = (limit: number, format: TextFormat): number => Math.floor(limit / FORMATS[format].growth);
/** The least limit with so much room. */
export const limitFor = (room: number, format: TextFormat): number => room * FORMATS[format].growth;

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** CRMs wrap and normalise mark-up (`<p>`, `<br>`): line ends are made of it, all other tags are dropped. */
function decodeHtml(html: string): string {
  return html
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/(p|div)>\s*(?=<(p|div)\b)/gi, '\n')
    .replaceAll(/<\/?[a-z][^>]*>/gi, '')
    .replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? all;
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : all;
    });
}
