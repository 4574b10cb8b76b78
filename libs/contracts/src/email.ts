// Whether an address can be mailed at all; the rest only a mail can prove. One rule for the panel and for all that stands behind it. No import: the widget bundles
// this file.

/** One `@`, something before it, a dotted name after it, no spaces. */
export const ADDRESS = /^[^\s@<>",;:()[\]\\]+@[^\s@<>",;:()[\]\\]+\.[^\s@<>",;:()[\]\\.]{2,}$/u;
export const LONGEST_EMAIL = 254;
/** What no name server can know: an empty part of the name, one that begins or ends with a hyphen, a number at its end. Before the @ only a dot in front cannot be: some providers gave out others. */
export const IMPOSSIBLE = /^\.|@(.*\.)?[.-]|@.*-(\.|$)|\.\d+$/;

export const isEmail = (text: string): boolean =>
  text.length <= LONGEST_EMAIL && ADDRESS.test(text) && !IMPOSSIBLE.test(text);
