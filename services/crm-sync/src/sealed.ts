// Credentials at rest: AES-256-GCM, bound to the site they belong to, so that a copied document opens nothing elsewhere.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export class UnsealError extends Error {
  override name = 'UnsealError';
}
const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function seal(keyHex: string, site: string, secrets: Record<string, string>): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(keyHex, 'hex'), iv).setAAD(Buffer.from(site));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
  return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/** The first seals; all of them open, so that a key can be changed while others still seal with the old one. */
export type Keys = readonly [string, ...string[]];

/** @throws {UnsealError} with words when no key fits or the text was changed */
export function unsealWith(keys: Keys, site: string, text: string): Record<string, string> {
  for (const key of keys.slice(1))
    try {
      return unseal(key, site, text);
    } catch {
      // Another one, then.
    }
  return unseal(keys[0], site, text);
}

/** @returns the same secrets under the first key, or undefined when it is the first that opens them already */
export function resealed(keys: Keys, site: string, text: string): string | undefined {
  try {
    unseal(keys[0], site, text);
    return undefined;
  } catch {
    return seal(keys[0], site, unsealWith(keys, site, text));
  }
}

/** @throws {UnsealError} with words when the key is another one or the text was changed */
export function unseal(keyHex: string, site: string, text: string): Record<string, string> {
  const [version, body = ''] = text.split('.');
  const bytes = Buffer.from(body, 'base64url');
  try {
    if (version !== VERSION) throw new TypeError(`unknown version ${version}`);
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(keyHex, 'hex'), bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(site))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(opened.toString('utf8')) as Record<string, string>;
  } catch (error) {
    throw new UnsealError(
      `the CRM credentials of site ${site} cannot be opened: CONTINUO_CREDENTIALS_KEY is not the key they were stored with; restore it or save the connection again`,
      { cause: error },
    );
  }
}
