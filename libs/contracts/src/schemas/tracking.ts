// What is known of a visitor's way through the site.
import { z } from 'zod';
import { contact, id, language, page, timestamp } from './people.ts';

export const pageViewed = z.strictObject({
  visitor: id,
  visit: id,
  page,
  language,
  screen: z.enum(['phone', 'tablet', 'desktop']).optional(),
});

const named = z.string().min(1).max(80);
const amount = z.number().finite().min(-1e12).max(1e12);
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217, e.g. "EUR"');

/** What the code of a site's page tells of its visitor. */
const pageFacts = [
  z.strictObject({
    kind: z.literal('event'),
    name: named,
    data: z
      .record(z.string().min(1).max(40), z.union([z.string().max(300), z.number().finite(), z.boolean()]))
      .refine((data) => Object.keys(data).length <= 20, 'at most 20 fields')
      .refine((data) => !Object.keys(data).some((name) => name.includes('\0')), 'no zero byte in the name of a field')
      .optional(),
  }),
  z.strictObject({ kind: z.literal('goal'), name: named, value: amount.optional(), currency: currency.optional() }),
  z.strictObject({
    kind: z.literal('cart'),
    items: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(200),
          quantity: z.number().positive().max(1e6),
          price: amount.optional().describe('of one'),
        }),
      )
      .max(50)
      .describe('the whole cart; none: it was emptied'),
    total: amount.optional(),
    currency: currency.optional(),
  }),
  z
    .strictObject({ kind: z.literal('consent'), given: z.boolean() })
    .describe('the visitor has agreed to be followed through the site, or has taken that back'),
] as const;
export const pageFact = z.discriminatedUnion('kind', pageFacts);
export type PageFact = z.infer<typeof pageFact>;

export const factReported = z.strictObject({
  visitor: id,
  visit: id,
  language,
  fact: z.discriminatedUnion('kind', [
    ...pageFacts,
    z.strictObject({ kind: z.literal('identity'), contact }).describe('proved by the site’s key'),
  ]),
});

const at = { at: timestamp };
export const visitorCard = z.strictObject({
  visitor: id,
  firstSeenAt: timestamp.optional(),
  visits: z.int().nonnegative(),
  visit: id.optional().describe('the latest visit, which the pages belong to'),
  language: language.optional(),
  referrer: z.string().optional().describe('where this visit came from'),
  pages: z
    .array(
      z.strictObject({
        url: z.string(),
        title: z.string().optional(),
        at: timestamp,
        seconds: z.int().nonnegative().optional().describe('unknown while it is the current page'),
      }),
    )
    .describe('of the latest visit, newest first'),
  identity: contact.optional().describe('who the site has proved him to be'),
  cart: pageFacts[2].omit({ kind: true }).extend(at).optional(),
  goals: z
    .array(pageFacts[1].omit({ kind: true }).extend(at))
    .optional()
    .describe('newest first'),
  events: z
    .array(pageFacts[0].omit({ kind: true }).extend(at))
    .optional()
    .describe('newest first'),
  consent: pageFacts[3].omit({ kind: true }).extend(at).optional().describe('what he said of it last'),
});
export type VisitorCard = z.infer<typeof visitorCard>;
