// What a company's system sends when it knows more of a visitor.
import { z } from 'zod';

export const contactChanged = z
  .strictObject({
    id: z.string().min(1).max(200).describe('Of this message: a repeat with the same one changes nothing.'),
    v: z.literal(1),
    type: z.literal('contact-changed'),
    data: z.strictObject({
      lead: z.string().min(1).max(200).describe('As in the lead-changed message.'),
      contact: z
        .strictObject({
          name: z.string().max(120).optional(),
          email: z.string().max(254).optional(),
          phone: z.string().max(40).optional().describe('With country code.'),
          externalId: z.string().max(128).optional().describe('The company’s own id of this customer.'),
        })
        .describe('Only what is known or has changed; an absent field is left as it is.'),
    }),
  })
  .describe('The company knows more of a visitor: the employee sees it in the dialogue.');
