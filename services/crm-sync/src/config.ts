// What crm-sync reads from the environment.
import { busConfig, httpConfig, outboundAllow, storeConfig } from '@continuo/runtime';
import { z } from 'zod';
import { connectorsIn } from './connectors/index.ts';

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
      'more keys that open stored credentials, separated by commas. To change the key: docs/operations.md (secret)',
    ),
  CONTINUO_OUTBOUND_ALLOW: outboundAllow,
  CONTINUO_CRM_MAPPINGS_DIR: z
    .string()
    .optional()
    .transform((folder, context) => {
      try {
        return connectorsIn(folder);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    })
    .describe(
      'folder with mapping files (.yaml) of this installation: each joins a CRM, see docs/rest-mapping.md; read at start. A file with faults is not used, and told in the log and on the journal page; all others work',
    ),
};
export type Config = z.infer<z.ZodObject<typeof config>>;
