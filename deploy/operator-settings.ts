// What an operator says to crm-sync in the environment of `npm start`: it reaches crm-sync as beside any other installation. What the launcher sets itself, or
// gives to no service, is named, so that nobody waits for a setting that nobody reads.
import { join, resolve } from 'node:path';
import { concerning, outboundAllow, readConfig } from '@continuo/runtime';
import { z } from 'zod';

/** Of crm-sync's settings (docs/configuration.md) those that `npm start` leaves to the operator. */
const TAKEN = {
  CONTINUO_CRM_MAPPINGS_DIR: z.string().optional(),
  CONTINUO_OUTBOUND_ALLOW: outboundAllow,
  CONTINUO_CREDENTIALS_OTHER_KEYS: z.string().optional(),
};
/** What the launcher and its tests read themselves. */
const OWN = /^CONTINUO_(SERVERS_CACHE$|TEST_)/;
/** The demo's CRM runs on this machine. */
const DEMO_CRM = '127.0.0.1:*';

export interface OperatorSettings {
  crmSync: Record<string, string>;
  /** A sentence for each setting that is not taken. */
  warnings: string[];
}

/** @throws {ConfigError} for a setting that stands in the environment and in a file, or in a file that cannot be read */
export function operatorSettings(env: NodeJS.ProcessEnv): OperatorSettings {
  const theirs = concerning(TAKEN, env);
  const {
    CONTINUO_CRM_MAPPINGS_DIR: folder,
    CONTINUO_OUTBOUND_ALLOW: allow,
    CONTINUO_CREDENTIALS_OTHER_KEYS: keys,
  } = readConfig(TAKEN, theirs);
  return {
    crmSync: {
      // Services run in a folder of their own.
      ...(folder !== undefined && { CONTINUO_CRM_MAPPINGS_DIR: resolve(folder) }),
      ...(allow.trim() !== '' && { CONTINUO_OUTBOUND_ALLOW: `${DEMO_CRM},${allow}` }),
      ...(keys !== undefined && { CONTINUO_CREDENTIALS_OTHER_KEYS: keys }),
    },
    warnings: Object.keys(env)
      .filter((name) => name.startsWith('CONTINUO_') && !(name in theirs) && !OWN.test(name))
      .map(
        (name) =>
          `${name} is not taken: npm start says this to the services itself, or not at all. Taken are ${Object.keys(TAKEN).join(', ')}.`,
      ),
  };
}

/**
 * crm-sync says it in its log, where nobody who has just started it looks.
 * @returns a line for each mapping that will not be used; none when there is no such folder, which crm-sync refuses itself
 */
export async function faultyMappings(folder: string | undefined): Promise<string[]> {
  if (folder === undefined) return [];
  // Only whoever has mappings waits for what understands them.
  const { connectorsIn } = await import('../services/crm-sync/src/connectors/index.ts');
  try {
    return connectorsIn(folder).refused.map(
      ({ file, words }) =>
        `${inOneLine(words)}. What uses it waits, all others work; everything about it: npm run crm-mapping -- validate ${join(folder, file)}`,
    );
  } catch {
    return [];
  }
}

function inOneLine(words: string): string {
  const [what = '', first = '', ...more] = words.replace(/\.$/, '').split('\n');
  return `${[what, first.trim()].filter(Boolean).join(' ')}${more.length > 0 ? `; and ${more.length} more` : ''}`;
}
