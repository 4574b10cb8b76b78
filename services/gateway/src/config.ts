// Everything that can be set on the gateway, one sentence each. The limits hold for one replica.
import { busConfig, httpConfig, storeConfig } from '@continuo/runtime';
import { z } from 'zod';

const secret = z.string().min(32, 'at least 32 characters are expected');
const isOrigin = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
const bucketUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'an http(s) address is expected');
const limit = (most: number) => z.coerce.number().int().positive().default(most);

export const config = {
  ...busConfig,
  ...storeConfig,
  ...httpConfig,
  CONTINUO_TOKEN_KEY: secret.describe('signs the visitors’ tokens; the same on every gateway (secret)'),
  CONTINUO_LINK_KEY: secret.describe('checks the links that stand in CRM records; shared with crm-sync (secret)'),
  CONTINUO_PUBLIC_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((origin) => origin !== ''))
    .pipe(z.array(z.string().refine(isOrigin, 'origins as `https://chat.example`, separated by commas, are expected')))
    .describe(
      'where browsers reach the gateway, as `https://chat.example`, separated by commas: pages from there count as its own. The `consoleUrl` of each site counts by itself; on a loopback address so do `localhost` and `127.0.0.1`',
    ),
  CONTINUO_PROXY_HOPS: z.coerce
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('how many trusted proxies stand before the gateway and add X-Forwarded-For; 0 trusts no such header'),
  CONTINUO_PHOTOS_DIR: z.string().optional().describe('folder with pictures of agents, served under /photos/'),
  CONTINUO_DRAIN_SPREAD_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(15_000)
    .default(2_000)
    .describe('when stopping, sockets are told to move at moments spread over so long'),
  CONTINUO_AGENT_LEASE_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(600)
    .default(45)
    .describe(
      'an agent leaves the desk so long after the last word from his browser, be it gone or his gateway; the gateway asks for a sign of life after a third of this',
    ),
  CONTINUO_FILES_S3_URL: bucketUrl
    .optional()
    .describe(
      'bucket of an S3-compatible store that keeps the files, path style: `https://host/bucket`; without it MongoDB keeps them',
    ),
  CONTINUO_FILES_S3_REGION: z.string().default('us-east-1').describe('region that the bucket’s signatures name'),
  CONTINUO_FILES_S3_ACCESS_KEY: z.string().optional().describe('access key of the bucket'),
  CONTINUO_FILES_S3_SECRET_KEY: z.string().optional().describe('its secret key (secret)'),
  CONTINUO_LIMIT_FILE_MB: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(20)
    .describe('largest file that is taken, in millions of bytes'),
  CONTINUO_LIMIT_FILE_MB_PER_VISITOR: limit(100).describe('files of one visitor within a day, in millions of bytes'),
  CONTINUO_LIMIT_UPLOADS_PER_SENDER: limit(40).describe('files that one visitor or employee sends, per minute'),
  CONTINUO_LIMIT_UPLOADS_PER_ADDRESS: limit(200).describe('files that come from one address, per minute'),
  CONTINUO_LIMIT_SOCKETS_PER_ADDRESS: limit(1_000).describe('sockets open at once from one address'),
  CONTINUO_LIMIT_CONNECTS_PER_ADDRESS: limit(600).describe('sockets opened from one address, per minute'),
  CONTINUO_LIMIT_FRAMES_PER_SOCKET: limit(1_200).describe('frames of one socket, per minute'),
  CONTINUO_LIMIT_PAGES_PER_ADDRESS: limit(600).describe('page views of all visitors at one address, per minute'),
  CONTINUO_LIMIT_COMMANDS_PER_VISITOR: limit(60).describe('commands of one visitor, per minute'),
  CONTINUO_LIMIT_COMMANDS_PER_ADDRESS: limit(600).describe('commands of all visitors at one address, per minute'),
  CONTINUO_LIMIT_STARTS_PER_VISITOR: limit(10).describe('conversations begun by one visitor, per ten minutes'),
  CONTINUO_LIMIT_STARTS_PER_ADDRESS: limit(20).describe('conversations begun from one address, per minute'),
  CONTINUO_LIMIT_STARTS_PER_SITE: limit(600).describe('conversations begun on one site, per minute'),
  CONTINUO_LIMIT_LOGINS_PER_ADDRESS: limit(60).describe('attempts to log in from one address, per ten minutes'),
  CONTINUO_LIMIT_LOGINS_PER_ACCOUNT: limit(10).describe(
    'attempts to log in to one account from one address, or from a browser that has logged in to it before, per ten minutes',
  ),
  CONTINUO_LIMIT_GUESSES_PER_ACCOUNT: limit(20).describe(
    'wrong passwords at one account from all browsers that have not logged in to it before, wherever they are, per ten minutes',
  ),
};

export type Config = z.infer<z.ZodObject<typeof config>>;
