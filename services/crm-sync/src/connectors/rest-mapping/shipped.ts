// The mappings that come with Continuo: every .yaml file of the folder is a connector.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMapping } from './load.ts';
import type { Mapping } from './schema.ts';

export const SHIPPED = fileURLToPath(new URL('../../../mappings', import.meta.url));

export const mappingsIn = (folder: string): Mapping[] =>
  readdirSync(folder)
    .sort()
    .map((file) => parseMapping(readFileSync(join(folder, file), 'utf8'), file));

/** The text of each, by its id, after which it is named. */
export const readShipped = (): Map<string, string> =>
  new Map(
    readdirSync(SHIPPED)
      .sort()
      .map((file) => [basename(file, '.yaml'), readFileSync(join(SHIPPED, file), 'utf8')]),
  );
