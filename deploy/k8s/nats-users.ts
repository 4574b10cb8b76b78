// k8s/components/nats/users.conf: who may connect to NATS and what each may do, from the catalogue. Passwords come from the environment of the server.
import { IDENTITIES, permissionsOf } from '@continuo/bus';

export const NATS_USERS_FILE = 'k8s/components/nats/users.conf';

export const passwordVariable = (user: string): string => `NATS_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`;

export function natsUsersFile(): string {
  const users = [...IDENTITIES, 'admin' as const].map((user) => {
    const permissions = user === 'admin' ? '' : `, permissions: ${JSON.stringify(permissionsOf(user), null, 2)}`;
    return `    { user: ${user}, password: $${passwordVariable(user)}${permissions} }`;
  });
  return `# Generated from the catalogue by \`npm run generate\`; do not edit.\nauthorization {\n  users = [\n${users.join('\n')}\n  ]\n}\n`;
}
