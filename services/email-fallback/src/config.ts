// What email-fallback reads from the environment.
import { isTimeZone } from '@continuo/contracts';
import { busConfig, httpConfig, storeConfig } from '@continuo/runtime';
import { z } from 'zod';

export const config = {
  ...busConfig,
  ...storeConfig,
  ...httpConfig,
  CONTINUO_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'starts with smtp:// or smtps://')
    .default('smtp://127.0.0.1:1025')
    .describe('mail server that takes the mails, with user and password if it wants them (secret)'),
  CONTINUO_MAIL_CONFIRM_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(120)
    .describe('a mail handed over for so long without the server’s answer is recorded as unconfirmed'),
  CONTINUO_MAIL_TIME_ZONE: z
    .string()
    .default('UTC')
    .refine(isTimeZone, 'is no time zone')
    .describe('time zone of the times in a mail, e.g. Europe/Stockholm, for sites whose `hours` name none'),
};
export type Config = z.infer<z.ZodObject<typeof config>>;
