// What an operator says to crm-sync in the environment of `npm start`: it reaches crm-sync as beside any other installation. What the launcher sets itself, or
// gives to no service, is named, so that nobody waits for a setting that nobody reads.
import { resolve } from 'node:path';

/** Of crm-sync's settings (docs/configuration.md) those that `npm start` leaves to the operator. */
const TAKEN = ['CONTINUO_CRM_MAPPINGS_DIR', 'CONTINUO_OUTBOUND_ALLOW', 'CONTINUO_CREDENTIALS_OTHER_KEYS'] as const;
/** What the launcher and its tests read themselves. */
const OWN = /^CONTINUO_(SERVERS_CACHE$|TEST_)/;
/** The demo's CRM runs on this machine. */
const DEMO_CRM = '127.0.0.1:*';

export interface OperatorSettings {
  crmSync: Record<string, string>;
  /** A sentence for each setting that is not taken. */
  warnings: string[];
}

export function operatorSettings(env: NodeJS.ProcessEnv): OperatorSettings {
  const given = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[0].startsWith('CONTINUO_') && entry[1] !== undefined,
  );
  const isTaken = (name: string) => TAKEN.some((one) => name === one || name === `${one}_FILE`);
  const crmSync = Object.fromEntries(given.filter(([name]) => isTaken(name)));
  const { CONTINUO_OUTBOUND_ALLOW: allow, CONTINUO_CRM_MAPPINGS_DIR: folder } = crmSync;
  if (allow !== undefined) crmSync['CONTINUO_OUTBOUND_ALLOW'] = allow.trim() === '' ? DEMO_CRM : `${DEMO_CRM},${allow}`;
  // Services run in a folder of their own.
  if (folder !== undefined) crmSync['CONTINUO_CRM_MAPPINGS_DIR'] = resolve(folder);
  return {
    crmSync,
    warnings: given
      .filter(([name]) => !isTaken(name) && !OWN.test(name))
      .map(
        ([name]) =>
          `${name} is not taken: npm start says this to the services itself, or not at all. Taken are ${TAKEN.join(', ')}.`,
      ),
  };
}
