// Prints the variables that docker-compose.yml asks for, with new random values. Redirect it to `.env` once, readable for
// yourself alone, and keep that file: data and passwords belong together.
import { randomBytes } from 'node:crypto';
import { passwordVariable } from './nats-users.ts';
import { secrets } from './secrets.ts';

export function composeEnv(): Record<string, string> {
  const made = secrets({ members: 1, smtp: '' });
  const of = (secret: string, key: string): string => made[secret]?.[key] as string;
  return {
    ...Object.fromEntries(
      Object.entries(made['continuo-nats'] ?? {}).map(([user, password]) => [passwordVariable(user), password]),
    ),
    MONGO_KEY: of('continuo-mongodb', 'key'),
    MONGO_PASSWORD: of('continuo-mongodb', 'password'),
    TOKEN_KEY: of('continuo-keys', 'token-key'),
    LINK_KEY: of('continuo-keys', 'link-key'),
    RABBITMQ_PASSWORD: randomBytes(24).toString('base64url'),
    CREDENTIALS_KEY: of('continuo-keys', 'credentials-key'),
  };
}

if (import.meta.main && process.argv.length > 2) {
  process.stderr.write('compose-env.ts takes no options: it prints the variables of .env.\n');
  process.exitCode = 2;
} else if (import.meta.main)
  for (const [name, value] of Object.entries(composeEnv())) process.stdout.write(`${name}=${value}\n`);
