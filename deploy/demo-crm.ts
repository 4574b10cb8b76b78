// The connection to the CRM that the demo brings. It is written where none stands, and in place of what the demo has written itself: what an administrator has
// connected instead stays, also when the demo starts at other ports.
import { rm } from 'node:fs/promises';
import type { CrmConnection, CrmConnectionState } from '@continuo/contracts';
import { savedOnce, wasSavedLast } from './saved-once.ts';

export interface Site {
  standing(): Promise<Pick<CrmConnectionState, 'connector' | 'name' | 'host'> | undefined>;
  save(connection: CrmConnection): Promise<void>;
}

/**
 * @param file remembers what was written last
 * @returns what stands instead of the demo's, in words; undefined when the demo's CRM is connected
 */
export async function connectDemoCrm(file: string, connection: CrmConnection, site: Site): Promise<string | undefined> {
  const stands = await site.standing();
  if (stands) {
    // Credentials are told to nobody: what changes with the ports is the address.
    const ours = { ...connection, connector: stands.connector, baseUrl: `http://${stands.host}` };
    if (!(await wasSavedLast(file, ours))) return `${stands.name} (${stands.host})`;
  } else await rm(file, { force: true });
  await savedOnce(file, connection, site.save);
  return undefined;
}
