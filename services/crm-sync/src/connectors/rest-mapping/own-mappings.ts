// Mapping files that an installation adds, in a folder of its own: read at start together with the configuration. That there is such a folder is the operator's
// configuration; what stands in a file is about one CRM. So a file with faults is refused for itself, and everybody else's CRM goes on.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type MappingError, parseMapping } from './load.ts';
import type { Mapping } from './schema.ts';

export interface RefusedMapping {
  file: string;
  /** As far as it can be read, and is not the name of another one. */
  id: string | undefined;
  words: string;
}

/**
 * @param taken ids of connectors that come with Continuo: a site that uses one must not find another behind its name
 * @throws {Error} when there is no such folder
 */
export function ownMappings(
  folder: string,
  taken: readonly string[],
): { mappings: Mapping[]; refused: RefusedMapping[] } {
  const read = filesIn(folder).map((file) => readMapping(join(folder, file), file, taken));
  const ids = read.map((one) => one.id);
  const twice = ids.filter((id, index) => id !== undefined && ids.indexOf(id) !== index);
  const mappings: Mapping[] = [];
  const refused: RefusedMapping[] = [];
  for (const one of read) {
    if (twice.includes(one.id)) {
      const files = read.filter(({ id }) => id === one.id).map(({ file }) => file);
      const words = `The id “${one.id}” stands in ${files.join(' and ')}: give each mapping one of its own.`;
      refused.push({ file: one.file, id: one.id, words });
    } else if ('mapping' in one) mappings.push(one.mapping);
    else refused.push(one);
  }
  return { mappings, refused };
}

type Read = RefusedMapping | { file: string; id: string; mapping: Mapping };

function readMapping(path: string, file: string, taken: readonly string[]): Read {
  let text: string;
  try {
    // Whoever opens a pipe waits for ever.
    if (!statSync(path).isFile()) return { file, id: undefined, words: `${file} is not a file.` };
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { file, id: undefined, words: `${file} cannot be read (${(error as NodeJS.ErrnoException).code}).` };
  }
  try {
    const mapping = parseMapping(text, file, taken);
    return { file, id: mapping.id, mapping };
  } catch (error) {
    const id = /^id:\s*["']?([a-z][a-z0-9-]*)/m.exec(text)?.[1];
    return {
      file,
      id: id !== undefined && taken.includes(id) ? undefined : id,
      words: (error as MappingError).message,
    };
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => /\.ya?ml$/.test(file))
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${folder} cannot be read as a folder of mapping files (${code})`, { cause: error });
  }
}
