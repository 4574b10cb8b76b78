// What is known of a visitor's way through the site.
import { z } from 'zod';
import { id, language, page, timestamp } from './people.ts';

export const pageViewed = z.strictObject({
  visitor: id,
  visit: id,
  page,
  language,
  screen: z.enum(['phone', 'tablet', 'desktop']).optional(),
});

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
});
export type VisitorCard = z.infer<typeof visitorCard>;
