// Who acts and who is meant: actors, agents, contacts, pages. Parts of many messages.
import { z } from 'zod';
import { ADDRESS, IMPOSSIBLE, LONGEST_EMAIL } from '../email.ts';
import { ID_PATTERN } from '../ids.ts';

const EXPECTED = 'an e-mail address as olga@example.com is expected';

export const id = z.string().regex(ID_PATTERN, 'an id has 22 characters of 0-9 and a-z');
export const timestamp = z.int().nonnegative().describe('milliseconds since 1970, UTC');
export const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language as ru or pt-BR is expected')
  .describe('BCP 47, e.g. "ru" or "pt-BR"');
export const address = z.string().max(2048).describe('a web address, as the browser shows it');

export const role = z.enum(['agent', 'supervisor', 'admin']);
export const actor = z.strictObject({
  kind: z.enum(['visitor', 'agent', 'system', 'operator']),
  id: z.string().min(1).max(64),
  role: role.optional(),
});

export const agentRef = z.strictObject({
  id,
  name: z.string().min(1).max(120),
  photo: z.string().max(2048).optional().describe('address of the picture, relative to the gateway or absolute'),
});

export const author = z.strictObject({
  kind: z.enum(['visitor', 'agent', 'system']),
  id: z.string().min(1).max(64),
  name: z.string().max(120).optional(),
  photo: z.string().max(2048).optional(),
});

export const page = z.strictObject({
  url: address,
  title: z.string().max(300).optional(),
  referrer: address.optional(),
});

/** In settings: they are read with their schema, and a site that stands may not be gone for a rule that came later. */
export const storedEmail = z.string().max(LONGEST_EMAIL).regex(ADDRESS, EXPECTED);
/** Not in the pattern: that of what is stored may not become another. */
export const email = storedEmail.refine((text) => !IMPOSSIBLE.test(text), EXPECTED);

export const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'E.164');

export const contact = z.strictObject({
  name: z.string().min(1).max(120).optional(),
  email: email.optional(),
  phone: phone.optional(),
  externalId: z.string().min(1).max(128).optional(),
});

export type Actor = z.infer<typeof actor>;
export type Role = z.infer<typeof role>;
export type AgentRef = z.infer<typeof agentRef>;
export type Author = z.infer<typeof author>;
export type Page = z.infer<typeof page>;
export type Contact = z.infer<typeof contact>;
