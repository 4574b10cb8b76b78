// The words of a mail, in the language of the conversation: those that the widget speaks.
import { ar } from './words/ar.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { es } from './words/es.ts';
import { fr } from './words/fr.ts';
import { hy } from './words/hy.ts';
import { pt } from './words/pt.ts';
import { ru } from './words/ru.ts';
import { tr } from './words/tr.ts';
import { zh } from './words/zh.ts';

export interface Words {
  lang: string;
  /** Written without a name: somebody of the company. */
  team: string;
  you: string;
  resume: string;
  howToAnswer: string;
  earlier: string;
  why: (address: string, host: string) => string;
  /** Of the mail with the whole dialogue. */
  transcript: (brand: string) => string;
  whyTranscript: (address: string, host: string) => string;
  cut: string;
  ticket: (number: string) => string;
}

export const WORDS: Readonly<Record<string, Words>> = { ar, de, en, es, fr, hy, pt, ru, tr, zh };

/** @param language BCP 47; English where there is no translation */
export const wordsFor = (language: string): Words => WORDS[language.split('-')[0] ?? ''] ?? en;

export const isRightToLeft = ({ lang }: Words): boolean => lang === 'ar';
