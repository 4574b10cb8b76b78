import { language } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { chooseLanguage, launcherLook } from './launcher-words.ts';
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
  for (const tag of ['RU', 'zh_Hant_TW', 'en-US-u-hc-h12', 'C', '*', 'tlh-Klingonese', 'i-klingon', ''])
    expect(language.safeParse(chooseLanguage([tag], SPOKEN).tag).success).toBe(true);
});

test('the launcher tells how many messages wait, and of which site the chat is', () => {
  const { en, ru } = locales as Record<'en' | 'ru', Texts>;
  expect(launcherLook(en.launcher, 0, 'Nordhem').open).toBe('Open the chat');
  expect(launcherLook(en.launcher, 1, 'Nordhem').open).toBe('Open the chat, 1 unread');
  expect(launcherLook(ru.launcher, 2, 'Nord$&hem')).toEqual({
    open: 'Открыть чат, непрочитанных: 2',
    close: 'Свернуть чат',
    panel: 'Чат с Nord$&hem',
  });
});
