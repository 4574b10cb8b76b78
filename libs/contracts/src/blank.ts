// Whether anything of a text can be seen. No import: the widget bundles this file.

/** Any character but those that show nothing. */
const SEEN = /[^\p{Cc}\p{Cf}\p{Z}\u115f\u1160\u2800\u3164]/u;

export const isBlank = (text: string): boolean => !SEEN.test(text);
