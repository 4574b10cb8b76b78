// Passwords as argon2id in PHC form (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`), so that the cost can rise and old hashes still open.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const argon2id = promisify(argon2).bind(undefined, 'argon2id');
/** OWASP's choice: 19 MiB, two passes. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** A longer password is refused before it is hashed. */
export const MAX_PASSWORD = 1_000;
const PHC =
  /^\$argon2id\$v=19\$m=(?<memory>\d{1,7}),t=(?<passes>\d{1,2}),p=(?<parallelism>\d{1,2})\$(?<salt>[A-Za-z0-9+/]{11,86})\$(?<hash>[A-Za-z0-9+/]{22,86})$/;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await argon2id({ message: password.normalize('NFKC'), nonce: salt, tagLength: HASH_BYTES, ...COST });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Whether the password gives this hash. @returns false also for what is no hash in PHC form */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const parts = PHC.exec(phc)?.groups;
  if (!parts || password.length > MAX_PASSWORD) return false;
  const expected = Buffer.from(parts['hash'] as string, 'base64');
  const hash = await argon2id({
    message: password.normalize('NFKC'),
    nonce: Buffer.from(parts['salt'] as string, 'base64'),
    tagLength: expected.length,
    memory: Number(parts['memory']),
    passes: Number(parts['passes']),
    parallelism: Number(parts['parallelism']),
  });
  return timingSafeEqual(hash, expected);
}

export const isPasswordHash = (text: string): boolean => PHC.test(text);

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
