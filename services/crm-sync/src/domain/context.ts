// What is told of a dialogue, ready for templates: the facts, the person, the site's words. Pure.
import type { Contact, CrmFacts } from '@continuo/contracts';
import type { TextLanguage, Transcript } from '@continuo/transcript';
import { short } from './facts.ts';
import { publicAddress } from './pages.ts';
import { fill, type Values } from './template.ts';
import type { CrmWords } from './words.ts';

export interface Context {
  siteName: string;
  /** Opens the dialogue in the console, for any employee after login. */
  dialogueUrl: string;
  language: TextLanguage;
  /** In which its people read times. */
  timeZone: string;
  words: CrmWords;
  facts: CrmFacts;
  /** The site's own mapping: field of the CRM → template. */
  fields: Readonly<Record<string, string>>;
}

export function valuesOf(
  { page, visitor, contact }: Pick<Transcript, 'page' | 'visitor' | 'contact'>,
  { siteName, dialogueUrl, words, facts }: Context,
  more: Values = {},
): Values {
  const { consent } = facts;
  return {
    ...facts,
    ...person(contact),
    site: short(siteName),
    page: page && publicAddress(page.url),
    pageTitle: page?.title && short(page.title),
    visitor: visitor.slice(0, 6),
    dialogueUrl,
    consentWords: consent === 'given' || consent === 'withdrawn' ? words.consent[consent] : undefined,
    ...more,
  };
}

const person = ({ name, email, phone, externalId }: Contact): Values => ({
  name: name && short(name),
  email: email && short(email),
  phone,
  externalId: externalId && short(externalId),
});

/** What the site wants in which field; a field of which nothing is known is left alone. */
export function fieldsOf(transcript: Transcript, context: Context): Record<string, string> {
  const values = valuesOf(transcript, context);
  return Object.fromEntries(
    Object.entries(context.fields).flatMap(([field, template]) => {
      const content = fill(template, values);
      return content === '' ? [] : [[field, content]];
    }),
  );
}
