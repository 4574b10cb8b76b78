// All languages at once, for the gateway and for tests: a browser fetches the one file that it needs.
import { texts as ar } from './ar.ts';
import { texts as de } from './de.ts';
import { texts as en, type Texts } from './en.ts';
import { texts as es } from './es.ts';
import { texts as fr } from './fr.ts';
import { texts as hy } from './hy.ts';
import { texts as pt } from './pt.ts';
import { texts as ru } from './ru.ts';
import { texts as tr } from './tr.ts';
import { texts as zh } from './zh.ts';

export const locales: Readonly<Record<string, Texts>> = { ar, de, en, es, fr, hy, pt, ru, tr, zh };
