// Credentials at rest: AES-256-GCM, bound to the site they belong to, so that a copied document opens nothing elsewhere.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function seal(keyHex: string, site: string, secrets: Record<string, string>): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(keyHex, 'hex'), iv).setAAD(Buffer.from(site));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
  return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/** @throws {Error} with words when the key is another one or the text was changed */
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
    throw new Error(
      `the CRM credentials of site ${site} cannot be opened: CONTINUO_CREDENTIALS_KEY is not the key they were stored with; restore it or save the connection again`,
      { cause: error },
    );
  }
}
