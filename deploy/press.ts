// Compresses what was built as far as it goes, once, so that the gateway never does it for a request: beside `panel.js` stand `panel.js.br`
// and `panel.js.gz`.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { PRESSABLE } from '../services/gateway/src/http/pressed.ts';

const inBrotli = promisify(brotliCompress);
const inGzip = promisify(gzip);

/** @param folder whose files, also those further down, get their pressed copies */
export async function press(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((one) => PRESSABLE.test(one))) {
    const file = join(folder, name);
    const plain = await readFile(file);
    await writeFile(`${file}.br`, await inBrotli(plain));
    await writeFile(`${file}.gz`, await inGzip(plain, { level: 9 }));
  }
}
