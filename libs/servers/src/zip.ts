// Reads one entry out of a zip archive (a Python wheel is one), so that no `unzip` is needed.
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  name: string;
  method: number;
  packedSize: number;
  headerOffset: number;
}

/** The content of the first entry whose name ends with `suffix`. */
export function extractEntry(zip: Buffer, suffix: string): Buffer {
  for (const entry of entries(zip)) {
    if (!entry.name.endsWith(suffix)) continue;
    // The local header repeats name and extra field, with lengths of its own.
    const { headerOffset } = entry;
    const start = headerOffset + 30 + zip.readUInt16LE(headerOffset + 26) + zip.readUInt16LE(headerOffset + 28);
    const data = zip.subarray(start, start + entry.packedSize);
    if (entry.method === STORED) return Buffer.from(data);
    if (entry.method === DEFLATED) return inflateRawSync(data);
    throw new Error(`zip entry ${entry.name}: compression method ${entry.method} is not supported`);
  }
  throw new Error(`the zip archive has no entry ending in "${suffix}"`);
}

function* entries(zip: Buffer): Generator<Entry> {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('not a zip archive');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('the zip archive has a damaged directory');
    const nameLength = zip.readUInt16LE(at + 28);
    yield {
      method: zip.readUInt16LE(at + 10),
      packedSize: zip.readUInt32LE(at + 20),
      headerOffset: zip.readUInt32LE(at + 42),
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
    };
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}
