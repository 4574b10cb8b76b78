// Working hours as an administrator sets them.
import { z } from 'zod';
import { isTimeZone, minutesOf, WEEKDAYS } from '../working-hours.ts';

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time is written like 09:00, at most 24:00');
const opening = z
  .strictObject({ from: clock, until: clock })
  .refine(({ from, until }) => minutesOf(from) < minutesOf(until), 'an opening ends after it begins');
const openings = z
  .array(opening)
  .max(10)
  .refine(
    (day) => day.every(({ from }, index) => index === 0 || minutesOf(day[index - 1]?.until ?? '') <= minutesOf(from)),
    'openings of a day follow one another',
  );

export const workingHours = z.strictObject({
  timeZone: z.string().max(60).refine(isTimeZone, 'a time zone is named like "Asia/Yerevan"'),
  week: z
    .strictObject(
      Object.fromEntries(WEEKDAYS.map((day) => [day, openings.optional()])) as Record<
        (typeof WEEKDAYS)[number],
        z.ZodOptional<typeof openings>
      >,
    )
    .describe('by the clock on the site’s wall; of a day that is not there nobody works'),
  exceptions: z
    .array(
      z.strictObject({
        date: z
          .string()
          .regex(/^\d{4}-\d\d-\d\d$/, 'a date is written like 2026-12-31')
          .refine((date) => new Date(`${date}T00:00Z`).toJSON()?.startsWith(date), 'there is no such day'),
        open: openings,
      }),
    )
    .max(400)
    .optional()
    .describe('holidays (nothing open) and days with other hours'),
});
