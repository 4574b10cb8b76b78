// What a connector that only pushes sends: the same messages whatever carries them. A message whose content is the same has the same id and the same
// bytes, so a receiver that drops ids it knows, and versions older than what it holds, has everything exactly once in effect.
import { crmFact, crmTaskKind } from '@continuo/contracts';
import { z } from 'zod';

const id = z.string().regex(/^[0-9a-z]{22}$/);
const envelope = {
  id: id.describe('Of this very message. A repeat has the same one and the same bytes: drop an id you have seen.'),
  v: z.literal(1).describe('Of this schema; inside a version only optional fields are added.'),
  site: id.describe('The site the visitor was on.'),
};
const version = z
  .int()
  .positive()
  .describe('Grows with every change of the same thing: ignore one that is not greater than what you hold.');
const lead = z.string().min(1).max(200).describe('The visitor. Key your record by it: it never changes.');

export const leadChanged = z
  .strictObject({
    ...envelope,
    type: z.literal('lead-changed'),
    data: z.strictObject({
      lead,
      version,
      contact: z
        .strictObject({
          name: z.string().optional(),
          email: z.string().optional(),
          phone: z.string().optional().describe('With country code, as +74951112233, where that is known.'),
          externalId: z.string().optional().describe('The company’s own id of this customer.'),
        })
        .describe('What is known of the visitor. A field that is absent is unknown: keep what you have.'),
      title: z.string(),
      description: z
        .string()
        .describe('Lines of plain text: link that opens the dialogue, first page, referrer, language.'),
      unnamed: z.string().describe('What to call the visitor while nobody knows the name.'),
      facts: z
        .partialRecord(crmFact, z.string())
        .optional()
        .describe('What is known of the dialogue besides its words: campaign, pages, language and the like.'),
      fields: z
        .record(z.string(), z.string())
        .optional()
        .describe('What the site’s settings put into which field of the company’s own.'),
    }),
  })
  .describe('A visitor wrote, or more became known of one: make or update a lead.');

export const transcriptChanged = z
  .strictObject({
    ...envelope,
    type: z.literal('transcript-changed'),
    data: z.strictObject({
      lead,
      conversation: id,
      part: z
        .int()
        .positive()
        .describe('Long or resumed dialogues come in several parts; each part is whole in itself.'),
      version,
      text: z
        .string()
        .describe(
          'The whole part as plain text, from its heading to its marker line: put it in place of what you hold.',
        ),
    }),
  })
  .describe('A part of a dialogue is new or has grown: write or replace a note on the lead.');

export const taskChanged = z
  .strictObject({
    ...envelope,
    type: z.literal('task-changed'),
    data: z.strictObject({
      lead,
      conversation: id,
      task: z.int().positive().describe('Number of the task in its conversation: key it by both.'),
      version,
      kind: crmTaskKind.describe('What a person has to do.'),
      subject: z.string(),
      text: z.string().describe('Lines of plain text: who, how to reach him, what he wrote, link to the dialogue.'),
      due: z.iso.datetime().describe('By when.'),
    }),
  })
  .describe('Somebody has to call back or to answer: make a task for the lead.');

export const dealChanged = z
  .strictObject({
    ...envelope,
    type: z.literal('deal-changed'),
    data: z.strictObject({
      lead,
      conversation: id.describe('A dialogue becomes one deal at most: key it by this.'),
      version,
      title: z.string(),
      text: z.string().describe('Lines of plain text: link that opens the dialogue, first page, referrer, language.'),
    }),
  })
  .describe('A dialogue is worth a deal by the site’s rule: make one for the lead. What you make of it is yours.');

export const connectionTested = z
  .strictObject({ ...envelope, type: z.literal('connection-tested'), data: z.strictObject({}) })
  .describe(
    'Somebody saved the connection and wants to know whether it works: answer as to any other message, do nothing.',
  );

/** By `type`. */
export const pushMessages = {
  'lead-changed': leadChanged,
  'transcript-changed': transcriptChanged,
  'task-changed': taskChanged,
  'deal-changed': dealChanged,
  'connection-tested': connectionTested,
} as const;
export type PushMessage = z.infer<(typeof pushMessages)[keyof typeof pushMessages]>;

/** Receivers choke on what no text holds on purpose: half an emoji, NUL. */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
