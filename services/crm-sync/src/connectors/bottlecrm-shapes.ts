// What BottleCRM's answers must look like where we read them. Whatever else they hold is not looked at; one of another shape fails in plain words.
import { z } from 'zod';

/** One of many records, as lists and searches show it. */
export const row = z.object({
  id: z.string(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  title: z.string().nullish(),
  created_at: z.string(),
  custom_fields: z.record(z.string(), z.unknown()).nullish(),
});
export type Row = z.output<typeof row>;

export const sources = z.object({ sources: z.array(z.object({ label: z.string() })) });
export const customFields = z.object({
  definitions: z.array(z.object({ target_model: z.string(), key: z.string() })),
});
export const made = z.object({ id: z.string() });
export const comments = z.object({
  comments: z.array(z.object({ id: z.string(), comment: z.string(), commented_on: z.string() })),
});
export type Comment = z.output<typeof comments>['comments'][number];

export const contactPage = z.object({ results: z.array(row) });
export const contact = z.object({ contact_obj: z.object({}) });
export const leadPage = z.object({
  open_leads: z.object({ open_leads: z.array(row) }),
  close_leads: z.object({ close_leads: z.array(row) }),
});
export type LeadPage = z.output<typeof leadPage>;
export const lead = z.object({ lead_obj: row.omit({ id: true }).extend({ status: z.string().nullish() }) });
export const duplicates = z.object({
  duplicates: z.array(
    z.object({
      id: z.string(),
      name: z.string().nullish(),
      email: z.string().nullish(),
      phone: z.string().nullish(),
      matched_on: z.array(z.string()),
    }),
  ),
});
export const hits = z.object({ results: z.array(z.object({ type: z.string(), id: z.string() })) });
export const deals = z.object({
  opportunities: z.array(z.object({ id: z.string(), name: z.string(), created_at: z.string() })),
});
export const tasks = z.object({
  tasks: z.array(z.object({ id: z.string(), title: z.string(), created_at: z.string() })),
});
