// Mapping files that an installation adds, in a folder of its own: read at start together with the configuration, so that their faults are told with all others.
import type { Mapping } from './schema.ts';
import { mappingsIn } from './shipped.ts';

/**
 * @param taken ids of connectors that come with Continuo: a site that uses one must not find another behind its name
 * @throws {Error} with the faults of all files
 */
export function ownMappings(folder: string, taken: readonly string[]): Mapping[] {
  const mappings = readable(folder);
  const ids = [...taken];
  const faults: string[] = [];
  for (const { id } of mappings) {
    if (ids.includes(id)) faults.push(`the id “${id}” is taken already; give the mapping another one`);
    ids.push(id);
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return mappings;
}

function readable(folder: string): Mapping[] {
  try {
    return mappingsIn(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Error(`${folder} cannot be read as a folder of mapping files (${code})`, { cause: error });
  }
}
