import { language } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { chooseLanguage, launcherTexts } from './launcher-texts.ts';

test('the widget speaks the first language of the visitor that it knows', () => {
  expect(chooseLanguage(['hy', 'ru-RU', 'en'])).toEqual({ spoken: 'ru', tag: 'ru-RU' });
  expect(chooseLanguage(['de-AT', 'fr'])).toEqual({ spoken: 'en', tag: 'de-AT' });
  expect(chooseLanguage([])).toEqual({ spoken: 'en', tag: 'en' });
});

test('whatever a browser calls its language, the protocol accepts what is made of it', () => {
  for (const tag of ['RU', 'zh_Hant_TW', 'en-US-u-hc-h12', 'C', '*', 'tlh-Klingonese', 'i-klingon', ''])
    expect(language.safeParse(chooseLanguage([tag]).tag).success).toBe(true);
});

test('the launcher tells how many messages wait', () => {
  expect(launcherTexts('en', 0, 'Nordhem').open).toBe('Open the chat');
  expect(launcherTexts('en', 1, 'Nordhem').open).toBe('Open the chat, 1 unread message');
  expect(launcherTexts('ru', 2, 'Nordhem')).toMatchObject({
    open: 'Открыть чат, непрочитанных: 2',
    panel: 'Чат с Nordhem',
  });
  expect(launcherTexts('xx', 0, undefined).panel).toBe('Chat');
});
