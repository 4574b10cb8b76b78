// What a backup consists of, and where each consumer stood. Written last: a folder without it is no backup.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export const FORMAT = 1;
export const MANIFEST_NAME = 'backup.json';

const file = { file: z.string().regex(/^[A-Za-z0-9_.-]+$/), sha256: z.string().length(64) };
const manifest = z.object({
  format: z.number(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Version of the documents' shape; older backups do not say it. */
  schema: z.int().nonnegative().default(0),
  streams: z.array(
    z.object({ name: z.string(), ...file, config: z.looseObject({ name: z.string() }), state: z.looseObject({}) }),
  ),
  /** Up to which sequence of its stream each consumer had done everything before the first document was copied. */
  consumers: z.array(z.object({ name: z.string(), stream: z.string(), doneUpTo: z.int().nonnegative() })),
  collections: z.array(
    z.object({ name: z.string(), ...file, documents: z.int().nonnegative(), indexes: z.array(z.looseObject({})) }),
  ),
});
export type Manifest = z.infer<typeof manifest>;

export async function writeManifest(folder: string, content: Manifest): Promise<void> {
  const draft = join(folder, `${MANIFEST_NAME}.part`);
  const handle = await open(draft, 'w', 0o600);
  await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
  await handle.sync();
  await handle.close();
  await rename(draft, join(folder, MANIFEST_NAME));
}

/** @throws one sentence when the folder holds no whole backup, or one that this version cannot read */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST_NAME), 'utf8').catch(() => {
    throw new Error(
      `${folder} holds no backup: ${MANIFEST_NAME} is missing. It is written last, so one that broke off has none.`,
    );
  });
  const content: unknown = JSON.parse(text);
  const format = (content as { format?: unknown }).format;
  if (format !== FORMAT)
    throw new Error(`${folder} is a backup of format ${format}; this version reads format ${FORMAT}.`);
  return manifest.parse(content);
}

/** @returns what is wrong with the files, a sentence each */
export async function faultsOf(folder: string, { streams, collections }: Manifest): Promise<string[]> {
  const faults: string[] = [];
  for (const { file, sha256 } of [...streams, ...collections]) {
    const found = await hashOf(join(folder, file)).catch(() => undefined);
    if (found === undefined) faults.push(`${file} cannot be read`);
    else if (found !== sha256) faults.push(`${file} is not as it was written`);
  }
  return faults;
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
