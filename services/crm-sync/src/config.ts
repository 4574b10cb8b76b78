// What crm-sync reads from the environment.
import { busConfig, httpConfig, outboundAllow, storeConfig } from '@continuo/runtime';
import { z } from 'zod';

export const config = {
  ...busConfig,
  ...storeConfig,
  ...httpConfig,
  CONTINUO_LINK_KEY: z
    .string()
    .min(32)
    .describe('signs the links that stand in CRM records; shared with gateway (secret)'),
  CONTINUO_CREDENTIALS_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits')
    .describe('encrypts the credentials of CRM connections at rest, AES-256-GCM (secret)'),
  CONTINUO_CREDENTIALS_OTHER_KEYS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((key) => key !== ''))
    .pipe(z.array(z.string().regex(/^[0-9a-f]{64}$/i, 'keys of 64 hexadecimal digits, separated by commas')))
    .describe(
      'more keys that open stored credentials, separated by commas. To change the key: start all replicas with the new one here, then with both swapped (credentials are sealed anew at start), then without the old one (secret)',
    ),
  CONTINUO_OUTBOUND_ALLOW: outboundAllow,
};
export type Config = z.infer<z.ZodObject<typeof config>>;
