// Backups by the clock: each in a folder that is named by its time, the last few kept. What has another name is somebody's own and stays.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_NAME } from './manifest.ts';

const NAME = /^\d{4}-\d\d-\d\dT\d{6}Z$/;

/**
 * @param create writes a whole backup into a new folder
 * @returns that folder. Older ones go only once it is whole: all but the last `keep`, and those that broke off
 */
export async function rotate(
  create: (folder: string) => Promise<unknown>,
  { parent, keep, now }: { parent: string; keep: number; now: Date },
): Promise<string> {
  const name = now.toISOString().replace(/\.\d+/, '').replaceAll(/:/g, '');
  const folder = join(parent, name);
  await create(folder);
  const others = (await readdir(parent)).filter((one) => NAME.test(one) && one < name).sort();
  const whole: string[] = [];
  for (const one of others) if (await isWhole(join(parent, one))) whole.push(one);
  const kept = new Set(keep > 1 ? whole.slice(-(keep - 1)) : []);
  for (const one of others) if (!kept.has(one)) await rm(join(parent, one), { recursive: true });
  return folder;
}

const isWhole = (folder: string): Promise<boolean> =>
  stat(join(folder, MANIFEST_NAME)).then(
    () => true,
    () => false,
  );
