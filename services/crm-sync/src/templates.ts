// The template files that come with Continuo: one for each language that a site may choose.
import { readFileSync } from 'node:fs';
import type { CrmTemplates } from '@continuo/contracts';
import { TEXT_LANGUAGES, type TextLanguage } from '@continuo/transcript';
import { parse } from 'yaml';
import { type CrmWords, crmWords } from './domain/words.ts';

const FOLDER = new URL('../templates/', import.meta.url);

/** @throws {Error} with the faults of all files */
export function loadTemplates(folder: URL = FOLDER): Record<TextLanguage, CrmWords> {
  const faults: string[] = [];
  const loaded = TEXT_LANGUAGES.map((language) => {
    const file = `${language}.yaml`;
    const parsed = crmWords.safeParse(read(new URL(file, folder)));
    if (!parsed.success)
      faults.push(
        ...parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || 'file'}: ${message}`),
      );
    return [language, parsed.data] as const;
  });
  if (faults.length > 0) throw new Error(`the templates for the CRM have faults:\n${faults.join('\n')}`);
  return Object.fromEntries(loaded) as Record<TextLanguage, CrmWords>;
}

function read(file: URL): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What a site has put in place of the words that come with Continuo. */
export const withOwn = (words: CrmWords, own: CrmTemplates = {}): CrmWords => ({
  ...words,
  ...(Object.fromEntries(Object.entries(own).filter(([, text]) => text !== undefined)) as Partial<CrmWords>),
});
