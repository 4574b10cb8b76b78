// What email-fallback reports.
import { z } from 'zod';

export const mailSent = z.strictObject({
  messageId: z.string(),
  upTo: z.int().positive().describe('number of the last answer in the mail'),
});
export const mailFailed = z.strictObject({ words: z.string().max(500), upTo: z.int().positive() });
