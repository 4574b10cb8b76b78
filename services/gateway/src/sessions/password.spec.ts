import { expect, test } from '@jest/globals';
import { hashPassword, isPasswordHash, verifyPassword } from './password.ts';

test('a password opens its own hash and no other one does', async () => {
  const hash = await hashPassword('Grüße aus Köln 🌦');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(isPasswordHash(hash)).toBe(true);
  expect(await verifyPassword('Grüße aus Köln 🌦', hash)).toBe(true);
  expect(await verifyPassword('Grüße aus Köln', hash)).toBe(false);
  expect(await verifyPassword('', hash)).toBe(false);
});

test('the same password typed in another normal form of Unicode opens too', async () => {
  expect(await verifyPassword('Ko\u0308ln', await hashPassword('K\u00f6ln'))).toBe(true);
});

test('two hashes of one password differ', async () => {
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
});

test('a hash made elsewhere at another cost opens as well', async () => {
  // From the reference implementation: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32 -e
  const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await verifyPassword('password', hash)).toBe(true);
  expect(await verifyPassword('passwort', hash)).toBe(false);
});

test('what is no hash opens nothing', async () => {
  for (const nonsense of ['', 'password', '$argon2id$v=19$m=19456,t=2,p=1$$', '$2b$10$abcdefghijklmnopqrstuv'])
    expect(await verifyPassword('password', nonsense)).toBe(false);
});
