// What a new lead of ours says: who, from where, and the link that opens the dialogue.
import type { Contact, CrmFacts } from '@continuo/contracts';
import { oneLine, type Transcript } from '@continuo/transcript';
import { type Context, valuesOf } from './context.ts';
import { short } from './facts.ts';
import { fill } from './template.ts';

export interface LeadText {
  visitorKey: string;
  title: string;
  description: string;
  unnamed: string;
  conversation: string;
  facts: CrmFacts;
}

/** @param unfit what of the contact the CRM did not take as fields: it is kept as text */
export function leadText(transcript: Transcript, context: Context, unfit: Contact = {}): LeadText {
  const { words, facts } = context;
  const { visitor, conversation } = transcript;
  const said = [unfit.name, unfit.email, unfit.phone, unfit.externalId].filter((known) => known !== undefined);
  const values = valuesOf(transcript, context, { said: said.map((one) => short(one)).join(', ') });
  return {
    visitorKey: visitor,
    title: oneLine(fill(words.leadTitle, values)) || conversation,
    description: fill(words.leadDescription, values),
    unnamed: fill(words.unnamed, values),
    conversation,
    facts,
  };
}
