// What the demo brings, saved when it is new: at the first start, and when the demo itself has something else to say (other ports, a newer release). What an
// administrator has put in its place meanwhile stands.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

/**
 * @param file remembers what was saved last, as a hash: it may hold passwords
 * @returns whether it was saved. What fails is not remembered, so that the next start tries again
 */
export async function savedOnce<T>(file: string, what: T, save: (what: T) => Promise<void>): Promise<boolean> {
  if (await wasSavedLast(file, what)) return false;
  await save(what);
  await writeFile(file, hashOf(what), { mode: 0o600 });
  return true;
}

export const wasSavedLast = async (file: string, what: unknown): Promise<boolean> =>
  (await remembered(file)) === hashOf(what);

const hashOf = (what: unknown): string => createHash('sha256').update(JSON.stringify(what)).digest('hex');

async function remembered(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
