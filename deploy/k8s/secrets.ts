// Prints the Secrets that the manifests refer to, with new random values. For the first installation only: create, not apply, so that none is ever overwritten.
//   node deploy/k8s/secrets.ts [--members 3] [--smtp smtps://USER:PASSWORD@HOST] | kubectl create --namespace continuo -f -
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { NATS_USERS } from '@continuo/servers';
import { stringify } from 'yaml';

export interface SecretOptions {
  /** Servers of MongoDB: 1 in the overlay small, 3 in ha. */
  members: number;
  smtp: string;
}

/** A host that no overlay makes: whoever names none sends no mail. */
export const NO_MAIL_SERVER = 'smtp://mail:25';

/** Name of the Secret → key → value. A value begins with a letter: the NATS configuration would take digits for a number. */
export function secrets({ members, smtp }: SecretOptions): Record<string, Record<string, string>> {
  const password = word();
  const hosts = Array.from({ length: members }, (_, i) => `mongodb-${i}.mongodb:27017`).join(',');
  return {
    'continuo-nats': Object.fromEntries(NATS_USERS.map((user) => [user, word()])),
    'continuo-mongodb': {
      key: word(),
      password,
      url: `mongodb://continuo:${password}@${hosts}/?replicaSet=rs0&authSource=continuo`,
    },
    'continuo-keys': {
      'token-key': word(),
      'link-key': word(),
      'credentials-key': randomBytes(32).toString('hex'),
      // Only while that one is changed: docs/operations.md, "Changing the credentials key".
      'credentials-other-keys': '',
    },
    'continuo-smtp': { url: smtp },
  };
}

const word = (): string => `k${randomBytes(32).toString('hex')}`;

if (import.meta.main) {
  const { values } = parseArgs({
    options: { members: { type: 'string', default: '3' }, smtp: { type: 'string', default: NO_MAIL_SERVER } },
  });
  for (const [name, stringData] of Object.entries(secrets({ members: Number(values.members), smtp: values.smtp })))
    process.stdout.write(
      `---\n${stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData })}`,
    );
}
