import { language } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { chooseLanguage, labelled, launcherLook } from './launcher-words.ts';
import type { Texts } from './locales/en.ts';
import { locales } from './locales/index.ts';

const SPOKEN = Object.keys(locales);

test('the widget speaks the first language of the visitor that it knows', () => {
  expect(chooseLanguage(['', 'kk', 'ru-RU', 'en'], SPOKEN)).toEqual({ spoken: 'ru', tag: 'ru-RU' });
  expect(chooseLanguage(['zh_Hant_TW', 'fr'], SPOKEN)).toEqual({ spoken: 'zh', tag: 'zh-Hant-TW' });
  expect(chooseLanguage(['da-DK', 'nb'], SPOKEN)).toEqual({ spoken: 'en', tag: 'da-DK' });
  expect(chooseLanguage([], SPOKEN)).toEqual({ spoken: 'en', tag: 'en' });
});

test('whatever a browser calls its language, the protocol accepts what is made of it', () => {
  for (const tag of ['RU', 'zh_Hant_TW', 'en-US-u-hc-h12', 'C', '*', 'tlh-Klingonese', 'i-klingon', 'english', ''])
    expect([tag, language.safeParse(chooseLanguage([tag], SPOKEN).tag).success]).toEqual([tag, true]);
});

test('no tag that the browser would throw at is handed on: the language is left of it', () => {
  const made = ['en-a1', 'ru-RU-x', 'de-1', 'pt-BR-BR-BR', 'en-US-u-hc-h12', 'en-US@posix'].map(
    (tag) => chooseLanguage([tag], SPOKEN).tag,
  );
  expect(made).toEqual(['en', 'ru', 'de', 'pt', 'en-US', 'en']);
  for (const tag of made) expect(() => new Intl.DateTimeFormat(tag)).not.toThrow();
});

test('the launcher tells how many messages wait, and of which site the chat is', () => {
  const { en, ru } = locales as Record<'en' | 'ru', Texts>;
  expect(launcherLook(en.launcher, 0, 'Nordhem').open).toBe('Open the chat');
  expect(launcherLook(en.launcher, 1, 'Nordhem').open).toBe('Open the chat, 1 unread');
  expect(launcherLook(labelled(en.launcher, 'Ask us'), 1, 'Nordhem')).toMatchObject({
    label: 'Ask us',
    open: 'Ask us · Open the chat, 1 unread',
  });
  expect(launcherLook(ru.launcher, 2, 'Nord$&hem')).toEqual({
    unread: 2,
    label: undefined,
    open: 'Открыть чат, непрочитанных: 2',
    close: 'Свернуть чат',
    panel: 'Чат с Nord$&hem',
  });
});
