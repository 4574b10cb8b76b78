// The mappings that come with Continuo, and those an installation adds: every .yaml file of a folder is a connector.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MappingError, parseMapping } from './load.ts';
import type { Mapping } from './schema.ts';

export const SHIPPED = fileURLToPath(new URL('../../../mappings', import.meta.url));

/** @throws {Error} with the faults of all files */
export function mappingsIn(folder: string): Mapping[] {
  const faults: string[] = [];
  const mappings = readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .flatMap((file) => {
      try {
        return [parseMapping(readFileSync(join(folder, file), 'utf8'), file)];
      } catch (error) {
        if (!(error instanceof MappingError)) throw error;
        faults.push(error.message);
        return [];
      }
    });
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return mappings;
}

/** The text of each, by its id, after which it is named. */
export const readShipped = (): Map<string, string> =>
  new Map(
    readdirSync(SHIPPED)
      .sort()
      .map((file) => [basename(file, '.yaml'), readFileSync(join(SHIPPED, file), 'utf8')]),
  );
