import { expect, test } from '@jest/globals';
import { asked, CONVERSATION, dialogue, site, started } from '../../test/dialogue.ts';
import { transcriptIdOf } from './thread.ts';
import { composeTranscript } from './transcript-letter.ts';
import { WORDS, wordsFor } from './words.ts';

/** The languages of the widget. */
const SPOKEN = ['ar', 'de', 'en', 'es', 'fr', 'hy', 'pt', 'ru', 'tr', 'zh'];
/** Words that several languages share. */
const SAME = ['Support'];
/** What each says, with what is put into it. */
const said = (language: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(wordsFor(language)).map(([name, words]) => [
      name,
      typeof words === 'function' ? words('·one·', '·two·') : words,
    ]),
  );

test('a mail speaks every language of the widget, whatever the region', () => {
  expect(Object.keys(WORDS).sort()).toEqual(SPOKEN);
  expect(wordsFor('zh-Hant-TW').lang).toBe('zh');
  expect(wordsFor('sv').lang).toBe('en');
});

test.each(SPOKEN.filter((language) => language !== 'en'))('%s says all of it, in its own words', (language) => {
  const english = said('en');
  for (const [name, words] of Object.entries(said(language))) {
    expect(words).toBe(words.trim());
    if (!SAME.includes(words)) expect({ [name]: words }).not.toEqual({ [name]: english[name] });
    for (const filled of ['·one·', '·two·'])
      expect({ name, filled: words.includes(filled) }).toEqual({ name, filled: english[name]?.includes(filled) });
  }
});

test('a dialogue in Arabic goes out from right to left, by name and time of its language', () => {
  const mail = { to: 'elena@arka.example', messageId: transcriptIdOf(CONVERSATION, 5, site.mail.fromAddress) };
  const transcript = dialogue(started('مرحبا', { language: 'ar-EG' }), asked('شكرا'));
  const { html, subject, text } = composeTranscript({ transcript, mail, site, timeZone: 'UTC' });
  expect(html).toContain('<html lang="ar" dir="rtl">');
  expect(subject).toContain('محادثتك مع Nordhem');
  expect(text).toContain('أنت');
  expect(text).toContain('متابعة المحادثة');
});
