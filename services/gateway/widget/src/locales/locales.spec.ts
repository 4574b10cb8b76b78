// That a language has every text, the compiler sees; here: that none was left in English, and that what is put into a text is in it.
import { WIDGET_LANGUAGES } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { cutIn } from '../loader/cut.ts';
import { locales } from './index.ts';

/** Words that several languages share. */
const SAME = ['Chat', 'Messages', 'Message', 'E-mail', 'Emoji'];
const FILLED = ['·one·', '·two·'] as const;

/** Every text by its path; functions with what they were given. */
function flat(texts: object, path = ''): [path: string, text: string, given: number][] {
  return Object.entries(texts).flatMap(([name, value]) => {
    const at = path ? `${path}.${name}` : name;
    if (typeof value === 'string') return [[at, value, 0]];
    return typeof value === 'function' ? [[at, value(...FILLED), value.length]] : flat(value, at);
  });
}
const english = new Map(flat(locales['en'] as object).map(([path, text]) => [path, text]));

test.each(Object.keys(locales))('%s says everything, in its own words', (language) => {
  for (const [path, text, given] of flat(locales[language] as object)) {
    expect(text.trim()).toBe(text);
    expect(text).not.toBe('');
    for (const filled of FILLED.slice(0, given))
      expect({ path, text }).toEqual({ path, text: expect.stringContaining(filled) });
    if (language !== 'en' && !SAME.includes(text))
      expect({ path, text }).not.toEqual({ path, text: english.get(path) });
    // What looks like a place to fill in is one.
    expect(text.replace('{count}', '').replace('{site}', '')).not.toMatch(/[{}$]/);
  }
  const { launcher } = locales[language] as NonNullable<(typeof locales)[string]>;
  expect(launcher.unread).toContain('{count}');
  expect(launcher.panel).toContain('{site}');
});

test('the ten languages are there', () => {
  expect(Object.keys(locales).sort()).toEqual(['ar', 'de', 'en', 'es', 'fr', 'hy', 'pt', 'ru', 'tr', 'zh']);
  expect(Object.keys(cutIn).sort()).toEqual(Object.keys(locales).sort());
  expect(new Set(Object.values(cutIn)).size).toBe(10);
  // For which a site may have words of its own.
  expect([...WIDGET_LANGUAGES]).toEqual(Object.keys(locales).sort());
});
