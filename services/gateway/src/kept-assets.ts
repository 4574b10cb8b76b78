// The widget's files of builds that run no more. A page that is open when all gateways are replaced goes on with the code it has, and later wants a language, a
// form or the panel by the name that its build gave it. So each gateway puts its own into MongoDB at start, and any gateway finds there what it does not have
// itself: the last build's, or, in the middle of an update, the next one's. Only files whose names tell their content; a month after the last gateway that had it, a file is gone.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { insertAbsent, isStoreOutage, type Store } from '@continuo/store';
import { logger } from '@continuo/telemetry';

const KEPT_MS = 30 * 24 * 3600 * 1000;
/** Of one file: a chunk has some ten thousand bytes. */
const MOST_BYTES = 500_000;
/** Of all builds together; one has about 150 with its pressed copies, most of them the same as in the build before. */
const MOST_FILES = 3_000;
/** However many names are asked for that nobody has, MongoDB is asked for them once in so long. */
const LOOK_EVERY_MS = 1_000;
const IN_MEMORY = 50;
/** As the build names what lies in assets, and its pressed copies. */
const NAME = /^[a-z][a-z-]{0,40}-[\w-]{8}\.js(\.br|\.gz)?$/;
const COLLECTION = 'widget_assets';
const log = logger('assets');

interface Kept {
  _id: string;
  bytes: Buffer;
  until: Date;
}

export interface KeptAssets {
  /** What lies in a folder is kept for another month. Files that are no assets are left out. */
  keep(folder: string): Promise<void>;
  /** The same, for now and then: where it does not work, it is said in the log. */
  keepOn(folder: string): Promise<void>;
  /** @throws when MongoDB is away */
  find(name: string): Promise<Buffer | undefined>;
}

export async function openKeptAssets({ connection }: Store, mostFiles = MOST_FILES): Promise<KeptAssets> {
  const files = connection.collection<Kept>(COLLECTION);
  await files.createIndex({ until: 1 }, { expireAfterSeconds: 0 });

  async function keep(folder: string): Promise<void> {
    const names = (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name));
    const until = new Date(Date.now() + KEPT_MS);
    await files.updateMany({ _id: { $in: names } }, { $set: { until } });
    const here = new Set(await files.distinct('_id', { _id: { $in: names } }));
    const missing = names.filter((name) => !here.has(name));
    const read = await Promise.all(
      missing.map(async (_id) => ({ _id, bytes: await readFile(join(folder, _id)), until })),
    );
    const small = read.filter(({ bytes }) => bytes.length <= MOST_BYTES);
    // Another gateway of the same build may have put it there meanwhile.
    await insertAbsent(connection, COLLECTION, small);
    const tooMany = files
      .find({}, { projection: { _id: 1 } })
      .sort({ until: -1 })
      .skip(mostFiles);
    const oldest = (await tooMany.toArray()).map(({ _id }) => _id);
    if (oldest.length > 0) await files.deleteMany({ _id: { $in: oldest } });
  }

  let known = new Set<string>();
  let lookedAt = -LOOK_EVERY_MS;
  let looking: Promise<void> | undefined;
  async function look(): Promise<void> {
    await sleep(Math.max(0, lookedAt + LOOK_EVERY_MS - performance.now()));
    lookedAt = performance.now();
    known = new Set(await files.distinct('_id', {}));
  }

  const inMemory = new Map<string, Promise<Buffer | undefined>>();
  async function read(name: string): Promise<Buffer | undefined> {
    const found = await files.findOne({ _id: name }, { promoteBuffers: true });
    return found?.bytes;
  }

  return {
    keep,
    keepOn: (folder) =>
      keep(folder).catch((err) =>
        log.warn(isStoreOutage(err) ? {} : { err }, 'The widget’s files could not be kept for pages that stay open.'),
      ),
    async find(name) {
      if (!NAME.test(name)) return undefined;
      if (!known.has(name)) {
        looking ??= look().finally(() => {
          looking = undefined;
        });
        await looking;
      }
      if (!known.has(name)) return undefined;
      const found = inMemory.get(name) ?? read(name);
      inMemory.delete(name);
      inMemory.set(name, found);
      found.then(
        (bytes) => bytes || inMemory.delete(name),
        () => inMemory.delete(name),
      );
      const [oldest] = inMemory.keys();
      if (inMemory.size > IN_MEMORY && oldest) inMemory.delete(oldest);
      return found;
    },
  };
}
