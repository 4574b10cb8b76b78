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

/** Name of the Secret → key → value. A value begins with a letter: without the manifests' own start.sh the NATS configuration would take digits for a number. */
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

/** As many as vote in a replica set. */
const MOST_MEMBERS = 7;
const USERINFO = String.raw`(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})+`;
const SMTP = new RegExp(
  String.raw`^smtps?://(?:${USERINFO}(?::${USERINFO})?@)?(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d+)?/?(?:\?\S*)?$`,
  'i',
);

/** @throws in words where the Secrets would be such that nothing can work with them */
export function optionsOf(args: string[]): SecretOptions {
  const { values } = parseArgs({
    args,
    options: { members: { type: 'string', default: '3' }, smtp: { type: 'string', default: NO_MAIL_SERVER } },
  });
  const { smtp } = values;
  const members = Number(values.members);
  if (!Number.isInteger(members) || members < 1 || members > MOST_MEMBERS)
    throw new Error(
      `--members ${values.members}: it is a number from 1 to ${MOST_MEMBERS}, 1 in the overlay small and 3 in ha.`,
    );
  if (!SMTP.test(smtp))
    throw new Error(
      'The address after --smtp looks like smtps://USER:PASSWORD@HOST or smtp://HOST:PORT. What is no letter or digit in user and password is written by its number: @ is %40, : is %3A, / is %2F, ö is %C3%B6.',
    );
  return { members, smtp };
}

if (import.meta.main) {
  try {
    for (const [name, stringData] of Object.entries(secrets(optionsOf(process.argv.slice(2)))))
      process.stdout.write(
        `---\n${stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData })}`,
      );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
