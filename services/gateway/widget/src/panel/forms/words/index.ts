// All languages of the forms at once, for tests: a browser fetches the one file that it needs.
import { words as ar } from './forms-ar.ts';
import { words as de } from './forms-de.ts';
import { words as en, type FormTexts } from './forms-en.ts';
import { words as es } from './forms-es.ts';
import { words as fr } from './forms-fr.ts';
import { words as hy } from './forms-hy.ts';
import { words as pt } from './forms-pt.ts';
import { words as ru } from './forms-ru.ts';
import { words as tr } from './forms-tr.ts';
import { words as zh } from './forms-zh.ts';

export const formWords: Readonly<Record<string, FormTexts>> = { ar, de, en, es, fr, hy, pt, ru, tr, zh };
