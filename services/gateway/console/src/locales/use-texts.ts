// Texts and formats of the language the employee has chosen.
import { type Language, useLanguage } from '../preferences.ts';
import { en, type Texts } from './en.ts';
import { createFormat, type Format } from './format.ts';
import { ru } from './ru.ts';

export interface Spoken {
  language: Language;
  t: Texts;
  f: Format;
}
const SPOKEN: Record<Language, Spoken> = {
  en: { language: 'en', t: en, f: createFormat('en', en) },
  ru: { language: 'ru', t: ru, f: createFormat('ru', ru) },
};

export const useTexts = (): Spoken => SPOKEN[useLanguage()];
