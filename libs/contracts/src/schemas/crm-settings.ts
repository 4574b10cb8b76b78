// What a site decides of its CRM: when a visitor becomes a lead, which tasks are made, what goes into which field, and how it is worded.
import { z } from 'zod';

/** What is known of a dialogue besides its words, each under its own name: for fields of a CRM, templates and messages. All are text. */
export const crmFact = z.enum([
  'channel',
  'source',
  'medium',
  'campaign',
  'term',
  'content',
  'firstPage',
  'firstPageTitle',
  'lastPage',
  'lastPageTitle',
  'referrer',
  'language',
  'consent',
  'messages',
  'agents',
  'startedAt',
  'endedAt',
  'duration',
  'rating',
  'ratingComment',
  'dialogueUrl',
]);
/** What a person has to do, and why. */
export const crmTaskKind = z.enum(['callback', 'missed-chat', 'offline-message']);

export const crmLeadRule = z.strictObject({
  minimumMessages: z
    .int()
    .min(1, 'is 1 or more: with 1 the first message makes a lead')
    .max(50)
    .default(1)
    .describe('that the visitor has written'),
  humanTookPart: z.boolean().default(false).describe('only when an employee has answered'),
});

/** What a template may name besides the facts. */
export const CRM_WORDS = ['site', 'page', 'pageTitle', 'name', 'email', 'phone', 'externalId', 'visitor'] as const;
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** @returns what an administrator has to mend in a template, in words */
export function templateFault(template: string, more: readonly string[] = []): string | undefined {
  const known: readonly string[] = [...CRM_WORDS, ...more, ...crmFact.options];
  for (const [, name = ''] of template.matchAll(PLACEHOLDER))
    if (!known.includes(name.trim()))
      return `does not know {{${name}}}: there are ${known.map((one) => `{{${one}}}`).join(', ')}`;
  const rest = template.replaceAll(PLACEHOLDER, '');
  if (/\{\{|\}\}/.test(rest)) return 'has a {{ without its }}: write {{name}}';
  if (rest.split('[[').length !== rest.split(']]').length || /\[\[(?:(?!\]\]).)*\[\[/s.test(rest))
    return 'has a [[ without its ]]: what stands between [[ and ]] is left out when something in it is not known';
  return undefined;
}
const template = (limit: number, more: readonly string[] = []) =>
  z
    .string()
    .max(limit)
    .superRefine((text, context) => {
      const fault = templateFault(text, more);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    });

export const crmFieldsMapping = z
  .record(z.string().max(100), template(500))
  .refine((fields) => !Object.keys(fields).some((name) => name.trim() === ''), 'the name of a field is missing')
  .refine((fields) => Object.keys(fields).length <= 50, 'at most 50 fields')
  .describe(
    'what goes into which field of a lead of ours: the CRM’s own name of the field → a fact as {{campaign}}, or text with facts',
  );

/** Instead of the words that come with Continuo in the site’s language. */
export const crmTemplates = z.strictObject({
  leadTitle: template(300).optional(),
  leadDescription: template(4000, ['said', 'consentWords']).optional(),
  noteHeading: template(1000, ['part', 'consentWords']).optional(),
  summary: template(2000).optional().describe('at the end of a dialogue that was closed'),
  callbackSubject: template(300, ['window', 'topic']).optional(),
  missedChatSubject: template(300, ['cause']).optional(),
  offlineMessageSubject: template(300).optional(),
});
export type CrmFact = z.infer<typeof crmFact>;
export type CrmFacts = Partial<Record<CrmFact, string>>;
export type CrmTaskKind = z.infer<typeof crmTaskKind>;
export type CrmLeadRule = z.infer<typeof crmLeadRule>;
export type CrmTemplates = z.infer<typeof crmTemplates>;
